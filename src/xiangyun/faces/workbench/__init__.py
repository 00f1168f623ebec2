"""The workbench: the queue of an office, one case with its reasons, and what may be done now."""
