"""How the predictor of responses is made: its data, its training and its card."""
