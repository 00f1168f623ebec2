"""Checking a model: every fault in one go, with line numbers, and its tables proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace

from xiangyun.kernel.dmn.circles import circles
from xiangyun.kernel.dmn.model import Box, Decision, FunctionBox, Knowledge, Model, TableBox
from xiangyun.kernel.dmn.proof import prove_table
from xiangyun.kernel.dmn.read import read_with_findings
from xiangyun.kernel.feel.budget import Spent
from xiangyun.kernel.feel.errors import FeelWarning
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.feel.types import ANY, Type
from xiangyun.kernel.findings import Finding, Place, Refused, Text


def check_model(
    text: str | bytes,
    file: str = "rules.dmn",
    *,
    imported: Iterable[Model] = (),
    functions: Iterable[str] = HOST_NAMES,
    implicit_inputs: bool = False,
) -> list[Finding]:
    """All findings about a DMN file; empty when there is nothing to say.

    Besides what cannot be read: decisions that depend on themselves, and for every decision table
    gaps, overlaps, disagreements, rows that can never decide, and values outside declared types.
    """
    return checked_model(
        text, file, imported=imported, functions=functions, implicit_inputs=implicit_inputs
    )[1]


def checked_model(
    text: str | bytes,
    file: str = "rules.dmn",
    *,
    imported: Iterable[Model] = (),
    functions: Iterable[str] = HOST_NAMES,
    implicit_inputs: bool = False,
) -> tuple[Model | None, list[Finding]]:
    """The model, None where there is an error, and all findings; the file is read once."""
    try:
        model, findings = read_with_findings(
            text, file, imported=imported, functions=functions, implicit_inputs=implicit_inputs
        )
    except Refused as refused:
        return None, refused.findings
    findings = [*findings, *_circles(model), *_proofs(model)]
    broken = any(finding.severity == "error" for finding in findings)
    return None if broken else model, findings


def _proofs(model: Model) -> Iterator[Finding]:
    for element in model.elements.values():
        if not isinstance(element, (Decision, Knowledge)) or element.box is None:
            continue
        known: dict[str, Type] = {
            model.elements[each.id].name: model.elements[each.id].type
            for each in element.requires
            if each.alias is None
        }
        for table, type_of in _tables(element.box, known):
            try:
                yield from prove_table(table, type_of, model.file, element.name)
            except Spent as spent:
                ended = FeelWarning("budget", spent.text).finding(model.file)
                yield replace(ended, place=Place(model.file, table.line))


def _tables(
    box: Box, known: Mapping[str, Type]
) -> Iterator[tuple[TableBox, Callable[[str], Type]]]:
    """Every table inside a box, with the types of the variables it sees."""
    if isinstance(box, FunctionBox):
        known = {**known, **{name: type_ or ANY for name, type_ in box.parameters}}
    if isinstance(box, TableBox):
        yield box, lambda name: known.get(name, ANY)
        return
    for each in fields(box):
        yield from _inside(getattr(box, each.name), known)


def _inside(
    part: object, known: Mapping[str, Type]
) -> Iterator[tuple[TableBox, Callable[[str], Type]]]:
    if isinstance(part, Box):
        yield from _tables(part, known)
    elif isinstance(part, tuple):
        for item in part:
            yield from _inside(item, known)


def _circles(model: Model) -> Iterator[Finding]:
    """Decisions and functions that require themselves by way of others."""
    ways = {
        element.id: [
            each.id
            for each in element.requires
            if each.alias is None and not (isinstance(element, Knowledge) and each.id == element.id)
        ]
        for element in model.elements.values()
        if isinstance(element, (Decision, Knowledge))
    }
    for ring in circles(ways):
        names = " → ".join(model.elements[each].name for each in (*ring, ring[0]))
        message = Text(
            "决策互相依赖成环：{names}", "Decisions require each other: {names}", names=names
        )
        yield Finding("dmn.E011", "error", message, Place(model.file, model.elements[ring[0]].line))
