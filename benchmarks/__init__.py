"""Measurements, each against a named rival in the same run; every script prints one JSON line."""
