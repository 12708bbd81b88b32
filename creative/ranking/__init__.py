"""Which candidate to keep: likely, about this product, well filled, unlike the others."""
