"""demonstration.yaml of a folder of packs: the fictitious people, records and story of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from xiangyun.adapters import packs
from xiangyun.kernel.codes import division
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.yamltext import Node, read_yaml

FILE = "demonstration.yaml"
KINDS = ("person", "company", "official")


@dataclass(frozen=True, slots=True)
class Figure:
    """One fictitious account. `mandates`: (role, division, desk)."""

    login: str
    name: str
    kind: str
    id_number: str = ""
    mobile: str = ""
    division: int | None = None
    mandates: tuple[tuple[str, int, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PartyRegister:
    """The register that knows each person, or each company, by its code, and since when."""

    name: str
    source: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record that stands in a register beforehand.

    `office_of`: a service whose office in the division is the record's `authority`; may be empty.
    """

    register: str
    key: str
    division: int
    source: str
    recorded_on: date
    office_of: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """How records of one register are made up; see `madeup`.

    `number` and the values of `data` are values as they stand, or formulas. `entered`: whether the
    demonstration enters those of its own place; the others are only written by `make-up`. `loaded`:
    it loads those of the whole province, in one go.
    """

    register: str
    level: int
    number: Value | Formula
    when: Formula | None
    source: str
    recorded_on: date
    data: Mapping[str, Value | Formula]
    entered: bool = True
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class StoryStep:
    """Who does what after the application was sent: an official's action, or changed answers."""

    by: str
    words: Text
    action: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryFile:
    """A file that answers a question."""

    question: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """A value that nobody has yet: `stem` and a numeral that the register does not know."""

    register: str
    field: str
    stem: str


@dataclass(frozen=True, slots=True)
class Story:
    """One application, from the guide to the archive. Answers are as in JSON."""

    service: str
    title: Text
    applicant: str
    answers: Mapping[str, Any]
    files: tuple[StoryFile, ...]
    fresh: Fresh | None
    steps: tuple[StoryStep, ...]
    departments: Text
    altered: tuple[str, str]
    stars: int
    praise: str


