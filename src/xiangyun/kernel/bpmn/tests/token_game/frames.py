"""What a configuration of the token game is made of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Frame:
    """Something under way: the case, an activity, the instances of a loop, an undoing, a wait."""

    kind: str  # scope, task, loop, undo, wait, stuck
    node: str
    up: Frame | None
    number: int
    inner: list[Frame] = field(default_factory=list)
    moving: list[tuple[str, str]] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    ears: list[Ear] = field(default_factory=list)
    todo: list[str] = field(default_factory=list)
    done: int = 0
    interrupted: bool = False
    cancels: bool = False


@dataclass
class Ear:
    """An event listened for, and how often it can still come (-1: always)."""

    event: str
    number: int
    left: int


@dataclass
class Done:
    """A completed activity that can be undone."""

    scope: Frame
    activity: str
    by: str
