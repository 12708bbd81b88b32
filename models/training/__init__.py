"""How the starter model is made: its corpus, its tokenizer and its training."""
