"""The service of a pack: read, checked by itself, rehearsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from xiangyun.kernel.bpmn import check_extensions
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.booked import own_resources
from xiangyun.kernel.pack.clocks import check_clocks
from xiangyun.kernel.pack.connectors import FOLDER, own_connectors
from xiangyun.kernel.pack.evidence import own_requirements
from xiangyun.kernel.pack.fees import check_fees
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.outcome import Rehearsal
from xiangyun.kernel.pack.populations import check_population
from xiangyun.kernel.pack.reader import (
    OPTIONAL,
    PROCESS,
    REQUIRED,
    RULES,
    PackSources,
    is_called_file,
    language_of,
    read_sources,
)
from xiangyun.kernel.pack.references import check_references
from xiangyun.kernel.pack.rehearsal import rehearse
from xiangyun.kernel.pack.samples import check_samples, nothing_to_show
from xiangyun.kernel.pack.sensitive import check_sensitive
from xiangyun.kernel.pack.tables import check_tables, rules_of
from xiangyun.kernel.pack.whichcase import check_which_case
from xiangyun.kernel.pack.wording import check_wording
from xiangyun.kernel.packfile import laws, parameters
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.record import Register
from xiangyun.kernel.service import certificate
from xiangyun.kernel.service import reader as service
from xiangyun.kernel.service.papers import name_of
from xiangyun.kernel.service.ruling import fired_rows


def read_pack(files: Mapping[str, str]) -> Pack:
    """A pack from its files by relative path, with the connectors that stand beside it.

    Raises Refused with all errors; rehearses nothing.
    """
    sources, findings = _read({path: files[path] for path in files if is_service_file(path)})
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise Refused(errors)
    pack = sources.pack()
    resources = own_resources(files, pack.code.replace(".", "/"))
    return replace(
        pack,
        connectors=own_connectors(files),
        requirements=own_requirements(files),
        resources=resources,
    )


def published_pack(files: Mapping[str, str]) -> Pack:
    """A pack that was published before, as cases live by it: read again, not judged again.

    What a later version of the platform finds wrong in it stops no case that runs. Raises Refused
    only where a file cannot be read at all.
    """
    findings: list[Finding] = []
    sources = read_sources(files, findings.append)
    try:
        return sources.pack()
    except ValueError as error:
        raise Refused(findings) from error


def check_service(files: Mapping[str, str]) -> tuple[PackSources, list[Finding]]:
    """What could be read of a service, and all that is to be said of its files by themselves."""
    sources, findings = _read(files)
    for path in (service.FILE, parameters.FILE, RULES, certificate.FILE):
        findings += laws.note_unverified(sources.files.get(path, ""), path)
    return sources, findings


OTHER_CODE = "pack.E035"


def another_code(code: str, path: str, text: str) -> Iterator[Finding]:
    """A code that is not the path: two packs could have one, and nobody would find the other.

    `path`: area/name, empty where nobody knows it; `text`: of service.yaml.
    """
    wanted = path or _as_path(code)
    if code and code != wanted:
        yield fault(
            OTHER_CODE,
            Text(
                "代码“{code}”不是事项文件夹的路径“{path}”。",
                "The code “{code}” is not the path of the pack, “{path}”.",
                code=code,
                path=wanted,
            ),
            Place(service.FILE, _line_of_code(text)),
            Text(
                "请写 code: {path}，或者把文件夹移到 {code}。",
                "Write code: {path}, or move the folder to {code}.",
                path=wanted,
                code=code,
            ),
            # as packs were written once, which said the same
            "warning" if code == wanted.replace("/", ".") else None,
        )


def _as_path(code: str) -> str:
    """The nearest code of the form area/name."""
    words = [word for word in re.split(r"[^a-z0-9-]+", code.lower()) if word.strip("-")]
    return "/".join(words[:2]) if len(words) > 1 else f"area/{words[0] if words else 'name'}"


def _line_of_code(text: str) -> int:
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if line.startswith("code:")), 0)


def rehearse_service(pack: Pack, registers: Mapping[str, Register]) -> Iterator[Finding]:
    """How the examples come out, over the registers that are declared; and rows none has fired."""
    rehearsals = [rehearse(pack, example, registers=registers) for example in pack.examples]
    for made in rehearsals:
        yield from made.findings
    yield from nothing_to_show(pack, rehearsals)
    yield from _never_fired(pack, rehearsals)


def _read(files: Mapping[str, str]) -> tuple[PackSources, list[Finding]]:
    findings: list[Finding] = []
    sources = read_sources(files, findings.append)
    for path, text in files.items():
        if path == PROCESS or is_called_file(path):
            findings += check_extensions(text, path)
    for check in _CHECKS:
        findings += check(sources)
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.id, finding.place, finding.message.zh), finding)
    return sources, list(seen.values())


_CHECKS = (
    check_references,
    check_population,
    check_clocks,
    check_fees,
    check_tables,
    check_sensitive,
    check_which_case,
    check_samples,
    check_wording,
)


def _never_fired(pack: Pack, rehearsals: list[Rehearsal]) -> Iterator[Finding]:
    """Rows that no example reaches: nobody has seen them work."""
    if pack.rules is None:
        return
    fired = {
        row for made in rehearsals for decided in made.decisions for row in fired_rows(decided)
    }
    missed = [rule for _, _, rule in rules_of(pack.rules) if rule.id not in fired]
    if missed:
        names = ", ".join(rule.id for rule in missed)
        yield fault(
            "pack.W003",
            Text(
                "没有示例用到这些规则行：{names}。",
                "No example fires these rows: {names}.",
                names=names,
            ),
            Place(RULES, missed[0].line),
            Text("请为它们各写一个办事情形。", "Write a citizen's situation for them."),
            "note",
        )


def is_service_file(path: str) -> bool:
    """Whether a file of a pack is read as a part of its service.

    Its connectors are: a version of it is rehearsed and replayed with the doubles of its time.
    """
    example = re.fullmatch(r"examples/[^/]+\.yaml", path)
    named = path in REQUIRED or path in OPTIONAL
    form = taskforms.name_of(path)
    return bool(
        named
        or example
        or form
        or name_of(path)
        or is_called_file(path)
        or language_of(path)
        or path.startswith(FOLDER)
    )
