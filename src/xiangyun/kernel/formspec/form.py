"""A form as a whole: its pages, what is visible, what was typed, and whether all is answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.formspec.answers import Attached, Given, Reading, Sent, read
from xiangyun.kernel.formspec.choices import OFFERED, offered
from xiangyun.kernel.formspec.faults import more_than_told, unknown_answer
from xiangyun.kernel.formspec.model import Page, Question
from xiangyun.kernel.formspec.visibility import visible

_UNKNOWN_TOLD = 20  # answers to questions that the form does not ask, told one by one


@dataclass(frozen=True, slots=True)
class Form:
    """A form as pages in the order they are asked; made by `read_form`."""

    id: str
    pages: tuple[Page, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    @property
    def sensitive(self) -> frozenset[str]:
        """The keys of the questions that are marked sensitive."""
        return frozenset(question.key for question in self.questions if question.sensitive)

    def question(self, key: str) -> Question:
        """The question with a key. Raises KeyError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def page(self, key: str) -> Page:
        """The page with a key. Raises KeyError."""
        for page in self.pages:
            if page.key == key:
                return page
        raise KeyError(key)

    def given(self, inputs: Mapping[str, Value]) -> Form:
        """The form as a task asks it: rows and options that its inputs name, and no others.

        `inputs`: of the task, as FEEL values. A list whose input is none has no rows, a choice no
        options.
        """
        asked = [inner for each in self.questions for inner in (each, *each.questions)]
        if not any({"given", OFFERED} & each.rules.more.keys() for each in asked):
            return self
        pages = (
            replace(
                page, questions=tuple(offered(_given(q, inputs), inputs) for q in page.questions)
            )
            for page in self.pages
        )
        return replace(self, pages=tuple(pages))

    def wording(self) -> tuple[str, ...]:
        """The keys of all words a translation needs, such as form.phone.label."""
        keys: list[str] = []
        for page in self.pages:
            if page.title is not page.questions[0].label:  # a stray question lends its label
                keys.append(f"page.{page.key}.title")
            for question in page.questions:
                keys.extend(_wording(question, f"form.{question.key}"))
        return tuple(keys)

    def read(
        self,
        page: Page | str | None,
        raw: Mapping[str, Sequence[str]],
        answers: Mapping[str, Value],
        *,
        files: Mapping[str, Sequence[Attached]] | None = None,
        known: Mapping[str, Value] | None = None,
        on: date | None = None,
    ) -> Reading:
        """What a person typed on a page (None: on all of them), with the answers so far.

        `raw` maps the names of fields to the texts sent; a field of row 0 of a list is named
        list.0.field. `files` are the files just attached; without any, those before stay. `known`
        are values from registers by key: they are taken, whatever was sent. `on` is the day of
        asking. Faults stand in `errors` by field name, what was typed in `typed`; the answer of a
        field with a fault is None.
        """
        if isinstance(page, str):
            page = self.page(page)
        asked = self.questions if page is None else page.questions
        sent = Sent(raw, files or {}, answers)
        return read(self.questions, asked, sent, {**answers, **(known or {})}, known or {}, on)


def visible_pages(form: Form, answers: Mapping[str, Value]) -> tuple[Page, ...]:
    """The pages to be walked with these answers, each with its visible questions only."""
    keys = submitted(form, answers).keys()
    pages = (
        Page(page.key, page.title, tuple(q for q in page.questions if q.key in keys))
        for page in form.pages
    )
    return tuple(page for page in pages if page.questions)


def with_computed(form: Form, answers: Mapping[str, Value]) -> dict[str, Value]:
    """Answers with what follows from them, whatever stood there."""
    now = submitted(form, answers)
    computed = {
        question.key
        for question in form.questions
        if question.computed or any(inner.computed for inner in question.questions)
    }
    return {**answers, **{key: now.get(key) for key in computed}}


def submitted(form: Form, answers: Mapping[str, Value]) -> dict[str, Value]:
    """What is submitted: the answers of visible questions, None where one was left empty."""
    return {question.key: value for question, value in visible(form.questions, answers)}


def from_json(
    form: Form,
    data: Mapping[str, object],
    *,
    known: Mapping[str, Value] | None = None,
    on: date | None = None,
) -> Reading:
    """Answers that come as JSON (an API, a stored case, an example): checked, as FEEL values.

    Dates are ISO strings. Unknown keys, wrong types and broken rules stand in `errors`; answers to
    hidden questions are left out.
    """
    reading = read(form.questions, form.questions, Given(data), {}, known or {}, on)
    keys = {question.key: None for question in form.questions}
    told = 0
    for key in data:
        if key in keys:
            continue
        reading.errors[key] = (
            unknown_answer(key, keys) if told < _UNKNOWN_TOLD else more_than_told(_UNKNOWN_TOLD)
        )
        if told == _UNKNOWN_TOLD:
            break
        told += 1
    return Reading(
        submitted(form, reading.answers), reading.errors, reading.typed, reading.warnings
    )


def check(
    form: Form,
    answers: Mapping[str, Value],
    *,
    known: Collection[str] = (),
    on: date | None = None,
) -> dict[str, Finding]:
    """All that keeps a whole submission from being sent, by field name; empty when it may be.

    The keys in `known` came from a register and are not for the citizen to correct.
    """
    given = {key: answers[key] for key in known if key in answers}
    return from_json(form, answers, known=given, on=on).errors


def doubts(
    form: Form, answers: Mapping[str, Value], *, known: Collection[str] = ()
) -> dict[str, Finding]:
    """What is taken as it is and may yet be a slip of the hand, by field name.

    What came from a register, the keys in `known`, is not for the citizen to doubt.
    """
    given = {key: answers[key] for key in known if key in answers}
    return from_json(form, answers, known=given).warnings


def _given(question: Question, inputs: Mapping[str, Value]) -> Question:
    """A question with the rows that a task gives for it."""
    cell = question.rules.more.get("given")
    if cell is None:
        return question
    rows = inputs.get(question.key)
    held = rows if isinstance(rows, list) else []
    named = (str(row[cell]) for row in held if isinstance(row, Mapping) and row.get(cell))
    names = tuple(dict.fromkeys(named))
    rules = replace(question.rules, given=names, rows_shown=len(names), rows_fixed=True)
    return replace(question, rules=rules)


def _wording(question: Question, prefix: str) -> Iterator[str]:
    yield f"{prefix}.label"
    if question.why:
        yield f"{prefix}.why"
    if question.rules.pattern_words:
        yield f"{prefix}.pattern"
    if "row" in question.rules.more:
        yield f"{prefix}.row"
    for number, _ in enumerate(question.before, start=1):
        yield f"{prefix}.before.{number}"
    for option in question.options:
        yield f"{prefix}.option.{option.value}"
    for inner in question.questions:
        yield from _wording(inner, f"{prefix}.{inner.key}")
