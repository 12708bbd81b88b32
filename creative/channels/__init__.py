"""Limits, counting units and rules of ad placements, as dated data; checks return Findings."""
