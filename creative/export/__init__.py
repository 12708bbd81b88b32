"""Files for people and for ad platforms, written from approved drafts and read back."""
