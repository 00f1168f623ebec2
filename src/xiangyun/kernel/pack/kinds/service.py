"""A service: `service.yaml`, process, rules, form, figures, certificate, words, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.booked import check_booked
from xiangyun.kernel.pack.casenumbers import check_case_numbers
from xiangyun.kernel.pack.certificatetypes import check_accepted
from xiangyun.kernel.pack.check import (
    another_code,
    check_service,
    is_service_file,
    rehearse_service,
)
from xiangyun.kernel.pack.connectors import check_calls
from xiangyun.kernel.pack.evidence import check_evidence
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.connector import connectors_in
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.requirement import KIND as REQUIREMENT
from xiangyun.kernel.pack.kinds.requirement import requirements_in
from xiangyun.kernel.pack.kinds.resource import KIND as RESOURCE
from xiangyun.kernel.pack.kinds.resource import resources_in
from xiangyun.kernel.pack.kinds.role import LEVELS, check_roles, line_of
from xiangyun.kernel.pack.openedcases import check_opened
from xiangyun.kernel.pack.placedtasks import roles_below
from xiangyun.kernel.pack.recomputed import check_recomputed
from xiangyun.kernel.pack.registers import FORM, check_registers
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.service.certificate import FILE as CERTIFICATE
from xiangyun.kernel.service.reader import FILE

_SIGNS = (
    "process.bpmn",
    "processes/*.bpmn",
    "rules.dmn",
    "parameters.yaml",
    "form.json",
    "forms/*.json",
    "certificate.yaml",
    "examples/*.yaml",
)


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    sources, findings = check_service(files)
    for finding in findings:
        report(finding)
    item = sources.service
    if item is None:
        return []
    for finding in another_code(item.code, pack, files.get(FILE, "")):
        report(finding)
    # A pack that lies in no folder of packs is the one that it says it is; earlier with a dot.
    code = pack or item.code.replace(".", "/")
    return [Declaration(KIND.name, code, pack, item.name, files, sources, Place(FILE))]


_LEVELS = dict(zip("23456", LEVELS, strict=True))
"""Where the cases lie, by the level that decides (GB/T 39554); those of the country anywhere."""


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    item = declaration.value.service
    if item is not None:
        circle, certificate = item.circle, declaration.value.certificate
        placed = roles_below(item, declaration.value.processes)
        named = [
            (FILE, "roles", item.roles),
            (FILE, "team", circle.team),
            (FILE, "overseers", circle.overseers),
            (CERTIFICATE, "ended_by", certificate.ended_by if certificate else ()),
        ]
        for file, key, roles in named:
            at = line_of(declaration.files.get(file, ""), file, key)
            below = placed if key == "roles" else frozenset()
            for level, some in (
                (_LEVELS.get(item.level, ""), [each for each in roles if each not in below]),
                ("", [each for each in roles if each in below]),
            ):
                yield from check_roles(
                    some,
                    known,
                    dict.fromkeys(some, at),
                    department_key=item.department,
                    level=level,
                )
    services = {each.code: each.value for each in known.all(KIND.name).values()}
    if item is not None:
        yield from check_case_numbers(declaration.code, item, services)
        if known.judges(KIND.name):
            yield from check_accepted(item, services, declaration.files.get(FILE, ""))
    yield from check_opened(declaration.value.processes, services, whole=known.judges(KIND.name))
    yield from check_calls(
        declaration.value.processes, declaration.code, connectors_in(known), whole=known.whole
    )
    yield from check_evidence(
        declaration.value.processes,
        declaration.code,
        requirements_in(known),
        whole=known.judges(REQUIREMENT.name),
    )
    yield from check_booked(
        declaration.value.processes, resources_in(known), whole=known.judges(RESOURCE.name)
    )
    yield from check_registers(
        declaration.value,
        declaration.code,
        declaration.files.get(FORM, ""),
        registers_in(known),
        whole=known.whole,
    )
    yield from check_recomputed(
        declaration.value.population, declaration.code, registers_in(known), whole=known.whole
    )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    pack = replace(
        declaration.value.pack(),
        connectors=connectors_in(known),
        requirements=requirements_in(known),
        resources=resources_in(known),
    )
    yield from rehearse_service(pack, registers_in(known))


KIND = Kind(
    "service",
    Text("事项", "service"),
    (FILE,),
    is_service_file,
    _read,
    _fits,
    _rehearse,
    signs=_SIGNS,
    referred=False,
)
