"""The tables of the reference that are written from declarations: `make reference` puts them there.

A table stands between `<!-- declared: name -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.reference import reference
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.record import TYPES
from xiangyun.kernel.service import headers
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.tasks import service_types
from xiangyun.manifest import verbs

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table as it stands in a document."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        "|" + "|".join(cell if cell == "---" else f" {cell} " for cell in line) + "|"
        for line in lines
    )


def of_headers(declared: Iterable[Header]) -> str:
    return table(("Header", "Meaning"), ((f"`{each.name}`", _said(each)) for each in declared))


def _said(header: Header) -> str:
    meaning = header.meaning.en
    return meaning if header.required else f"{meaning}; may be absent"


def of_service_tasks() -> str:
    return table(
        ("Type", "What it does", "Headers", "Inputs", "Result"),
        (
            (
                f"`{each.name}`",
                each.does.en,
                "; ".join(f"`{one.name}`: {_said(one)}" for one in each.headers),
                _inputs(each),
                _results(each),
            )
            for each in service_types().values()
        ),
    )


def _inputs(type_: ServiceType) -> str:
    said = [f"`{one.name}`: {one.meaning.en}{_may(one)}" for one in type_.inputs]
    if type_.other_inputs is not None:
        said.append(f"all {'others' if said else 'of them'} {type_.other_inputs.en}")
    return "; ".join(said)


def _may(argument: Argument) -> str:
    return "" if argument.required else "; may be absent"


def _results(type_: ServiceType) -> str:
    def named(result: Result) -> str:
        return f"`{result.name}` ({result.kind}): {result.meaning.en}"

    said = "; ".join(map(named, type_.results))
    return f"{said}; comes later" if type_.later else said


def of_verbs() -> str:
    return table(
        ("Verb", "In the history", "在办件记录中"),
        ((f"`{each.id}`", _marked(each), each.words.template[0]) for each in _sorted()),
    )


def _sorted() -> list[Verb]:
    return sorted(verbs().values(), key=lambda verb: verb.id)


def _marked(verb: Verb) -> str:
    words = verb.words.template[1]
    return f"**{words}**" if verb.grave else words


def of_value_types() -> str:
    return table(
        ("Type", "Meaning", "Example", "`searched`", "Settings"),
        (
            (
                f"`{each.name}`",
                each.meaning.en,
                f"`{each.example}`",
                _named(each.searched),
                _named(each.settings),
            )
            for each in TYPES.values()
        ),
    )


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def of_formats() -> str:
    return table(
        ("Format", "Meaning", "Example"),
        ((f"`{name}`", each.about.en, f"`{each.example}`") for name, each in FORMATS.items()),
    )


def of_questions() -> str:
    return reference().rstrip("\n")


TABLES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("forms.md", "kinds of questions"): of_questions,
    ("packs.md", "user tasks"): lambda: of_headers(headers.OF_USER_TASKS),
    ("packs.md", "service tasks"): of_service_tasks,
    ("journal.md", "verbs"): of_verbs,
    ("registers.md", "value types"): of_value_types,
    ("registers.md", "formats"): of_formats,
}
"""What writes each table, by its page and its name."""


def with_table(text: str, name: str, made: str) -> str:
    """A page with its table of this name. Raises ValueError where the page has no place for it."""
    place = re.compile(rf"(<!-- declared: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not place.search(text):
        raise ValueError(f"no place for {name}")
    return place.sub(lambda found: f"{found[1]}{made}\n{found[2]}", text)


if __name__ == "__main__":
    for (page, name), make in TABLES.items():
        file = REFERENCE / page
        file.write_text(with_table(file.read_text("utf-8"), name, make()), encoding="utf-8")
