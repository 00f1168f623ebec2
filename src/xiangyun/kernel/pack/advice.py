"""What the rules can say before an application is sent.

A service names in `public_decisions` the decisions that may speak to the applicant; those that look
for risks are left out. A decision speaks as soon as every question is answered that it, or one it
requires, asks about, so that nobody is told of what was not yet to be filled in. What a script of
the process makes of the starting variables alone is known as well as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass

from xiangyun.kernel.bpmn.model import Formula
from xiangyun.kernel.dmn import Decided, Model, decide
from xiangyun.kernel.dmn.model import Decision, InputData
from xiangyun.kernel.feel import DateTime, Value
from xiangyun.kernel.pack.model import Pack
from xiangyun.kernel.pack.taskforms import TASKS
from xiangyun.kernel.pack.variables import STARTING
from xiangyun.kernel.service.ruling import SEVERITIES, NotMet, RuleFinding, findings_of, not_met

_MEMBER = re.compile(r"\bapplication\b(?:\s*\.\s*([A-Za-z_]\w*))?", re.ASCII)
_PLACES = frozenset({"division", "authority"})


def advice(
    pack: Pack,
    variables: Mapping[str, Value],
    answered: Collection[str],
    now: DateTime | None = None,
) -> tuple[RuleFinding, ...]:
    """The findings of the public decisions that can speak, worst first, each once.

    `variables` are the starting variables with the functions of the host; `answered` the keys of
    all questions that were asked already or need not be.
    """
    found: dict[str, RuleFinding] = {}
    for decided in _spoken(pack, variables, answered, now):
        found |= {finding.id: finding for finding in findings_of(decided)}
    return tuple(sorted(found.values(), key=lambda each: SEVERITIES.index(each.severity)))


def not_applying(
    pack: Pack,
    variables: Mapping[str, Value],
    answered: Collection[str],
    now: DateTime | None = None,
) -> tuple[NotMet, ...]:
    """What the public decisions that can speak found not to apply, each once, in their order.

    Arguments as of `advice`.
    """
    found: dict[str, NotMet] = {}
    for decided in _spoken(pack, variables, answered, now):
        found |= {each.id: each for each in not_met(decided)}
    return tuple(found.values())


def _spoken(
    pack: Pack,
    variables: Mapping[str, Value],
    answered: Collection[str],
    now: DateTime | None,
) -> Iterator[Decided]:
    """The public decisions that can speak, as they come out."""
    known = {**pack.unset, **variables}
    for name, made in _prepared(pack).items():
        known[name] = made.value(known, now)
    for name in pack.service.public_decisions:
        if pack.rules is not None and can_speak(pack, name, answered):
            yield decide(pack.rules, name, known, now=now)


def can_speak(pack: Pack, decision: str, answered: Collection[str]) -> bool:
    """Whether all that a decision asks about is known before the application is sent."""
    assert pack.rules is not None
    inputs, keys, everything = _needs(pack.rules, decision)
    for name, made in _prepared(pack).items():
        if name in inputs:
            assert made.expression is not None
            inputs = inputs - {name} | made.expression.values_needed & set(STARTING)
            members, whole = _asked_in(made.text)
            keys, everything = keys | members, everything or whole
    if not inputs <= set(STARTING) - {TASKS}:
        return False  # it waits for what the process looks up
    wanted = set(keys)
    if everything:
        wanted |= {question.key for question in pack.form.questions}
    if inputs & _PLACES:
        wanted.add(pack.service.competent_question)
    return wanted <= set(answered)


def _prepared(pack: Pack) -> Mapping[str, Formula]:
    """What scripts of the main process make of the starting variables alone, by their variable.

    Left out is what two scripts make, and what looks at forms of tasks: it may change on the way.
    """
    known = set(STARTING) - {TASKS}
    found: dict[str, list[Formula]] = {}
    for element in pack.process.elements.values():
        made = element.script
        if made is not None and made.expression is not None:
            found.setdefault(element.result_variable, []).append(made)
    return {
        name: some[0]
        for name, some in found.items()
        if len(some) == 1
        and name not in STARTING
        and some[0].expression is not None
        and not some[0].expression.unknown_names(known)
    }


def all_rows(rules: Model) -> frozenset[str]:
    """The ids of all rows of all decisions."""
    boxes = (getattr(each, "box", None) for each in rules.elements.values())
    return frozenset(rule.id for box in boxes for rule in getattr(box, "rules", ()))


def public_rows(pack: Pack) -> frozenset[str]:
    """The ids of all rows of the public decisions and of those that they require."""
    if pack.rules is None:
        return frozenset()
    return frozenset(
        rule.id
        for name in pack.service.public_decisions
        for each in _required(pack.rules, name)
        for rule in getattr(each.box, "rules", ())
    )


def _needs(model: Model, decision: str) -> tuple[frozenset[str], frozenset[str], bool]:
    """The inputs, the questions of the form, and whether the whole application is passed on."""
    inputs: set[str] = set()
    keys: set[str] = set()
    everything = False
    for each in _required(model, decision):
        needed = (model.elements.get(need.id) for need in each.requires)
        inputs |= {one.name for one in needed if isinstance(one, InputData)}
        for source in texts_of(each.box):
            members, whole = _asked_in(source)
            keys |= members
            everything = everything or whole
    return frozenset(inputs), frozenset(keys), everything


def _asked_in(source: str) -> tuple[frozenset[str], bool]:
    """The questions whose answers an expression reads, and whether it passes on all of them."""
    found = [match[1] for match in _MEMBER.finditer(source)]
    return frozenset(key for key in found if key), not all(found)


def _required(model: Model, decision: str) -> list[Decision]:
    """A decision, by id or name, with all that it requires."""
    found: dict[str, Decision] = {}
    waiting = [e for e in model.elements.values() if decision in (e.id, e.name)]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Decision) and each.id not in found:
            found[each.id] = each
            needed = (model.elements.get(need.id) for need in each.requires)
            waiting += [one for one in needed if one is not None]
    return list(found.values())


def texts_of(box: object) -> Iterator[str]:
    """The texts of all expressions in a box."""
    source = getattr(box, "source", None)
    if isinstance(source, str):
        yield source
    elif isinstance(box, tuple | list):
        for item in box:
            yield from texts_of(item)
    elif is_dataclass(box):
        for each in fields(box):
            yield from texts_of(getattr(box, each.name))
