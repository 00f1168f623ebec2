"""Numbers that are counted without a gap: the next one of a series, a year and a place."""
