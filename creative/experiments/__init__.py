"""What the counts of a test say, and how sure it is; knows no pages, storage or platforms."""