@dataclass(frozen=True, slots=True)
class Between:
    """An application that is filed in one province and decided in another.

    `example`: of the service, whose answers are given; `here`, `there`: the two organisations;
    `takes`, `decides`: login and action of the officials on each side.
    """

    service: str
    example: str
    applicant: str
    here: str
    there: str
    takes: tuple[str, str]
    decides: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What all folders of packs bring for the demonstration; `story` is the first that is told.

    `person_register` and `company_register`: the registers that hold each person and each company;
    None where nobody says so. `made_up_in`: the division that `xiangyun demo` fills with made-up
    records; 0 for none.
    """

    divisions: Mapping[str, int]
    """By the names that the files give them."""
    people: tuple[Figure, ...]
    records: tuple[KnownRecord, ...]
    made_up: tuple[MadeUp, ...]
    made_up_in: int
    person_register: PartyRegister | None
    company_register: PartyRegister | None
    story: Story | None
    between: Between | None = None


@cache
def demonstration() -> Demonstration:
    """Everything, the shipped folder first. Raises `Refused` with all that is wrong."""
    findings: list[Finding] = []
    found = [
        _read(root, findings)
        for path in (folder / FILE for folder in packs.folders())
        if path.is_file() and (root := read_yaml(_text(path), path.as_posix(), findings.append))
    ]
    if findings:
        raise Refused(findings)
    return Demonstration(
        {name: code for each in found for name, code in each.divisions.items()},
        tuple(person for each in found for person in each.people),
        tuple(record for each in found for record in each.records),
        tuple(one for each in found for one in each.made_up),
        next((each.made_up_in for each in found if each.made_up_in), 0),
        next((each.person_register for each in found if each.person_register), None),
        next((each.company_register for each in found if each.company_register), None),
        next((each.story for each in found if each.story), None),
        next((each.between for each in found if each.between), None),
    )


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def _read(root: Node, findings: list[Finding]) -> Demonstration:
    f = Fields(root, findings.append)
    places = _Places(f.section("divisions", required=False))
    people = tuple(_people(f, places))
    person, company = (
        _party_register(section) if section else None
        for section in (
            f.section("person_register", required=False),
            f.section("company_register", required=False),
        )
    )
    records = tuple(_record(each, places) for each in _each(f, "records"))
    made_up = tuple(_made_up(each) for each in _each(f, "made_up"))
    filled = places.of(f, "made_up_in") if f.has("made_up_in") else 0
    story = f.section("story", required=False)
    told = _story(story) if story else None
    two = f.section("two_provinces", required=False)
    between = _between(two) if two else None
    f.done()
    return Demonstration(
        places.numbers(), people, records, made_up, filled, person, company, told, between
    )


def _party_register(r: Fields) -> PartyRegister:
    found = PartyRegister(r.string("name"), r.string("source"), r.day("recorded_on") or date.min)
    r.done()
    return found


def _each(f: Fields, key: str) -> Iterator[Fields]:
    for node in f.each(key, required=False):
        yield Fields(node, f.report, key)


class _Places:
    """Divisions by the names that the file gives them, or by their codes."""

    def __init__(self, section: Fields | None) -> None:
        self.codes = {key: str(node.value) for key, node in section.node.items()} if section else {}

    def numbers(self) -> dict[str, int]:
        return {name: int(code) for name, code in self.codes.items() if not division.problem(code)}

    def of(self, f: Fields, key: str = "division") -> int:
        name = f.string(key)
        code = self.codes.get(name, name)
        if name and division.problem(code):
            what = Text("区划", "division")
            f.report(unknown("pack.E006", what, name, self.codes, f.place(key)))
            return 0
        return int(code or 0)


def _people(f: Fields, places: _Places) -> Iterator[Figure]:
    known: set[str] = set()
    for each in _each(f, "people"):
        at = each.place("login")
        found = _person(each, places)
        if found.login in known:
            f.report(_twice(found.login, at))
        known.add(found.login)
        yield found


def _twice(login: str, at: Place) -> Finding:
    return fault(
        "pack.E003",
        Text("登录名“{login}”写了两次。", "The login “{login}” is written twice.", login=login),
        at,
        Text(
            "两个人各用一个登录名；同一个人的任职写在一处。",
            "Give each of two people a login; put the mandates of one person in one place.",
        ),
    )


def _person(p: Fields, places: _Places) -> Figure:
    found = Figure(
        login=p.string("login"),
        name=p.string("name"),
        kind=p.one_of("kind", KINDS),
        id_number=p.string("id_number", required=False),
        mobile=p.string("mobile", required=False),
        division=places.of(p),
        mandates=tuple(
            (role, at, desk)
            for m in _each(p, "mandates")
            for roles, at, desk in [_mandate(m, places)]
            for role in roles
        ),
    )
    p.done()
    return found


def _mandate(m: Fields, places: _Places) -> tuple[tuple[str, ...], int, str]:
    found = (m.strings("roles"), places.of(m), m.string("desk"))
    m.done()
    return found


def _record(r: Fields, places: _Places) -> KnownRecord:
    found = KnownRecord(
        r.string("register"),
        r.string("key"),
        places.of(r),
        r.string("source"),
        r.day("recorded_on") or date.min,
        r.string("office_of", required=False),
        _data(r, "data"),
    )
    r.done()
    return found


def _made_up(m: Fields) -> MadeUp:
    when = m.take("when", required=False)
    number = m.take("number", required=False)
    data = m.section("data")
    found = MadeUp(
        m.string("register"),
        whole(m, "level"),
        _formula_or_value(number, m) if number else Decimal(1),
        node_formula(when, m.report) if when else None,
        m.string("source"),
        m.day("recorded_on") or date.min,
        {key: _formula_or_value(node, m) for key, node in data.node.items()} if data else {},
        m.boolean("entered", default=True),
        m.boolean("loaded", default=False),
    )
    m.done()
    return found


def _formula_or_value(node: Node, f: Fields) -> Value | Formula:
    if isinstance(node.value, str) and node.value.startswith("="):
        return node_formula(node, f.report)
    return from_json(_json(node.plain()))


def _between(s: Fields) -> Between:
    takes, decides = (
        (each.string("by"), each.string("action")) if each else ("", "")
        for each in (s.section("takes"), s.section("decides"))
    )
    found = Between(
        s.string("service"),
        s.string("example"),
        s.string("applicant"),
        s.string("here"),
        s.string("there"),
        takes,
        decides,
    )
    s.done()
    return found


def _story(s: Fields) -> Story:
    fresh, altered, rating = s.section("fresh", False), s.section("altered"), s.section("rating")
    found = Story(
        service=s.string("service"),
        title=s.words("title"),
        applicant=s.string("applicant"),
        answers=_data(s, "answers"),
        files=tuple(
            StoryFile(f.string("question"), f.string("name"), f.string("text"))
            for f in _each(s, "files")
        ),
        fresh=Fresh(fresh.string("register"), fresh.string("field"), fresh.string("stem"))
        if fresh
        else None,
        steps=tuple(_step(each) for each in _each(s, "steps")),
        departments=s.words("departments"),
        altered=(altered.string("old"), altered.string("new")) if altered else ("", ""),
        stars=int(rating.number("stars")) if rating else 5,
        praise=rating.string("words") if rating else "",
    )
    s.done()
    return found


def _step(s: Fields) -> StoryStep:
    answers = _data(s, "answers") if s.has("answers") else {}
    found = StoryStep(s.string("by"), s.words("words"), s.string("action", not answers), answers)
    s.done()
    return found


def _data(f: Fields, key: str) -> Mapping[str, Any]:
    """A mapping as JSON has it."""
    section = f.section(key)
    return {name: _json(node.plain()) for name, node in section.node.items()} if section else {}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, list):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value
