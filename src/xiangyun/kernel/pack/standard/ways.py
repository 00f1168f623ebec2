"""What a standard way says, and how it is fitted to one item."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from xiangyun.kernel.bpmn import Process, read_processes
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.language import COMPLETE
from xiangyun.kernel.pack.standard import drawings
from xiangyun.kernel.pack.standard.words import APPLICANTS, CERTIFICATE, NAME, words
from xiangyun.kernel.packfile.citation import STANDARD_WAY
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.parameters import Figure, Parameter, Parameters
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml
from xiangyun.kernel.service.letters import Wording, read_texts
from xiangyun.kernel.service.model import Material, ServiceItem

PREFIX = "standard/"
_ENDS = """
outcomes:
  issued: {meaning: granted, stage: issue}
  refused: {meaning: denied}
  withdrawn: {meaning: taken_back}
  lapsed: {meaning: expired}
actions:
  refuse-application: {grave: true}
competent_question: home
"""
_CORRECT = "{id: correct, announced: false}"


@dataclass(frozen=True, slots=True)
class Way:
    """A standard way: its name, what service.yaml need not say, and where its letters look."""

    name: str
    service: str
    """Keys of service.yaml, as YAML."""
    asked: str
    """The variable that holds what is to be corrected."""
    why: str
    """The formula of the reason of a refusal."""

    @property
    def key(self) -> str:
        return self.name.removeprefix(PREFIX)


def _way(key: str, stages: str, roles: str, asked: str = "decision", why: str = "") -> Way:
    said = f"stages: [{stages}]\nroles: [{roles}]{_ENDS}"
    return Way(PREFIX + key, said, asked, why or f"{asked}.note")


WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        _way("immediate", f"submit, {_CORRECT}, decide, issue", "applicant, approver"),
        _way(
            "promised",
            f"submit, accept, {_CORRECT}, decide, issue",
            "applicant, acceptor, approver",
            "acceptance",
            "if decision != null then decision.note else acceptance.note",
        ),
        _way("report", f"submit, {_CORRECT}, decide, issue", "applicant, acceptor"),
    )
}


def way_of(root: Node, report: Report) -> Way | None:
    """The standard way that service.yaml names; None for an item with a process of its own."""
    node = root.get("process")
    if node is None:
        return None
    name = node.value if isinstance(node.value, str) else ""
    if name not in WAYS:
        report(unknown("pack.E270", Text("标准办理方式", "standard way"), name, WAYS, node.place))
    # Of a name that is none the rest is read as of any, or all that a way says would be missed.
    return WAYS.get(name, WAYS[PREFIX + "promised"])


def completed(root: Node, way: Way) -> Node:
    """service.yaml with what the way says of it; what the item says itself stands."""
    assert isinstance(root.value, dict)
    own = root.value
    name = own.get("name")
    zh = name.get("zh-Hans") if name else None
    words_of = zh.value if zh and isinstance(zh.value, str) else ""
    at = own["process"].place
    formula = f"={json.dumps(words_of + '：', ensure_ascii=False)} + application.applicant_name"
    said = {"subject": Node(formula, at, at), **_said(way)}
    return Node(
        {**{key: said[key] for key in said if key not in own}, **own}, root.place, root.inner
    )


@lru_cache(maxsize=8)
def _said(way: Way) -> dict[str, Node]:
    found = read_yaml(way.service, way.name, _never)
    assert found is not None
    return dict(found.items())


def own_files_wrong(files: Mapping[str, str], way: Way) -> Iterator[Finding]:
    """Files that an item of a standard way cannot have: the way is proved as it is."""
    for path in files:
        if path.endswith((".bpmn", ".dmn")):
            yield fault(
                "pack.E271",
                Text(
                    "事项按“{way}”办理，不能另有 {path}。",
                    "The item goes the way “{way}” and cannot have {path} as well.",
                    way=way.name,
                    path=path,
                ),
                Place(path),
                Text(
                    "请删去这个文件；要有自己的流程，请删去 service.yaml 的 process。",
                    "Delete the file; for a process of its own remove `process` from service.yaml.",
                ),
            )


def own_form_wrong(form: Form, item: ServiceItem, way: Way) -> Iterator[Finding]:
    """Questions that the letters of a way need and a form of the item's own does not ask."""
    asked = {question.key for question in form.questions}
    for key in ("applicant_name", item.competent_question):
        if key not in asked:
            yield fault(
                "pack.E272",
                Text(
                    "事项按“{way}”办理，表单里却没有问题“{key}”。",
                    "The item goes the way “{way}”, and its form lacks the question “{key}”.",
                    way=way.name,
                    key=key,
                ),
                Place("form.json"),
                Text(
                    "请补上这个问题；或者删去 form.json，由材料生成表单。",
                    "Add it, or delete form.json: the form is then made from the materials.",
                ),
            )


@lru_cache(maxsize=512)
def drawing(way: Way, certificate: str) -> Process:
    """The process of a way; `certificate` is the id of what it issues, empty for none."""
    text = getattr(drawings, way.key)(certificate)
    found, _ = read_processes({"process.bpmn": text})
    return found["process.bpmn"]


