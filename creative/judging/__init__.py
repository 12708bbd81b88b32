"""What blind votes say about lines; knows no pages and no storage."""
