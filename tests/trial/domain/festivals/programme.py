"""How the day of a festival is cut."""

PARTS = ("morning", "afternoon")
