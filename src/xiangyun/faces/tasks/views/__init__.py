"""The pages of tasks, by what they show."""

from . import files, form, offline, sign

__all__ = ["files", "form", "offline", "sign"]
