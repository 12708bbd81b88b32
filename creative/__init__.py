"""The studio itself: ad copy drafted, constrained, judged and exported.

Knows no web page and no database.
"""
