"""What a decision gives back: its value, the rows that fired, and why parts of it are null."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiangyun.kernel.feel.errors import FeelWarning
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class Fired:
    """A row that matched: its number from 1, its annotations, conditions and outputs.

    The annotation column `basis` holds the legal basis, `text` and `text_en` the wording.
    """

    row: int
    row_id: str
    annotations: dict[str, str]
    conditions: tuple[str, ...]
    outputs: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Traced:
    """How one decision came out: what went in, which rows fired (with their legal basis)."""

    decision_id: str
    name: str
    kind: str
    inputs: dict[str, Value]
    fired: tuple[Fired, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision's value, how it and those it requires came out, and why parts are null."""

    value: Value
    trace: tuple[Traced, ...]
    warnings: tuple[FeelWarning, ...]

    @property
    def ended(self) -> FeelWarning | None:
        """Why there is no decision: the evaluation used up its budget. None where there is one."""
        last = self.warnings[-1] if self.warnings else None
        return last if last is not None and last.reason == "budget" else None


def annotated(annotations: Mapping[str, str], name: str = "text") -> Text:
    """The words of a row for people: `text`, `text_en`, and `text_ko` and the like, or of another
    annotation that is written so."""
    words = {
        key.removeprefix(f"{name}_").replace("_", "-"): said
        for key, said in annotations.items()
        if key.startswith(f"{name}_")
    }
    text = annotations.get(name, "")
    return Text.given(text, words.pop("en", "") or text, words)
