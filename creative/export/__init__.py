"""Files for people and for ad platforms, written from approved drafts and read back.

Files for people are safe to open in a spreadsheet; files for platforms carry every line exactly
as it was approved.  Knows no database and no limits of its own: counts come in with the ad.
"""
