"""Open data: the catalogue and its tables, for people and for programs."""
