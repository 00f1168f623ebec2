"""Everybody at once: rules as SQL over a snapshot of a register, without Django and its tables.

`population` makes up a snapshot, `snapshots` gives a real or a made-up one the columns that the
decisions of a pack ask for, `entitlements` says what every person of it is entitled to, `reforms`
compares two versions of the figures. All four give SQL as text; a port runs it (DuckDB, Spark).
"""
