"""`xiangyun conformance bpmn FOLDER`: what is understood of every model, and what comes back.

Made for the models of the BPMN Model Interchange Working Group. Reading is not running: a model
may be understood completely and yet hold elements that no engine of ours runs.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from lxml import etree
from rich.console import Console
from rich.table import Table

from xiangyun.kernel.bpmn import Document, check_process, read_document, write_document
from xiangyun.kernel.bpmn.vocabulary import NODES
from xiangyun.kernel.findings import Refused, Text

from .telling import help_of, tell, told

_DRAWN = {"BPMNShape": "shapes", "BPMNEdge": "edges"}


@dataclass(frozen=True, slots=True)
class Report:
    """One file: counts of what the file holds and of what was understood, and the round trip."""

    file: str
    processes: int = 0
    held: dict[str, int] | None = None
    """element kind -> how many the XML holds"""
    understood: dict[str, int] | None = None
    """element kind -> how many are in the model that was read"""
    canonical_equal: bool = False
    """canonical XML before and after writing is the same"""
    model_equal: bool = False
    """reading what was written gives an equal model"""
    runs: bool = False
    """the engine would run it"""
    refused: str = ""

    @property
    def passed(self) -> bool:
        """Everything understood, nothing lost."""
        return self.held == self.understood and self.canonical_equal and self.model_equal


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("以 JSON 输出报告。", "The report as JSON.")),
)
def bpmn(folder: Path, as_json: bool) -> None:
    """Read and write back every .bpmn file in FOLDER.

    Ends with 0 when every model is understood and comes back whole, with 1 otherwise.
    """
    reports = [report(path.read_bytes(), path.name) for path in sorted(folder.rglob("*.bpmn"))]
    if as_json:
        reports_json = [asdict(each) | {"passed": each.passed} for each in reports]
        click.echo(json.dumps(reports_json, ensure_ascii=False, indent=1))
    else:
        _print(reports)
    raise SystemExit(0 if reports and all(each.passed for each in reports) else 1)


def report(content: bytes, file: str) -> Report:
    """Read one file, count, write it, and compare."""
    try:
        document = read_document(content, file)
    except Refused as refused:
        return Report(file, refused=str(refused.findings[0]))
    written = write_document(document)
    again = read_document(written, file)
    return Report(
        file,
        processes=len(document.processes),
        held=dict(sorted(_held(document).items())),
        understood=dict(sorted(_understood(document).items())),
        canonical_equal=_canonical(content) == _canonical(written.encode()),
        model_equal=_model(document) == _model(again),
        runs=not any(each.severity == "error" for each in check_process(content, file)),
    )


def _held(document: Document) -> Counter[str]:
    """What the XML holds: counted on the file itself, not on the model."""
    wanted = {*NODES, "sequenceFlow"}
    counts = Counter({kind: n for kind, n in document.counts.items() if kind in wanted})
    for node in document.page.root.walk():
        if node.name in _DRAWN:
            counts[_DRAWN[node.name]] += 1
    return counts


def _understood(document: Document) -> Counter[str]:
    counts: Counter[str] = Counter()
    for process in document.processes:
        counts.update(element.kind for element in process.elements.values())
        counts["sequenceFlow"] += len(process.flows)
    if document.processes:
        # The drawing belongs to the file; each process sees all of it.
        diagram = document.processes[0].diagram
        counts["shapes"] += len(diagram.shapes)
        counts["edges"] += len(diagram.edges)
    return +counts


def _model(document: Document) -> list[object]:
    return [
        (each.id, each.name, each.elements, each.flows, each.diagram, each.drawn)
        for each in document.processes
    ]


def _canonical(content: bytes) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(content, parser).getroottree()
    try:
        text: bytes = etree.tostring(tree, method="c14n", with_comments=True)
    except etree.C14NError:
        # Canonical XML 1.0 refuses relative namespace addresses; version 2.0 takes them as names.
        text = etree.tostring(tree, method="c14n2", with_comments=True)
    return text


_HEADS = (
    Text("模型", "model"),
    Text("读懂", "understood"),
    Text("往返", "round trip"),
    Text("可执行", "runs"),
)
_SAME, _DIFFERS = Text("无损", "same"), Text("有损", "differs")
_YES, _NO = Text("是", "yes"), Text("否", "no")


def _print(reports: list[Report]) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for head in ("", *map(told, _HEADS)):
        table.add_column(head)
    for each in reports:
        mark = "[green]✓[/]" if each.passed else "[red]✗[/]"
        held, understood = each.held or {}, each.understood or {}
        count = f"{sum(understood.values())} / {sum(held.values())}"
        whole = told(_SAME if each.canonical_equal and each.model_equal else _DIFFERS)
        runs = told(_YES if each.runs else _NO)
        table.add_row(mark, each.file, each.refused or count, "" if each.refused else whole, runs)
    console.print(table)
    total: Counter[str] = Counter()
    for each in reports:
        total.update(each.understood or {})
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(total.items()))
    console.print(f"\n{kinds}", style="dim", soft_wrap=True)
    passed = sum(each.passed for each in reports)
    tell(
        Text(
            "完整读写的模型：{passed} / {all}。",
            "{passed} / {all} models whole.",
            passed=passed,
            all=len(reports),
        )
    )
