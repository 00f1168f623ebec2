"""An inquiry's declaration as values: `inquiries/<code>.yaml` and `.dmn` of a pack, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xiangyun.kernel.dmn.model import Model
from xiangyun.kernel.findings import Place, Text


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever asks chooses: one of declared values, so that nobody searches for a figure."""

    name: str
    words: Text
    options: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class InquiryExample:
    """Records by input, what was chosen, the day; the answer and the row that gave it."""

    records: Mapping[str, Sequence[Mapping[str, Any]]]
    chosen: Mapping[str, str]
    on: date
    answer: bool
    row: str
    place: Place


@dataclass(frozen=True, eq=False)
class Inquiry:
    """A question: which registers it reads, what is chosen, and the table that answers.

    `reads`: registers by the inputs of the decision, each a list of records; `on` is the day.
    `decision`: a table of `model` of which one row fires, with one output, yes or no.
    """

    code: str
    name: Text
    asks: Text
    reads: Mapping[str, str]
    chosen: tuple[Asked, ...]
    decision: str
    model: Model
    examples: tuple[InquiryExample, ...]
    place: Place
