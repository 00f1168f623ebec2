"""`xiangyun check`: every fault of a pack, or of one drawing or one rule file, in one run."""

from __future__ import annotations

import json
from pathlib import Path

import click

from xiangyun.kernel.bpmn import check_process
from xiangyun.kernel.dmn import check_model
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import check_pack

from .folder import read_folder

_MARKS = {"error": ("red", "✗"), "warning": ("yellow", "!"), "note": ("cyan", "·")}


@click.command()
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(pack: Path, as_json: bool) -> None:
    """Check PACK: a folder, or a single .bpmn or .dmn file.

    Ends with 0 when it may be published, with 1 when there is an error.
    """
    findings = findings_of(pack)
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        click.echo(json.dumps([_as_json(finding) for finding in findings], ensure_ascii=False))
    else:
        _print(pack, findings, errors)
    raise SystemExit(1 if errors else 0)


def findings_of(path: Path) -> list[Finding]:
    """All findings about a pack folder or a single file, in the order of files and lines."""
    if path.is_dir():
        found = check_pack(read_folder(path))
    elif path.suffix == ".bpmn":
        found = check_process(path.read_bytes(), path.name)
    elif path.suffix == ".dmn":
        found = check_model(path.read_bytes(), path.name, implicit_inputs=True)
    else:
        raise click.UsageError(
            f"{path}: 只检查事项文件夹、.bpmn 或 .dmn 文件"
            " / only a pack folder, a .bpmn or a .dmn file can be checked"
        )
    return sorted(found, key=_order)


def _order(finding: Finding) -> tuple[str, int, int]:
    place = finding.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _print(path: Path, findings: list[Finding], errors: int) -> None:
    for finding in findings:
        colour, mark = _MARKS[finding.severity]
        place = click.style(str(finding.place or path.name), bold=True)
        lines = [f"{click.style(f'{mark} {finding.id}', fg=colour)} {place}"]
        lines += [f"    {finding.message.zh}", f"    {finding.message.en}"]
        if finding.hint:
            lines.append(click.style(f"    → {finding.hint.zh} / {finding.hint.en}", dim=True))
        # Findings of errors go to stderr, so that a pipe sees them apart.
        click.echo("\n".join(lines), err=finding.severity == "error")
    if errors:
        mark = click.style("✗", fg="red")
        click.echo(f"{mark} {errors} 处错误，不能发布 / {errors} errors: not publishable", err=True)
    else:
        click.echo(f"{click.style('✓', fg='green')} 可以发布 / may be published")


def _as_json(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "id": finding.id,
        "severity": finding.severity,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": {"zh": finding.message.zh, "en": finding.message.en},
        "hint": {"zh": finding.hint.zh, "en": finding.hint.en} if finding.hint else None,
    }
