"""`xiangyun check`: every fault of a pack, of one file, or of each file below a folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack import check_pack

from .files import bounded, check_file, kind_of
from .folder import entries, is_pack, read_folder, within_limits
from .telling import WrongUsage, tell, told

_MARKS = {"error": ("red", "✗"), "warning": ("yellow", "!"), "note": ("cyan", "·")}
_MOST_PRINTED = 20  # findings of one file among many; --json has all of them


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(path: Path, as_json: bool) -> None:
    """Check PATH: a pack, one file (BPMN, DMN, form), or a folder of such files.

    Ends with 0 when it may be published, with 1 when there is an error.
    """
    if path.is_dir() and not is_pack(path):
        _check_folder(path, as_json)
    findings = findings_of(path)
    errors = _errors(findings)
    if as_json:
        click.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False))
    else:
        _print(path.name, findings)
        _print_verdict(errors)
    raise SystemExit(1 if errors else 0)


def findings_of(path: Path) -> list[Finding]:
    """All findings about a pack folder or a single file, in the order of files and lines."""
    if path.is_dir():
        return sorted(bounded(check_pack(read_folder(path)), path.name), key=_order)
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


# A folder of files --------------------------------------------------------------------------------


def _check_folder(folder: Path, as_json: bool) -> None:
    """Each recognised file by itself, then a summary."""
    paths = [path for path in entries(folder) if path.is_file() and kind_of(path)]
    if not paths:
        raise WrongUsage(
            Text(
                "{folder}：不是事项文件夹，里面也没有 BPMN、DMN 或表单文件。",
                "{folder}: this is no pack, and holds no BPMN, DMN or form file.",
                folder=folder,
            )
        )
    within_limits(folder, paths)
    found = {}
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
        for line in _summary(found):
            click.echo(line)
    raise SystemExit(1 if any(map(_errors, found.values())) else 0)


def _most_frequent(found: Mapping[str, Sequence[Finding]]) -> list[tuple[str, int]]:
    """Ids of errors with the number of files that have them, the most frequent first."""
    counted = Counter(
        id_
        for findings in found.values()
        for id_ in {each.id for each in findings if each.severity == "error"}
    )
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _summary(found: Mapping[str, Sequence[Finding]]) -> list[str]:
    good = sum(not _errors(findings) for findings in found.values())
    said = Text(
        "{all} 个文件：{good} 个可以发布，{bad} 个不能。",
        "{all} {all|file|files}: {good} may be published, {bad} not.",
        all=len(found),
        good=good,
        bad=len(found) - good,
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


# Printing -----------------------------------------------------------------------------------------


def _print(name: str, findings: Sequence[Finding]) -> None:
    for finding in findings:
        colour, mark = _MARKS[finding.severity]
        place = click.style(str(finding.place or name), bold=True)
        lines = [f"{click.style(f'{mark} {finding.id}', fg=colour)} {place}"]
        lines.append(told(finding.message, "    "))
        if finding.hint:
            lines.append(click.style(told(finding.hint, "    → "), dim=True))
        # Findings of errors go to stderr, so that a pipe sees them apart.
        click.echo("\n".join(lines), err=finding.severity == "error")


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
