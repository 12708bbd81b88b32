"""Click and conversion models for tables of impressions or users."""
