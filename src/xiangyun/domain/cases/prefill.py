"""What registers know of the one who applies: shown with source and date, and not asked.

A question says where its answer stands: `source: company.name`. Where several records of a register
are about the applicant, a director with three companies, none is taken by itself: the applicant
chooses, and may choose another until the application is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.states import State
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.record import OBJECTED, Register, as_seen

from . import objecting
from .models import Draft

SOURCE = objecting.SOURCE
"""Before the code of a register: under this name a draft keeps which record was chosen in it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value a register knows, so that it is shown and not asked."""

    value: Value
    source: Text
    on: date


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several records that fit: its key, and in words what it is."""

    key: str
    words: Text
    on: date


@dataclass(frozen=True, slots=True)
class RecordChoice:
    """Several records of a register fit: which one answers these questions?

    `chosen` is the key of one of them, empty until the applicant has chosen.
    """

    register: str
    name: Text
    candidates: tuple[Candidate, ...]
    questions: tuple[str, ...]
    chosen: str = ""

    @property
    def field(self) -> str:
        """The name under which the choice is sent and kept, which no question can have."""
        return f"{SOURCE}{self.register}"


@dataclass(frozen=True, slots=True)
class Prefill:
    """What is known of the answers, by question, and what there is to choose."""

    known: Mapping[str, Known]
    choices: tuple[RecordChoice, ...] = ()
    untold: Mapping[str, Finding] = field(default_factory=dict)
    """Questions that only a page of a record answers, such as what an objection is about."""

    @property
    def open(self) -> tuple[RecordChoice, ...]:
        """Where nobody has chosen yet: until then these questions have no answer."""
        return tuple(choice for choice in self.choices if not choice.chosen)

    @property
    def undecided(self) -> dict[str, Finding]:
        """The questions that wait for a choice, each with what is to be done."""
        return {
            question: to_choose(choice, question)
            for choice in self.open
            for question in choice.questions
        } | dict(self.untold)


def prefill(draft: Draft) -> Prefill:
    """What registers know of the answers of a draft.

    The platform reads them for whoever may write this draft: a desk files for citizens whose
    records it could not look up by itself. A register that does not allow the pack answers nothing.
    """
    sources = _sources(draft)
    if not sources:
        return Prefill({})
    pack = catalogue.service_of(draft.version_id)
    known: dict[str, Known] = {}
    choices: list[RecordChoice] = []
    untold: dict[str, Finding] = {}
    with acting_as(SYSTEM):
        about = registers.records_about(draft.owner, opened=True)
        declared = registers.declared(sources)
        for code, wanted in sources.items():
            if code == OBJECTED.code:
                told = objecting.told(draft, about)
                known |= {
                    question: Known(told.values[name], told.source, told.on)
                    for question, name in wanted.items()
                    if told and told.values.get(name)
                }
                untold |= {} if told else {key: objecting.untold(key) for key in wanted}
                continue
            register = declared.get(code)
            if register is None:
                known |= _undeclared(code, about, wanted)
                continue
            if not register.may_prefill(pack):
                continue
            held = {state.key: state for state in about if state.register == register.code}
            chosen = str(draft.answers.get(f"{SOURCE}{register.code}", ""))
            if len(held) > 1:
                choices.append(_choice(register, held, wanted, chosen))
            one = held.get(chosen) if len(held) > 1 else next(iter(held.values()), None)
            if one is not None:
                known |= _values(register, one, wanted)
    order = [question.key for question in catalogue.pack(draft.version_id).form.questions]
    return Prefill({key: known[key] for key in order if key in known}, tuple(choices), untold)


def _sources(draft: Draft) -> dict[str, dict[str, str]]:
    """By register: the field that answers each question."""
    found: dict[str, dict[str, str]] = {}
    for question in catalogue.pack(draft.version_id).form.questions:
        code, _, field = (question.source or "").partition(".")
        if field:
            found.setdefault(code, {})[question.key] = field
    return found


_BEFORE = {"person": "persons", "company": "companies"}
"""What a pack of before means by a source, on an instance where nobody has declared it yet."""


def _undeclared(code: str, about: Sequence[State], wanted: Mapping[str, str]) -> dict[str, Known]:
    """What a register holds that is only used, not declared: its record recorded last.

    An instance that is carried on has such ones until its packs are published anew, and drafts
    that were begun before are sent by them.
    """
    held = [state for state in about if state.register == _BEFORE.get(code, code)]
    data = held[-1].data or {} if held else {}
    return {
        question: Known(from_json(data[field]), Text.given(code, code), held[-1].recorded_on)
        for question, field in wanted.items()
        if data.get(field)
    }


def _values(register: Register, state: State, wanted: Mapping[str, str]) -> dict[str, Known]:
    data = as_seen(register, state.data or {})
    return {
        question: Known(data[field], register.name, state.recorded_on)
        for question, field in wanted.items()
        if data.get(field) is not None
    }


def _choice(
    register: Register, held: Mapping[str, State], wanted: Mapping[str, str], chosen: str
) -> RecordChoice:
    named = next((field.name for field in register.fields if field.searched == "name"), "")
    candidates = tuple(
        Candidate(key, _words(str((held[key].data or {}).get(named) or ""), key), state.recorded_on)
        for key, state in sorted(held.items())
    )
    known_key = chosen if chosen in held else ""
    return RecordChoice(register.code, register.name, candidates, tuple(wanted), known_key)


def _words(name: str, key: str) -> Text:
    if not name:
        return Text.given(key, key)
    return Text("{name}（{key}）", "{name} ({key})", name=name, key=key)


def to_choose(choice: RecordChoice, question: str) -> Finding:
    """The finding for a question whose answer stands in several records."""
    return Finding(
        "case.E040",
        "error",
        Text(
            "{register}里有 {count} 条您的记录，请选用其中一条。",
            "The {register} has {count} records of yours: please choose one.",
            register=choice.name,
            count=len(choice.candidates),
        ),
        Place(question=question),
        Text("选好以后，这几项不用再填。", "Once chosen, these questions are answered."),
    )


def no_candidate(code: str) -> Finding:
    """The finding for a record that is none of those to choose from."""
    return Finding(
        "case.E041",
        "error",
        Text(
            "不能选用库“{register}”的这条记录。",
            "This record of the register “{register}” cannot be chosen.",
            register=code,
        ),
        Place(question=f"{SOURCE}{code}"),
        Text("请从列出的记录中选一条。", "Choose one of the records that are listed."),
    )
