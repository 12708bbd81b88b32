"""The studio itself: ad copy drafted, constrained, judged and exported; knows no web page and no database."""
