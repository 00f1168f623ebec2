"""`xiangyun check`: every fault of a pack, of one file, or of each file below a folder."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path

import click

from xiangyun.adapters.packs import is_pack
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack import Declaration, Known, another_code, check_pack
from xiangyun.kernel.spelling import did_you_mean

from . import explaining
from .files import bounded, check_file, kind_of
from .folder import entries, read_folder, within_limits
from .packpath import PACK_OR_FILE
from .packtree import code_of, known_around, packs_in
from .telling import WrongUsage, end_refused, joined, tell, told

_MARKS = {"error": ("red", "✗"), "warning": ("yellow", "!"), "note": ("cyan", "·")}
_MOST_PRINTED = 20  # findings of one file among many; --json has all of them


@click.command()
@click.argument("path", type=PACK_OR_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--published",
    is_flag=True,
    help="Packs may also name what this instance has published; starts its database.",
)
@click.option("--explain", metavar="ID", help="Say more about a finding, such as pack.E005.")
@click.pass_obj
def check(
    boot: Callable[[], None] | None,
    path: Path | None,
    as_json: bool,
    published: bool,
    explain: str | None,
) -> None:
    """Check PATH: a pack or its code, one file, or a folder of packs or files.

    What a pack names of others is looked for in the packs beside it and in the shipped ones. Ends
    with 0 when it may be published, with 1 when there is an error.
    """
    if explain is not None:
        _explain(explain, as_json)
        return
    if path is None:
        raise WrongUsage(
            Text(
                "请写要检查的文件夹、文件或事项代码，或者 --explain ID。",
                "Name a folder, a file or the code of a pack, or write --explain ID.",
            )
        )
    declared = _published(boot) if published and boot else []
    if path.is_dir() and not is_pack(path):
        _check_folder(path, as_json, declared)
    findings = findings_of(path, declared)
    errors = _errors(findings)
    if as_json:
        click.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False))
    else:
        _print(path.name, findings)
        _print_verdict(errors)
    raise SystemExit(1 if errors else 0)


def findings_of_pack(path: Path, known: Callable[[str], Known]) -> list[Finding]:
    """All findings about a pack among the others that are known, which are read after it.

    A copy elsewhere is judged as what it says that it is, so that it may read its own registers.
    `known` is asked with the code of the pack, which declares nothing twice by lying there itself.
    """
    files, code = read_folder(path), code_of(path)
    place = path.resolve()
    judged = code or _written_code(files) or f"{place.parent.name}/{place.name}"
    try:
        found = check_pack(files, judged, known(judged))
    except Refused as refused:
        end_refused(refused)
    if not code:
        found += _of_a_copy(path, files)
    return sorted(bounded(found, path.name), key=_order)


def _of_a_copy(folder: Path, files: Mapping[str, str]) -> Iterator[Finding]:
    """A copy outside every folder of packs, to try something on, may have another path.

    That is a warning, for it cannot be published from there; where its area is named, an error.
    """
    text, place, code = files.get("service.yaml", ""), folder.resolve(), _written_code(files)
    for finding in another_code(code, f"{place.parent.name}/{place.name}", text):
        is_here = place.parent.name == code.partition("/")[0]
        yield finding if is_here else replace(finding, severity="warning")


def _written_code(files: Mapping[str, str]) -> str:
    written = re.search(r"^code:[ ]*([^ #\n]+)", files.get("service.yaml", ""), re.MULTILINE)
    return written[1] if written else ""


def findings_of(path: Path, published: Sequence[Declaration] = ()) -> list[Finding]:
    """All findings about a pack folder or a single file, in the order of files and lines."""
    if path.is_dir():
        among = path.resolve().parent.parent
        return findings_of_pack(path, lambda own: known_around(among, published, own))
    if kind_of(path) is None:
        raise WrongUsage(
            Text(
                "{path}：只检查事项文件夹、BPMN、DMN 和表单文件。",
                "{path}: only a pack folder, BPMN, DMN and form files can be checked.",
                path=path,
            )
        )
    return sorted(check_file(path, path.name), key=_order)


def _order(finding: Finding) -> tuple[str, int, int]:
    place = finding.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _errors(findings: Sequence[Finding]) -> int:
    return sum(finding.severity == "error" for finding in findings)


def _published(boot: Callable[[], None]) -> list[Declaration]:
    """What the instance has published for others to name."""
    boot()
    from xiangyun.domain.accounts.access import SYSTEM, acting_as  # noqa: PLC0415  with a database
    from xiangyun.domain.catalogue import queries as catalogue  # noqa: PLC0415  with a database

    with acting_as(SYSTEM):
        return list(catalogue.known(services=False))


# A folder of packs and files ----------------------------------------------------------------------


def _check_folder(folder: Path, as_json: bool, published: Sequence[Declaration]) -> None:
    """Each pack among the others, each other file that is recognised by itself, then a summary."""
    packs = packs_in(folder)
    paths = [
        path
        for path in entries(folder)
        if path.is_file()
        and kind_of(path)
        and not any(pack in path.parents for pack in packs.values())
    ]
    if not paths and not packs:
        raise WrongUsage(
            Text(
                "{folder}：不是事项文件夹，里面也没有 BPMN、DMN 或表单文件。",
                "{folder}: this is no pack, and holds no BPMN, DMN or form file.",
                folder=folder,
            )
        )
    within_limits(folder, paths)
    known = cache(lambda: known_around(folder, published))
    found = {
        code: [_within(each, code) for each in findings_of_pack(pack, lambda _: known())]
        for code, pack in packs.items()
    }
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix()
        found[name] = sorted(check_file(path, name), key=_order)
    if as_json:
        click.echo(json.dumps(_folder_json(found), ensure_ascii=False))
    else:
        for name, findings in found.items():
            _print(name, findings[:_MOST_PRINTED])
            if rest := findings[_MOST_PRINTED:]:
                tell(
                    Text(
                        "… {name}：{count} 条未列出。",
                        "… {name}: {count} more not listed.",
                        name=name,
                        count=len(rest),
                    )
                )
        for line in _summary(found, with_packs=bool(packs)):
            click.echo(line)
    raise SystemExit(1 if any(map(_errors, found.values())) else 0)


def _within(finding: Finding, pack: str) -> Finding:
    """A finding of a pack, with its place in the folder of packs."""
    place = finding.place or Place()
    return replace(finding, place=place._replace(file=f"{pack}/{place.file}"))


def _most_frequent(found: Mapping[str, Sequence[Finding]]) -> list[tuple[str, int]]:
    """Ids of errors with the number of files that have them, the most frequent first."""
    counted = Counter(
        id_
        for findings in found.values()
        for id_ in {each.id for each in findings if each.severity == "error"}
    )
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _summary(found: Mapping[str, Sequence[Finding]], *, with_packs: bool) -> list[str]:
    every, good = len(found), sum(not _errors(findings) for findings in found.values())
    said = Text(
        "{every} 个文件：{good} 个可以发布，{bad} 个不能。",
        "{every} {every|file|files}: {good} may be published, {bad} not.",
        every=every,
        good=good,
        bad=every - good,
    )
    if with_packs:
        said = Text(
            "{every} 个事项或文件：{good} 个可以发布，{bad} 个不能。",
            "{every} {every|pack or file|packs or files}: {good} may be published, {bad} not.",
            every=every,
            good=good,
            bad=every - good,
        )
    lines = [told(said)]
    lines += [f"  {id_} × {n}" for id_, n in _most_frequent(found)[:10]]
    return lines


def _folder_json(found: Mapping[str, Sequence[Finding]]) -> dict[str, object]:
    good = sum(not _errors(findings) for findings in found.values())
    return {
        "files": [
            {
                "file": name,
                "publishable": not _errors(findings),
                "findings": [_as_json(finding) for finding in findings],
            }
            for name, findings in found.items()
        ],
        "summary": {
            "files": len(found),
            "publishable": good,
            "errors": dict(_most_frequent(found)),
        },
    }


# Explaining ---------------------------------------------------------------------------------------


def _explain(id: str, as_json: bool) -> None:
    """Everything that is known of a finding by its id."""
    found = explaining.explain(id)
    if found is None:
        known = did_you_mean(id, explaining.known_ids())
        raise WrongUsage(joined([Text("没有编号“{id}”。", "There is no id “{id}”.", id=id), known]))
    if as_json:
        click.echo(json.dumps(_explanation_json(found), ensure_ascii=False, indent=1))
        return
    click.echo(click.style(id, bold=True))
    tell(found.kind, indent="    ")
    for title, texts in ((_SAYS, found.said), (_ADVISES, found.hints)):
        if texts:
            tell(title)
        for text in texts:
            tell(text, indent="    ")
    if found.example:
        for title, shown in (
            (_WRONG, found.example.wrong),
            (_RIGHT, found.example.right),
            (_SOURCE, found.example.source),
        ):
            tell(title)
            click.echo("\n".join(f"    {line}" for line in shown.splitlines()))
    tell(_FOUND_BY)
    click.echo("\n".join(f"    {place}" for place in found.places))


_SAYS = Text("说的是：", "What it says:")
_ADVISES = Text("怎么办：", "What to do:")
_WRONG, _RIGHT = Text("这样不对：", "Wrong:"), Text("这样才对：", "Right:")
_SOURCE, _FOUND_BY = Text("依据：", "Source:"), Text("由谁发现：", "Found by:")


def _explanation_json(found: explaining.Explanation) -> dict[str, object]:
    example = found.example
    return {
        "id": found.id,
        "kind": found.kind.to_json(),
        "says": [text.to_json() for text in found.said],
        "advises": [text.to_json() for text in found.hints],
        "wrong": example.wrong if example else None,
        "right": example.right if example else None,
        "source": example.source if example else None,
        "found_by": found.places,
    }


# Printing -----------------------------------------------------------------------------------------


def _print(name: str, findings: Sequence[Finding]) -> None:
    """Errors and warnings one by one; notes of one kind together, for they are the same each time
    and would stand before what has to be mended."""
    notes = [finding for finding in findings if finding.severity == "note" and finding.place]
    for id_, same in groupby(sorted(notes, key=lambda each: each.id), key=lambda each: each.id):
        _print_notes(id_, list(same))
    for finding in findings:
        if finding in notes:
            continue
        colour, mark = _MARKS[finding.severity]
        place = click.style(str(finding.place or name), bold=True)
        lines = [f"{click.style(f'{mark} {finding.id}', fg=colour)} {place}"]
        lines.append(told(finding.message, "    "))
        if finding.hint:
            lines.append(click.style(told(finding.hint, "    → "), dim=True))
        # Findings of errors go to stderr, so that a pipe sees them apart.
        click.echo("\n".join(lines), err=finding.severity == "error")


def _print_notes(id_: str, same: Sequence[Finding]) -> None:
    colour, mark = _MARKS["note"]
    click.echo(click.style(f"{mark} {id_}", fg=colour))
    for each in same:
        said = " ".join(told(each.message).split("\n"))
        click.echo(f"    {click.style(str(each.place), bold=True)}  {said}")
    for hint in dict.fromkeys(told(each.hint, "    → ") for each in same if each.hint):
        click.echo(click.style(hint, dim=True))


def _print_verdict(errors: int) -> None:
    if errors:
        words = Text(
            "{count} 处错误，不能发布。",
            "{count} {count|error|errors}: not publishable.",
            count=errors,
        )
        tell(words, err=True, indent=click.style("✗ ", fg="red"))
    else:
        tell(Text("可以发布。", "May be published."), indent=click.style("✓ ", fg="green"))


def _as_json(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "id": finding.id,
        "severity": finding.severity,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": finding.message.to_json(),
        "hint": finding.hint.to_json() if finding.hint else None,
    }
