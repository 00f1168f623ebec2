"""The pages of tasks, by what they show."""

from . import files, form, offline

__all__ = ["files", "form", "offline"]
