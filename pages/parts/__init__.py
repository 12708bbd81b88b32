"""What pages share: the studio, failures in words, draft cards, choices, session keys."""
