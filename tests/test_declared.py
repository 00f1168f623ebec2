"""What is declared once is documented as it is declared: headers, service tasks, verbs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from xiangyun import manifest
from xiangyun.kernel.ledger.verb import Verb
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


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("packs.md", of_headers(headers.OF_USER_TASKS)),
        ("packs.md", of_service_tasks()),
        ("journal.md", of_verbs()),
    ],
    ids=["user tasks", "service tasks", "verbs"],
)
def test_the_reference_says_what_is_declared(page: str, expected: str) -> None:
    assert expected in (REFERENCE / page).read_text("utf-8"), expected


def test_every_property_of_an_element_is_documented() -> None:
    text = (REFERENCE / "packs.md").read_text("utf-8")
    declared = (headers.CLOCK, headers.PAUSE, headers.STAGE, headers.MINUTES, headers.OUTCOME)
    assert not [each.name for each in declared if f"`{each.name}`" not in text]
    values = [value for each in declared for value in each.values]
    assert not [value for value in values if f"`{value}`" not in text and value not in text]


def test_every_verb_that_code_writes_is_declared() -> None:
    source = Path(manifest.__file__).parent
    written = {
        found
        for path in source.rglob("*.py")
        if "tests" not in path.parts
        for found in re.findall(
            r"""(?:\b(?:record|record_platform|note|_record)\(\s*|\bverb=)"([a-z]+\.[a-z_]+)\"""",
            path.read_text("utf-8"),
        )
    }
    assert written
    assert written <= verbs().keys()
