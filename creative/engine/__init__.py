"""Text in, text out: a causal language model behind a narrow protocol; knows no ads."""
