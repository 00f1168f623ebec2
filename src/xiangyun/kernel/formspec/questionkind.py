"""The declaration of a kind of question: all that the platform knows of a form component.

A kind is one module of `kinds` with a `KIND`, and one template of the look with the same name. The
reader, both ways in, the pages, the summaries, the interface and the reference read it from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.properties import Property

Shown = Value | list[Text | str] | Text
FILL_IN = Text("请填写", "Please fill in")


def _in_order(question: Question, value: Value, on: date | None) -> Finding | None:
    """For a kind whose every value of the right type will do."""
    return None


def _no_hint(question: Question) -> Text | None:
    return None


def _as_it_is(question: Question, value: Value) -> Shown:
    return value


def _as_written(value: Value) -> str:
    return str(value)


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A kind of question, by the `type` that a form-js component has.

    - `title`, `about`, `answer`: what it is called, what it asks, what an answer is in FEEL; each
      in both languages, for the reference;
    - `example`: an answer as JSON, shown to whoever sends another type;
    - `typed`: the value of what a browser sent for the field, None when it was left empty;
    - `given`: the value of what JSON holds, or of the FEEL value that it became; never None;
    - `judge`: the first rule that an answer breaks; `on` is the day of asking;
    - `words`: an answer as it is shown; `retyped`: as a person would have typed it;
    - `properties`: the members that act on answers; `refused`: those of form-js that do not act
      here and would change what the form means, with what to use instead; `noted`: those that mean
      something else here, and what; `looks`: those that only change how form-js shows it;
    - `ask`: the words before the label when nothing was answered; `hint`: what stands by the field;
    - `chooses`: it has options; `several`: its answer is a list; `label_members`: where its label
      stands; `key_member`: where its key stands; `in_rows`: it may be asked in the rows of a list.
    """

    name: str
    title: Text
    about: Text
    answer: Text
    example: str
    typed: Callable[[Question, Sequence[str]], Value | Finding]
    given: Callable[[Question, object], Value | Finding]
    judge: Callable[[Question, Value, date | None], Finding | None] = _in_order
    words: Callable[[Question, Value], Shown] = _as_it_is
    retyped: Callable[[Value], str] = _as_written
    properties: tuple[Property, ...] = ()
    refused: Mapping[str, Text] = field(default_factory=dict)
    noted: Mapping[str, Text] = field(default_factory=dict)
    looks: frozenset[str] = frozenset()
    ask: Text = FILL_IN
    hint: Callable[[Question], Text | None] = _no_hint
    chooses: bool = False
    several: bool = False
    label_members: tuple[str, ...] = ("label",)
    key_member: str = "key"
    in_rows: bool = True
