"""The pages of the workbench."""

from . import case, filing, queue

__all__ = ["case", "filing", "queue"]
