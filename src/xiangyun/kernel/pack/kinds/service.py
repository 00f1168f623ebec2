"""A service: `service.yaml`, process, rules, form, figures, certificate, words, examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.check import (
    another_code,
    check_service,
    is_service_file,
    rehearse_service,
)
from xiangyun.kernel.pack.kind import Declaration, Kind, Known
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.pack.kinds.role import check_roles, roles_in
from xiangyun.kernel.pack.openedcases import check_opened
from xiangyun.kernel.pack.registers import FORM, check_registers
from xiangyun.kernel.packfile.yamltext import Report
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


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    item = declaration.value.service
    if item is not None:
        lines = enumerate(declaration.files.get(FILE, "").splitlines(), 1)
        starts = {line.partition(":")[0]: number for number, line in reversed([*lines])}
        named = {"roles": item.roles, "team": item.circle.team, "overseers": item.circle.overseers}
        for key, roles in named.items():
            places = dict.fromkeys(roles, Place(FILE, starts.get(key, 0)))
            yield from check_roles(roles, roles_in(known), places)
    services = {each.code: each.value for each in known.all(KIND.name).values()}
    yield from check_opened(declaration.value.processes, services, whole=known.judges(KIND.name))
    yield from check_registers(
        declaration.value,
        declaration.code,
        declaration.files.get(FORM, ""),
        registers_in(known),
        whole=known.whole,
    )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    yield from rehearse_service(declaration.value.pack(), registers_in(known))


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
