"""Use cases by noun: what a page or a command can ask of the studio."""
