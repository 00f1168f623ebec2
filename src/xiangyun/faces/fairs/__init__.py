"""Fairs: the plan for everybody, one's own interviews, and the desk where people arrive."""
