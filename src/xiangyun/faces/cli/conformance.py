"""`xiangyun conformance dmn FOLDER`: the score in the DMN Technology Compatibility Kit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from lxml import etree

from xiangyun.kernel.dmn import Model, decide, read_model
from xiangyun.kernel.dmn.model import Service
from xiangyun.kernel.dmn.xml import child, children, local, parse_xml
from xiangyun.kernel.feel import DateTime, Value, to_json
from xiangyun.kernel.feel.compare import same
from xiangyun.kernel.feel.literals import at_literal
from xiangyun.kernel.feel.temporal import Time
from xiangyun.kernel.findings import Refused, Text

from .conformance_bpmn import bpmn
from .conformance_certificates import certificates
from .conformance_draw import draw
from .conformance_exchange import exchange
from .conformance_log import log
from .scoring import Failure
from .telling import Failed, help_of

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# The kit's numbers are written with at least eight decimals' care; its own runner rounds to that.
_TOLERANCE = Decimal("0.00000001")
# Any moment will do: the kit asks only what kind of value now() gives.
_NOW = DateTime(date(2024, 1, 1), Time(12, 0, 0, 0, 0))


@dataclass(slots=True)
class Report:
    """What a run over the kit gave; every expected result counts as one test."""

    total: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return self.total - len(self.failures)

    def as_json(self) -> dict[str, Any]:
        """The report as it is published."""
        return {
            "kit": "DMN Technology Compatibility Kit",
            "levels": [2, 3],
            "total": self.total,
            "passed": self.passed,
            "failures": [
                {"test": each.test, "expected": each.expected, "got": each.got}
                for each in self.failures
            ],
        }


def run_dmn(folder: Path) -> Report:
    """Run every test case below a folder.

    Raises:
        click.ClickException: when there is no test case there.
    """
    report = Report()
    for path in sorted(folder.rglob("*.xml")):
        root = parse_xml(path.read_bytes(), str(path))
        if local(root) == "testCases":
            _run_file(root, path, report)
    if not report.total:
        raise Failed(
            Text("{folder}：没有找到测试。", "{folder}: no test cases were found.", folder=folder)
        )
    return report


def _run_file(root: etree._Element, path: Path, report: Report) -> None:
    name = _text(child(root, "modelName")).strip()
    try:
        model: Model | None = _model(path.parent, name)
    except (Refused, OSError) as error:
        model, problem = None, str(error)
    for case in children(root, "testCase"):
        inputs = {_name(each): _value(each) for each in children(case, "inputNode")}
        for node in children(case, "resultNode"):
            report.total += 1
            test = f"{path.parent.name}/{path.stem}/{case.get('id')}/{_name(node)}"
            holder = child(node, "expected")
            expected = None if holder is None else _value(holder)
            if model is None:
                report.failures.append(Failure(test, _shown(expected), problem))
                continue
            asked = case.get("invocableName") or _name(node)
            failure = _failure(model, asked, _name(node), inputs, expected)
            if failure is not None:
                report.failures.append(Failure(test, _shown(expected), failure))


def _failure(
    model: Model, asked: str, result: str, inputs: dict[str, Value], expected: Value
) -> str | None:
    """What went wrong, None for nothing; `result` is the decision whose value is expected."""
    try:
        decided = decide(model, asked, inputs, now=_NOW)
    except Refused as refused:
        return str(refused)
    value = decided.value
    # A service with several output decisions gives a context; the kit asks for each by its name.
    service = model.by_name.get(asked)
    if isinstance(service, Service) and len(service.outputs) > 1 and result != asked:
        value = value.get(result) if isinstance(value, dict) else None
    if agrees(value, expected):
        return None
    reasons = "; ".join(dict.fromkeys(str(warning) for warning in decided.warnings))
    return f"{_shown(value)}{f' ({reasons})' if reasons else ''}"


def _model(folder: Path, name: str) -> Model:
    """The model, with whatever lies beside it that it imports."""
    texts = {path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))}
    spaces = {
        parse_xml(text, file).get("namespace"): file for file, text in texts.items() if file != name
    }
    models: dict[str, Model] = {}

    def read(file: str) -> Model:
        if file not in models:
            wanted = [
                spaces[each.get("namespace")]
                for each in children(parse_xml(texts[file], file), "import")
                if each.get("namespace") in spaces
            ]
            imported = [read(other) for other in wanted if other != file]
            models[file] = read_model(texts[file], file, imported=imported, strict=False)
        return models[file]

    if name not in texts:
        raise FileNotFoundError(folder / name)
    return read(name)


def agrees(value: Value, expected: Value) -> bool:
    """Whether a value is what the kit expects; numbers to eight decimals."""
    if isinstance(value, Decimal) and isinstance(expected, Decimal):
        return abs(value - expected) <= _TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(agrees, value, expected))
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(agrees(value[k], expected[k]) for k in value)
    return same(value, expected)


# Values in the kit's files ----------------------------------------------------------------------


def _name(element: etree._Element) -> str:
    return " ".join((element.get("name") or "").split())


def _text(element: etree._Element | None) -> str:
    return "" if element is None else "".join(str(part) for part in element.itertext())


def _value(element: etree._Element) -> Value:
    """The value inside an inputNode, expected, item or component."""
    parts = {_name(each): _value(each) for each in children(element, "component")}
    if parts:
        return parts
    items = child(element, "list")
    if items is not None:
        return [_value(each) for each in children(items, "item")]
    simple = child(element, "value")
    if simple is None or simple.get(f"{_XSI}nil") == "true":
        return None
    return _simple(_text(simple), (simple.get(f"{_XSI}type") or "string").split(":")[-1])


def _simple(text: str, kind: str) -> Value:
    if kind in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in ("date", "time", "dateTime", "duration"):
        return at_literal(text.strip())
    return text


def _shown(value: Value) -> str:
    return json.dumps(to_json(value), ensure_ascii=False, default=str)


# The command ------------------------------------------------------------------------------------


@click.group()
def conformance() -> None:
    """Scores in public conformance kits."""


@conformance.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help=help_of(Text("以 JSON 输出报告。", "The report as JSON.")),
)
@click.option(
    "--publish",
    type=click.Path(dir_okay=False, path_type=Path),
    help=help_of(Text("把报告写入文件。", "Write the report to this file.")),
)
def dmn(folder: Path, as_json: bool, publish: Path | None) -> None:
    """Run the DMN Technology Compatibility Kit in FOLDER."""
    report = run_dmn(folder)
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
    if publish is not None:
        publish.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(text)
        return
    for line in _lines(report):
        click.echo(line)


def _lines(report: Report) -> Iterator[str]:
    yield f"passed {report.passed} of {report.total}"
    for failure in report.failures:
        yield f"  {failure}"


conformance.add_command(bpmn)
conformance.add_command(certificates)
conformance.add_command(log)
conformance.add_command(draw)
conformance.add_command(exchange)
