"""Roles given below the level of the cases: every task of theirs says where it waits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.pack.elements import words_of
from xiangyun.kernel.service.headers import TASK_PLACE
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.openings import OFFICIAL


def roles_below(item: ServiceItem, processes: Iterable[Process]) -> frozenset[str]:
    """Roles whose tasks all have the input `task_place`, and those that only open cases.

    A role for which one task waits where the case lies is not among them: whoever holds it in a
    village alone would never see that task.
    """
    way = item.opening(OFFICIAL)
    placed, others = set(way.names if way else ()), set[str]()
    for process in processes:
        for element in process.elements.values():
            roles = _roles(element)
            (placed if _says_where(element) else others).update(roles)
    return frozenset(placed - others)


def _roles(element: Element) -> list[str]:
    """The roles a task may wait for; of a formula, the words that stand in it."""
    if element.groups is None or element.groups.expression is None:
        return words_of(element.groups)
    return re.findall(r'"([^"]*)"', element.groups.text)


def _says_where(element: Element) -> bool:
    return any(transfer.target == TASK_PLACE for transfer in element.inputs)
