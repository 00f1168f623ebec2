"""Whether population.yaml and the rules of a pack fit: decisions, inputs, outputs, formulas."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xiangyun.kernel.dmn.model import Decision, InputData, Model, TableBox
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.packfile.formulas import formula
from xiangyun.kernel.projection import FILE, Population, Written


def check_population(sources: PackSources) -> Iterator[Finding]:
    """Faults of the file beside the rules. Columns of a table are seen only when there is one."""
    declared, rules = sources.population, sources.rules
    if declared is None or rules is None:
        return
    decisions = [each for each in rules.elements.values() if isinstance(each, Decision)]
    known = {name for each in decisions for name in (each.id, each.name)}
    for name in declared.decisions:
        if name and name not in known:
            kind = Text("决策", "decision")
            yield unknown("pack.E021", kind, name, sorted(known), Place(FILE))
    inputs = [each.name for each in rules.elements.values() if isinstance(each, InputData)]
    for name, all_ in declared.inputs.items():
        if name.partition(".")[0] not in inputs:
            place = all_[0].place if all_ else Place(FILE)
            yield unknown("pack.E020", Text("输入", "input"), name, inputs, place)
    names = _outputs(rules, declared.decisions)
    for written in _formulas(declared):
        findings: list[Finding] = []
        formula(written.source, written.place or Place(FILE), findings.append, names)
        yield from findings


def _formulas(declared: Population) -> Iterator[Written]:
    if declared.when is not None:
        yield declared.when
    yield from declared.columns.values()
    yield from declared.groups.values()
    yield from (each.formula for each in declared.sums.values())
    for all_ in declared.inputs.values():
        for each in all_:
            if each.source.startswith("="):
                yield Written(each.source[1:], each.place)


def _outputs(rules: Model, decisions: Collection[str]) -> list[str]:
    """Names of outputs that hold more than one word, which a reader of FEEL must be told."""
    boxes = [
        each.box
        for name in decisions
        if isinstance(each := rules.by_name.get(name), Decision) and isinstance(each.box, TableBox)
    ]
    return [column.name for box in boxes for column in box.outputs if not column.name.isalnum()]
