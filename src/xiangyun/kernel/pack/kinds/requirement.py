"""`requirements/<code>.yaml`: what has to be proved once, by which evidence, from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.connector.requirement import Requirement, read_requirement, ungiven, unreached
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.packfile.laws import note_unverified
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

FILES = "requirements/*.yaml"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    for path, text in sorted(files.items()):
        root = read_yaml(text, path, report) if KIND.owns(path) else None
        if root is None:
            continue
        requirement = read_requirement(root, report)
        for each in note_unverified(text, path):
            report(each)
        if requirement.code:
            place = Place(path, requirement.place.line)
            found.append(
                Declaration(
                    KIND.name,
                    requirement.code,
                    pack,
                    requirement.words,
                    {path: text},
                    requirement,
                    place,
                )
            )
    return found


def requirements_in(known: Known) -> Mapping[str, Requirement]:
    """The requirements that are known, by their codes."""
    return {code: each.value for code, each in known.all(KIND.name).items()}


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """Each provider can be asked: its connector sends the message and has a right for it."""
    own: Requirement = declaration.value
    connectors, services = connectors_in(known), known.all("service")
    (file, *_) = declaration.files
    if (nobody := ungiven(own)) is not None:
        yield nobody
    for code in own.services:
        if code not in services and known.judges("service"):
            kind = Text("事项", "service")
            yield unknown("pack.E564", kind, code, services, Place(file, own.place.line))
    for evidence in own.evidence:
        for provider in evidence.providers:
            connector = connectors.get(provider.connector)
            if connector is None:
                if known.judges("connector"):
                    kind = Text("连接器", "connector")
                    place = Place(file, provider.place.line)
                    yield unknown("pack.E561", kind, provider.connector, connectors, place)
            elif (problem := unreached(provider, connector)) is not None:
                yield problem


KIND = Kind("requirement", Text("一次提供", "once only"), (FILES,), globs(FILES), _read, _fits)
