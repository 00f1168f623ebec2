"""The sections of service.yaml: authority, fee, laws, materials, places, remedies.

Those that count days stand in `times`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from xiangyun.kernel.codes import division
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, may_be_string, whole, wrong_kind
from xiangyun.kernel.packfile.laws import law_of
from xiangyun.kernel.packfile.yamltext import Node
from xiangyun.kernel.service import model as of
from xiangyun.kernel.service.instead import read_instead

_TWO = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}")
"""Characters that a unified social credit code may hold (GB 32100-2015, 4.2)."""


def party(f: Fields) -> of.PartyRole:
    """One role of `parties`: what kind of party, and which answers name it."""
    found = of.PartyRole(
        f.string("role"),
        f.one_of("kind", of.PARTY_KINDS),
        f.words("name"),
        f.string("code"),
        f.string("party_name"),
        f.one_of("sees", ("case", "letters")) == "case",
    )
    f.done()
    if found.role in (of.APPLICANT, of.AGENT):
        wanted = Text("别的角色名", "another word")
        f.report(wrong_kind("role", f.node.get("role") or f.node, wanted))
    return found


def authority(f: Fields) -> of.AuthorityRule:
    """The rule of the body that decides: its name leaves room for the division."""
    a = f.section("authority") or Fields(Node({}, f.place(), f.place()), lambda _: None)
    found = of.AuthorityRule(
        a.words("name"),
        a.words("general"),
        a.string("organisation"),
        a.one_of("kind", of.AUTHORITY_KINDS),
        a.text("entrusted_by"),
    )
    a.done()
    if found.name.zh and not all(of.DIVISION in words for words in (found.name.zh, found.name.en)):
        wanted = Text(
            "带有 {division} 的名称", "a name with {division} in it", division=of.DIVISION
        )
        a.report(wrong_kind("name", a.node.get("name") or a.node, wanted))
    if found.organisation and not _TWO.fullmatch(found.organisation):
        wanted = Text("两位数字或大写字母，如 XY", "two digits or capitals, such as XY")
        a.report(wrong_kind("organisation", a.node.get("organisation") or a.node, wanted))
    return found


def fee(f: Fields) -> of.Fee:
    """What it costs."""
    s = f.section("fee")
    if s is None:
        return of.Fee(False, Decimal(0), Text("", ""), "", False)
    found = of.Fee(
        s.boolean("charged"),
        s.number("amount"),
        s.words("explained"),
        law_of(s, s.node),
        s.boolean("verified"),
    )
    s.done()
    if not found.charged and found.amount:
        f.report(
            fault(
                "pack.E006",
                Text("不收费的事项金额应为 0。", "A service without a fee has the amount 0."),
                s.place("amount"),
            )
        )
    return found


def material(m: Fields) -> of.Material:
    """One paper of the application."""
    question = may_be_string(m, "question")
    found = of.Material(
        key=m.string("key"),
        name=m.words("name"),
        necessity=m.one_of("necessity", of.NECESSITIES),
        origin=m.one_of("origin", of.ORIGINS),
        question=question,
        form=m.one_of("form", of.FORMATS),
        original=m.boolean("original"),
        copies=whole(m, "copies"),
        page_format=may_be_string(m, "page_format"),
        standard=m.words("standard"),
        basis=law_of(m, m.node),
        verified=m.boolean("verified"),
        certificate=m.string("certificate", required=False),
        instead=read_instead(m, question),
        sample=m.string("sample", required=False),
        blank=m.string("blank", required=False),
    )
    m.done()
    return found


def result(f: Fields) -> of.Result:
    """What the applicant gets."""
    r = f.section("result")
    if r is None:
        return of.Result(Text("", ""), "", None, None)
    found = of.Result(
        r.words("name"),
        r.one_of("kind", of.RESULT_KINDS),
        may_be_string(r, "certificate"),
        may_be_string(r, "sample"),
    )
    r.done()
    return found


def places(f: Fields) -> of.Places:
    """Where to go: in general, and the offices known by name."""
    p = f.section("places") or Fields(Node({}, f.place(), f.place()), lambda _: None)
    found = of.Places(
        p.words("general"),
        tuple(office(Fields(node, f.report, "offices")) for node in p.each("offices")),
    )
    p.done()
    return found


def office(p: Fields) -> of.Office:
    """One place to go to."""
    found = of.Office(
        p.words("name"), p.words("address"), p.string("division"), p.text("hours", required=False)
    )
    p.done()
    if found.division and (wrong := division.problem(found.division)):
        p.report(replace(wrong, place=p.place("division")))
    return found


def remedies(f: Fields) -> tuple[of.Remedy, ...]:
    """Reconsideration and litigation, each with its time limit and law."""
    section = f.take("remedies")
    found = []
    for kind, node in section.items() if section else ():
        r = Fields(node, f.report, kind)
        unit = "months" if r.has("months") else "days"
        found.append(
            of.Remedy(
                kind, whole(r, unit), unit, r.words("to"), law_of(r, node), r.boolean("verified")
            )
        )
        r.done()
    return tuple(found)
