"""What a few answers already decide: materials, fees and days, by the rules of the service itself.

The declared questions are those of the form, the decisions those of `rules.dmn`, and the formulas
those of the time limits and the fees. Nothing is said twice, so nothing can differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiangyun.kernel.dmn import decide
from xiangyun.kernel.dmn.model import Decision
from xiangyun.kernel.feel import DateTime, Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import Question, submitted
from xiangyun.kernel.pack.advice import texts_of
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.reader import PackSources
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.service.limits import Span, TimeLimit, span
from xiangyun.kernel.service.model import Material, ServiceItem
from xiangyun.kernel.service.ruling import findings_of
from xiangyun.kernel.service.whichcase import WhichCase

ASKED = frozenset({"radio", "select", "checkbox", "checklist", "number"})
"""The kinds of questions that sort cases: a name or a file does not."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What the answers come to.

    `materials`: every paper, with True where it is needed, False where it is not, and None where
    these answers do not say. `fees`: in yuan, None where the answers do not say.
    """

    materials: tuple[tuple[Material, bool | None], ...]
    fees: tuple[tuple[FeeItem, Decimal | None], ...]
    statutory: Span
    promised: Span


def asked(pack: Pack) -> tuple[Question, ...]:
    """The questions that a service asks beforehand, in its order; none where it asks nothing."""
    rule = pack.service.which_case
    if rule is None:
        return ()
    of = {each.key: each for each in pack.form.questions}
    return tuple(of[key] for key in rule.questions if key in of)


def sorted_by(
    pack: Pack,
    variables: Mapping[str, Value],
    answers: Mapping[str, Value],
    *,
    on: date,
    now: DateTime | None = None,
) -> Sorted:
    """What answers to the questions of `asked` come to.

    `variables` are the starting variables made of these answers, with the functions of the host.
    """
    rule = pack.service.which_case
    assert rule is not None
    known: dict[str, Value] = {**pack.unset, **variables}
    for name, decision in rule.decisions if pack.rules is not None else ():
        assert pack.rules is not None
        _put(known, name, decide(pack.rules, decision, known, now=now).value)
    item = pack.service
    return Sorted(
        tuple(_materials(pack, rule, known, answers, now)),
        tuple((fee, _amount(fee, known, now)) for fee in item.fees),
        _span(item, item.statutory, known, pack.parameters.on(on)),
        _span(item, item.promised, known, pack.parameters.on(on)),
    )


def _put(known: dict[str, Value], name: str, value: Value) -> None:
    """Set a variable, or a member of one."""
    first, _, member = name.partition(".")
    if not member:
        known[first] = value
        return
    held = known.get(first)
    known[first] = {**(held if isinstance(held, dict) else {}), member: value}


def _materials(
    pack: Pack,
    rule: WhichCase,
    known: Mapping[str, Value],
    answers: Mapping[str, Value],
    now: DateTime | None,
) -> Iterator[tuple[Material, bool | None]]:
    missing: set[str] = set()
    named = _named(pack, rule.materials)
    if named:
        assert pack.rules is not None
        decided = decide(pack.rules, rule.materials, known, now=now)
        missing = {found.field for found in findings_of(decided)}
    open_ = submitted(pack.form, answers)
    for material in pack.service.materials:
        key = material.question
        if key is not None and key not in open_:
            yield material, False
        elif key is not None and key in named:
            yield material, key in missing
        else:
            yield material, True if material.necessity == "required" else None


def _named(pack: Pack, decision: str) -> frozenset[str]:
    """The questions for papers that a decision speaks of."""
    if not decision or pack.rules is None:
        return frozenset()
    wanted = {material.question for material in pack.service.materials if material.question}
    for each in pack.rules.elements.values():
        if isinstance(each, Decision) and decision in (each.id, each.name):
            said = " ".join(texts_of(each.box))
            return frozenset(key for key in wanted if f'"{key}"' in said)
    return frozenset()


def _amount(fee: FeeItem, known: Mapping[str, Value], now: DateTime | None) -> Decimal | None:
    try:
        return fee.amount_of(known, now)
    except Refused:
        return None


def _span(
    item: ServiceItem, limit: TimeLimit, known: Mapping[str, Value], figures: Mapping[str, Value]
) -> Span:
    """A limit of this case, or that of all kinds where the answers do not say which."""
    number = limit.value(known)
    return Span(number, number) if number is not None else span(limit, item.kinds, figures)


def check_which_case(sources: PackSources) -> Iterator[Finding]:
    """The questions are of the form and sort cases, and the decisions are of the rules.

    `pack.E665` for a question that is none, or of a kind that does not sort; `pack.E666` for a
    decision that `rules.dmn` has not.
    """
    if sources.service is None:
        return
    rule, names = sources.service.which_case, sources.service.name_check
    of = {each.key: each for each in sources.form.questions} if sources.form else {}
    places = {key: each.place for each in (rule, names) if each for key in each.questions}
    for key, place in places.items():
        if key not in of:
            yield unknown("pack.E665", Text("问题", "question"), key, of, place)
    for key in rule.questions if rule else ():
        assert rule is not None
        if key not in of:
            continue
        if of[key].kind not in ASKED:
            yield fault(
                "pack.E665",
                Text(
                    "问题“{key}”分不出情形：请用选择、是否或者数字。",
                    "The question “{key}” sorts no cases: use a choice, yes or no, or a number.",
                    key=key,
                ),
                rule.place,
            )
    elements = sources.rules.elements.values() if sources.rules else ()
    decisions = [
        name for each in elements if isinstance(each, Decision) for name in (each.id, each.name)
    ]
    wanted = {name: rule.place for _, name in rule.decisions} if rule else {}
    if rule and rule.materials:
        wanted[rule.materials] = rule.place
    if names:
        wanted |= dict.fromkeys(names.decisions, names.place)
    for name, place in wanted.items():
        if name not in decisions:
            yield unknown("pack.E666", Text("决策", "decision"), name, decisions, place)
