"""Reports of ad platforms read as they are: every row right, or refused with line and reason.

Knows no database, no briefs and no lines of ours: matching results to lines comes later.
"""
