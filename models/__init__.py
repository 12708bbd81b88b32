"""Models that ship with the studio."""
