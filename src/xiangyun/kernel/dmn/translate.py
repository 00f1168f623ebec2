"""Rewriting a decision file of another tool into this dialect, where that is plain.

What nobody draws is drawn (inputs and their requirements), types get their standard names, and
cells written for other engines become FEEL. What is not plain stays as it is and is listed.
"""

from __future__ import annotations

import re

from lxml import etree

from xiangyun.kernel.conditions.juel import feel_of, is_juel
from xiangyun.kernel.dmn.feelreader import is_feel, test_in_feel
from xiangyun.kernel.dmn.items import standard_name
from xiangyun.kernel.dmn.model import Decision, InputData
from xiangyun.kernel.dmn.read import read_with_findings
from xiangyun.kernel.dmn.xml import child, children, line_of, local, parse_xml
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.change import Change

_FOREIGN = re.compile(r"\{http://(camunda\.org/schema/1\.0|activiti\.org|flowable\.org)/dmn\}")
_ENTRIES = ("inputEntry", "outputEntry", "inputExpression", "literalExpression")


def translate_model(text: str | bytes, file: str = "rules.dmn") -> tuple[str, list[Change]]:
    """The file anew, and what was changed and left; nothing changed gives an empty list.

    Raises:
        Refused: when it is no XML.
    """
    root = parse_xml(text, file)
    changes = [*_types(root), *_attributes(root), *_cells(root)]
    changes += _draw_inputs(root, file)
    written = etree.tostring(root.getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n', changes


def _types(root: etree._Element) -> list[Change]:
    defined = {
        " ".join((each.get("name") or "").split()) for each in root.iter("{*}itemDefinition")
    }
    changes: list[Change] = []

    def standard(name: str | None) -> str | None:
        bare = (name or "").strip()
        if not bare or bare in defined or bare.rpartition(":")[2] in defined:
            return None
        found = standard_name(bare.rpartition(":")[2])
        return None if found == bare.rpartition(":")[2] else found

    for each in root.iter(etree.Element):
        name = each.get("typeRef")
        found = standard(name)
        if found:
            each.set("typeRef", found)
        elif local(each) == "typeRef" and (found := standard(each.text)):
            name, each.text = each.text, found
        if found:
            what = Text("类型 {name} → {found}", "type {name} → {found}", name=name, found=found)
            changes.append(Change(what, True, line_of(each)))
    return changes


def _attributes(root: etree._Element) -> list[Change]:
    """Settings of other engines, which say nothing about what is decided."""
    changes: list[Change] = []
    for each in root.iter(etree.Element):
        for key in [str(key) for key in each.attrib if _FOREIGN.match(str(key))]:
            name = key.rpartition("}")[2]
            del each.attrib[key]
            changes.append(
                Change(Text("删去 {name}", "{name} removed", name=name), True, line_of(each))
            )
    return changes


def _cells(root: etree._Element) -> list[Change]:
    changes: list[Change] = []
    # From now on each cell says its own.
    default = str(root.attrib.pop("expressionLanguage", ""))
    for each in root.iter(*(f"{{*}}{name}" for name in _ENTRIES)):
        inner = child(each, "text")
        if inner is None or not (inner.text or "").strip():
            continue
        written = str(inner.text)
        language = each.get("expressionLanguage") or default
        found = _feel(written, local(each) == "inputEntry")
        if found is not None and found != written:
            inner.text = found
            each.attrib.pop("expressionLanguage", "")
            what = Text(
                "{written} → {found}", "{written} → {found}", written=written.strip(), found=found
            )
            changes.append(Change(what, True, line_of(inner)))
        elif is_juel(written) or not is_feel(language, written):
            name = language or "juel"
            each.set("expressionLanguage", name)
            what = Text(
                "用 {name} 写的：{written}",
                "written in {name}: {written}",
                name=name,
                written=written.strip(),
            )
            changes.append(Change(what, False, line_of(inner)))
        elif each.get("expressionLanguage") and "feel" not in language.lower():
            del each.attrib["expressionLanguage"]  # a bare name means the same in FEEL
            what = Text(
                "删去 expressionLanguage {language}",
                "expressionLanguage {language} removed",
                language=language,
            )
            changes.append(Change(what, True, line_of(each)))
    return changes


def _feel(written: str, is_test: bool) -> str | None:
    """The cell in FEEL: `${…}` where it is plain, and `== x`, `!= x` as tests of the input."""
    if is_juel(written):
        formula = feel_of(written)
        return None if formula is None else formula[1:]
    return test_in_feel(written) if is_test else None


def _draw_inputs(root: etree._Element, file: str) -> list[Change]:
    """Input data for names that no element provides, with a requirement from each that uses one."""
    model, _ = read_with_findings(etree.tostring(root), file, implicit_inputs=True)
    implied = {
        each.id: each
        for each in model.elements.values()
        if isinstance(each, InputData) and each.id.startswith("input:")
    }
    if not implied:
        return []
    space = etree.QName(root).namespace
    taken = {each.get("id") for each in root.iter(etree.Element)}
    ids: dict[str, str] = {}
    changes: list[Change] = []
    decisions = children(root, "decision")
    for number, input_ in enumerate(implied.values()):
        id_ = "InputData_" + re.sub(r"\W+", "_", input_.name)
        ids[input_.id] = id_ = id_ if id_ not in taken else f"{id_}_{len(taken)}"
        taken.add(id_)
        drawn = etree.Element(etree.QName(space, "inputData"), {"id": id_, "name": input_.name})
        drawn.tail = "\n  "
        variable = etree.SubElement(drawn, etree.QName(space, "variable"))
        variable.set("id", f"{id_}_variable")
        variable.set("name", input_.name)
        if (type_ := getattr(input_.type, "name", "")) and type_ != "Any":
            variable.set("typeRef", type_)
        root.insert(root.index(decisions[0]) if decisions else number, drawn)
        what = Text("画出输入数据“{name}”", "input data “{name}” drawn", name=input_.name)
        changes.append(Change(what, True, input_.line))
    for source in decisions:
        element = model.elements.get(source.get("id") or source.get("name") or "")
        if isinstance(element, Decision):
            wanted = [ids[each.id] for each in element.requires if each.id in ids]
            _require(source, wanted, space)
    return changes


def _require(decision: etree._Element, inputs: list[str], space: str | None) -> None:
    """Requirements stand after the variable and before the logic (DMN 1.5, 6.3.7)."""
    before = ("description", "extensionElements", "question", "allowedAnswers", "variable")
    at = sum(local(each) in before for each in decision)
    for id_ in reversed(inputs):
        requirement = etree.Element(etree.QName(space, "informationRequirement"))
        requirement.set("id", f"Requirement_{decision.get('id')}_{id_}")
        required = etree.SubElement(requirement, etree.QName(space, "requiredInput"))
        required.set("href", f"#{id_}")
        requirement.tail = "\n    "
        decision.insert(at, requirement)
