"""Headers of a task (zeebe:taskHeaders) that hold a comma list: actions, shows, not_by."""

from __future__ import annotations

from collections.abc import Mapping


def listed(headers: Mapping[str, str], name: str) -> list[str]:
    """The entries of a header in their order; none where the task has no such header."""
    return words_in(headers.get(name, ""))


def words_in(text: str) -> list[str]:
    """The words between commas."""
    return [word for part in text.split(",") if (word := part.strip())]
