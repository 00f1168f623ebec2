"""Xiangyun (祥云): an open digital-government platform; see docs/explanation/the-house.md."""

__version__ = "0.1.0"