def figures() -> Parameters:
    """The figures that every way uses."""
    days = Figure(Decimal(15), date(2000, 1, 1), STANDARD_WAY.zh, False, Place(PREFIX))
    named = Text("补正期限（日）", "Days to correct")
    return Parameters((Parameter("correction_days", named, (days,)),))


# -- the form and the words, from the item --------------------------------------------------------


def taken_by_form(item: ServiceItem) -> ServiceItem:
    """The item with each paper that the applicant brings asked for by a question of its own."""
    return replace(
        item,
        materials=tuple(
            replace(each, question=each.key) if _is_asked(each) else each for each in item.materials
        ),
    )


def _is_asked(material: Material) -> bool:
    return material.origin == "applicant" and material.question in (None, "", material.key)


def form_text(item: ServiceItem) -> str:
    """form.json of an item: who applies, where, and a file for each paper."""
    kind = _applicants(item)
    base = APPLICANTS[kind]
    sources = {
        "person": ({"source": "person.name", "format": "name"},
                   {"source": "person.id_number", "format": "resident-id"}),
        "company": ({"source": "company.name"}, {"source": "company.code"}),
        "anybody": ({}, {}),
    }[kind]  # fmt: skip
    who = [
        _question(key, "textfield", base[f"form.{key}.label"][0], base[f"form.{key}.why"][0],
                  properties=properties, most=100)
        for key, properties in zip(("applicant_name", "applicant_id"), sources, strict=True)
    ]  # fmt: skip
    shared = words("immediate", "", "")
    who.append(
        _question("home", "textfield", shared["form.home.label"][0], shared["form.home.why"][0],
                  properties={"format": "division"})
    )  # fmt: skip
    papers = [
        {
            **_question(each.key, "filepicker", each.name.zh, _why(each).zh,
                        properties={"max_mb": "10"}, required=each.necessity == "required"),
            "accept": ".pdf,.jpg,.jpeg,.png",
        }
        for each in item.materials if _is_asked(each)
    ]  # fmt: skip
    papers.append(
        _question("promise", "checkbox", shared["form.promise.label"][0],
                  shared["form.promise.why"][0])
    )  # fmt: skip
    pages = [
        {"type": "group", "id": id, "label": shared[f"page.{id}.title"][0], "components": asked}
        for id, asked in (("who", who), ("what", papers))
    ]
    return json.dumps(
        {"type": "default", "id": "application", "schemaVersion": 17, "components": pages},
        ensure_ascii=False,
    )


def _question(
    key: str,
    kind: str,
    label: str,
    why: str,
    *,
    properties: Mapping[str, str] | None = None,
    required: bool = True,
    most: int = 0,
) -> dict[str, object]:
    rules: dict[str, object] = {"required": True} if required else {}
    if most:
        rules["maxLength"] = most
    return {
        "type": kind,
        "id": f"q_{key}",
        "key": key,
        "label": label,
        "description": why,
        **({"validate": rules} if rules else {}),
        **({"properties": dict(properties)} if properties else {}),
    }


def _why(material: Material) -> Text:
    return material.standard


def _applicants(item: ServiceItem) -> str:
    """Who applies: people, organisations only, or both."""
    if item.applicants == ("person",):
        return "person"
    return "anybody" if "person" in item.applicants else "company"


def wordings(way: Way, item: ServiceItem) -> dict[str, dict[str, Wording]]:
    """The words of an item that names a way, by language and key."""
    base = _base(way, _applicants(item), bool(item.result.certificate))
    conditions = item.accept_conditions
    who = Text.given(
        "；".join(each.zh.rstrip("。") for each in conditions) + "。",
        "; ".join(each.en.rstrip(".") for each in conditions) + ".",
    )
    own = {"guide.who": who if conditions else item.summary}
    for each in item.materials:
        if _is_asked(each):
            own |= {f"form.{each.key}.label": each.name, f"form.{each.key}.why": _why(each)}
    at = Place(way.name)
    found: dict[str, dict[str, Wording]] = {}
    for tag, language in COMPLETE.items():
        name = item.name.pick(language).replace("{", "").replace("}", "")
        found[tag] = {
            key: replace(each, words=each.words.replace(NAME, name)) if NAME in each.words else each
            for key, each in base[tag].items()
        } | {key: Wording(text.pick(language), at) for key, text in own.items()}
    return found


@lru_cache(maxsize=32)
def _base(way: Way, applicants: str, certificate: bool) -> dict[str, dict[str, Wording]]:
    pairs = {**words(way.key, way.asked, way.why), **APPLICANTS[applicants]}
    if certificate:
        pairs.pop("element.gate_outcome_to_letter_issued")
        pairs |= CERTIFICATE
    at = Place(way.name)
    found = {}
    for index, tag in enumerate(COMPLETE):
        # The Chinese of what is drawn stands in the drawing.
        nodes = {key: Node(pair[index], at, at) for key, pair in pairs.items() if pair[index]}
        found[tag] = read_texts(Node(nodes, at, at), _never)
    return found


def _never(finding: Finding) -> None:
    """What the platform wrote itself is right; a fault of it is one of the program."""
    raise AssertionError(str(finding.message))
