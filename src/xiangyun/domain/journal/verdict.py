"""What a check of a document answers, the same for certificates and for receipts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger import canonical

Answer = Literal["valid", "revoked", "altered", "unknown"]


class Step(NamedTuple):
    """One thing checked: what, and whether it passed; None when it was not checked."""

    text: Text
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the same in one sentence, the steps to it, and what the document says.

    `revoked` means no longer in force for whatever reason: revoked, suspended, replaced, expired.
    `unknown` means that this platform did not issue it as far as we can see: no such record, a
    key that is not trusted, or (with `kind` None) a file that is no document of ours at all.
    """

    answer: Answer
    headline: Text
    steps: tuple[Step, ...] = ()
    kind: Literal["certificate", "receipt"] | None = None
    content: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The verdict for programs: texts as {zh, en}, passed as true, false or null."""
        return {
            "answer": self.answer,
            "headline": {"zh": self.headline.zh, "en": self.headline.en},
            "kind": self.kind,
            "steps": [
                {"zh": step.text.zh, "en": step.text.en, "passed": step.passed}
                for step in self.steps
            ],
            "content": dict(self.content),
        }


def read_json(text: str) -> object:
    """A JSON text that says one thing only, so that its canonical form exists.

    Raises ValueError for any other: a key given twice, a float, half a character. Two readers
    could take two different values for the truth.
    """
    try:
        value: object = json.loads(text, object_pairs_hook=_once)
        canonical(value)
    except (RecursionError, Refused) as fault:
        raise ValueError(str(fault)) from None
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result
