"""Reading `matchings/<code>.yaml` with its decision table; every fault at its line."""

from __future__ import annotations

from typing import Any, cast

from xiangyun.kernel.dmn import Model
from xiangyun.kernel.dmn.beside import read_beside
from xiangyun.kernel.dmn.model import Decision, TableBox
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.matching.model import (
    ORDERS,
    SIDES,
    Followed,
    Matching,
    MatchingExample,
    Order,
    Ranking,
    Secret,
    Side,
    SideName,
)
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Node, Report

WRITTEN = {
    "code": "company-loan",
    "register": "loan-product",
    "as": "product",
    "key": "code",
    "decision": "requirements",
    "order": "ascending",
    "offer": "offer",
    "demand": "demand",
    "day": "invited_on",
    "side": "demands",
    "field": "demand",
}
SAID = ("text", "text_en", "change", "change_en")
"""Annotations of a row: the requirement, and what would have to change, in both languages."""


def checked_matching(
    text: str, rules: str | None, file: str
) -> tuple[Matching | None, list[Finding]]:
    """The declaration, None where there is an error, and all findings.

    `rules` is the text of the `.dmn` beside it, None where there is none.
    """
    findings: list[Finding] = []
    # Rows that require different things may well fire together; the proofs are of single hits.
    root, model = read_beside(text, rules, file, "matching.E001", findings.append)
    if root is None:
        return None, findings
    matching = _matching(root, model, findings.append)
    broken = any(finding.severity == "error" for finding in findings)
    return (None if broken else matching), findings


def _matching(root: Node, model: Model | None, report: Report) -> Matching | None:
    f = Fields(root, report, examples=WRITTEN)
    code, name = f.string("code"), f.words("name")
    offers, demands = _side(f, "offers"), _side(f, "demands")
    decision = f.string("decision")
    examples = tuple(_example(node, report) for node in f.each("examples", required=False))
    followed = _followed(f.section("followed", required=False))
    secret = _secret(f.section("secret", required=False))
    f.done()
    if model is None or offers is None or demands is None:
        return None
    found = Matching(
        code, name, offers, demands, decision, model, examples, root.place, followed, secret
    )
    for finding in _faults(found, f.place("decision")):
        report(finding)
    return found


def _side(f: Fields, key: str) -> Side | None:
    section = f.section(key)
    if section is None:
        return None
    found = Side(
        register=section.string("register"),
        name=section.string("as"),
        key=section.string("key"),
        ranking=tuple(_ranking(node, f) for node in section.each("ranking", required=False)),
        place=section.node.place,
    )
    section.done()
    return found


def _followed(f: Fields | None) -> Followed | None:
    if f is None:
        return None
    invited = f.section("invited", required=False)
    books = f.section("books", required=False)
    found = Followed(
        register=f.string("register"),
        offer=f.string("offer"),
        demand=f.string("demand"),
        invites=invited is not None,
        values=_words(invited.take("values", required=False)) if invited is not None else {},
        day=invited.string("day") if invited is not None else "",
        of_offer=invited.strings("of_offer", required=False) if invited is not None else (),
        offers=f.strings("offers", required=False),
        demands=f.strings("demands", required=False),
        books=books.string("resource") if books is not None else "",
        at=books.string("at") if books is not None else "",
        place=f.node.place,
    )
    for section in (invited, books):
        if section is not None:
            section.done()
    f.done()
    return found


def _secret(f: Fields | None) -> Secret | None:
    if f is None:
        return None
    found = Secret(
        f.string("register"),
        cast("SideName", f.one_of("side", SIDES)),
        f.string("field"),
        _words(f.take("agreed", required=False)),
        f.node.place,
    )
    f.done()
    return found


def _words(node: Node | None) -> dict[str, str]:
    return {name: str(value) for name, value in _plain(node).items()}


def _ranking(node: Node, f: Fields) -> Ranking:
    section = Fields(node, f.report, "ranking", f.examples)
    found = Ranking(
        section.string("by"), cast("Order", section.one_of("order", ORDERS)), node.place
    )
    section.done()
    return found


def _example(node: Node, report: Report) -> MatchingExample:
    f = Fields(node, report, "examples")
    offer, demand = f.take("offer"), f.take("demand")
    unmet = f.strings("unmet", required=False)
    f.done()
    return MatchingExample(_plain(offer), _plain(demand), unmet, node.place)


def _plain(node: Node | None) -> dict[str, Any]:
    value = node.plain() if node is not None else None
    return value if isinstance(value, dict) else {}


def _faults(matching: Matching, place: Place) -> list[Finding]:
    model, sides = matching.model, (matching.offers, matching.demands)
    named = {each.name: each for each in model.elements.values()}
    found: list[Finding] = []
    decision = model.by_name.get(matching.decision)
    if not isinstance(decision, Decision):
        words = Text("决策", "decision")
        found.append(unknown("matching.E002", words, matching.decision, named, place))
    elif not (
        isinstance(decision.box, TableBox)
        and decision.box.policy == "COLLECT"
        and decision.box.aggregation == "COUNT"
        and decision.box.rules
    ):
        found.append(
            fault(
                "matching.E003",
                Text(
                    "“{decision}”不是数行数的决策表。",
                    "“{decision}” is not a decision table that counts its rows.",
                    decision=matching.decision,
                ),
                Place(model.file, decision.line),
                Text(
                    '请写 hitPolicy="COLLECT" aggregation="COUNT"，每行一项要求。',
                    'Write hitPolicy="COLLECT" aggregation="COUNT", a requirement a row.',
                ),
            )
        )
    else:
        found += _unsaid(model, decision.box)
    for side in sides:
        if not matching.fields(side):
            found.append(
                fault(
                    "matching.E004",
                    Text(
                        "决策没有输入“{name}”，或者它的各栏没有声明类型。",
                        "The decision has no input “{name}”, or its components have no types.",
                        name=side.name,
                    ),
                    side.place,
                    Text(
                        "请在决策表里写 inputData 和它的 itemDefinition。",
                        "Write its inputData and itemDefinition into the decision file.",
                    ),
                )
            )
        for ranking in side.ranking:
            if not isinstance(model.by_name.get(ranking.by), Decision):
                words = Text("决策", "decision")
                found.append(unknown("matching.E002", words, ranking.by, named, ranking.place))
    given = {side.name for side in sides}
    for name in model.inputs:
        if name not in given:
            words = Text("一方", "side")
            found.append(unknown("matching.E005", words, name, given, Place(model.file)))
    if len(given) < 2:
        found.append(
            fault(
                "matching.E006",
                Text("双方用了同一个名称。", "Both sides go by the same name."),
                matching.demands.place,
                Text("请给 as 写不同的名称。", "Give each an `as` of its own."),
            )
        )
    return found


def _unsaid(model: Model, table: TableBox) -> list[Finding]:
    return [
        fault(
            "matching.E007",
            Text(
                "行“{row}”没有说 {missing}。",
                "The row “{row}” does not say {missing}.",
                row=rule.id,
                missing=missing,
            ),
            Place(model.file, rule.line),
            Text(
                "每行用注释栏 text、text_en、change、change_en 说要求和要改变什么。",
                "Each row says in the annotations text, text_en, change and change_en what it"
                " requires and what would have to change.",
            ),
        )
        for rule in table.rules
        if (missing := [name for name in SAID if not rule.annotations.get(name, "").strip()])
    ]
