"""The functions that the host of a pack gives to every expression, by their names.

What they do needs the office's calendar, so they are made in `pack.variables`; a parser needs only
to know that these words are one name.
"""

HOST_NAMES = (
    "working days after",
    "working days between",
    "working hours after",
    "next time",
    "money",
    "money in words",
)
