"""How good the shipped predictor of responses is."""
