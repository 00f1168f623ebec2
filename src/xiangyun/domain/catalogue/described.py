"""What the public catalogue tells of a service: kept with its version, so that none is read anew.

A catalogue of thousands is asked for by programs: reading each `service.yaml` for it would take
minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.limits import HOURS
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

from .listing import stored_words, told_words


@dataclass(frozen=True, slots=True)
class Described:
    """A service as strangers are told of it. `event`, `inputs`: code or key, and name.

    `promised`: the promised time as a duration of XML Schema; empty where a formula gives it.
    """

    code: str
    basic_code: str
    item_type: str
    department: str
    begun: bool
    """Whether somebody begins it; what offices and duties open is nobody's to find."""
    promised: str
    applicants: tuple[str, ...]
    desks: tuple[str, ...]
    also_called: tuple[str, ...]
    fee: str
    name: Text
    summary: Text
    everyday_name: Text
    authority: Text
    fee_explained: Text
    result: Text
    event: tuple[str, Text] | None
    inputs: tuple[tuple[str, Text], ...]
    laws: tuple[Text, ...]


def kept(item: ServiceItem) -> dict[str, Any]:
    """What is told of a service, as it is stored with its version."""
    event = item.life_event
    return {
        "code": item.code,
        "basic_code": item.basic_code,
        "item_type": item.item_type,
        "department": item.department,
        "begun": any(item.opening(how) is not None for how in (APPLICANT, ANONYMOUS)),
        "promised": _duration(item),
        "applicants": list(item.applicants),
        "desks": list(item.filing_desks),
        "also_called": list(item.also_called),
        "fee": f"{item.fee.amount:f}",
        "name": stored_words(item.name),
        "summary": stored_words(item.summary),
        "everyday_name": stored_words(item.everyday_name),
        "authority": stored_words(item.authority.general),
        "fee_explained": stored_words(item.fee.explained),
        "result": stored_words(item.result.name),
        "event": [event.code, stored_words(event.name)] if event and event.name else None,
        "inputs": [[each.key, stored_words(each.name)] for each in item.materials],
        "laws": [stored_words(basis.words) for basis in item.legal_basis],
    }


def read(stored: Mapping[str, Any]) -> Described:
    """What was stored."""
    event = stored["event"]
    return Described(
        code=stored["code"],
        basic_code=stored["basic_code"],
        item_type=stored["item_type"],
        department=stored["department"],
        begun=stored["begun"],
        promised=stored["promised"],
        applicants=tuple(stored["applicants"]),
        desks=tuple(stored["desks"]),
        also_called=tuple(stored["also_called"]),
        fee=stored["fee"],
        name=told_words(stored["name"]),
        summary=told_words(stored["summary"]),
        everyday_name=told_words(stored["everyday_name"]),
        authority=told_words(stored["authority"]),
        fee_explained=told_words(stored["fee_explained"]),
        result=told_words(stored["result"]),
        event=(event[0], told_words(event[1])) if event else None,
        inputs=tuple((key, told_words(name)) for key, name in stored["inputs"]),
        laws=tuple(told_words(each) for each in stored["laws"]),
    )


def described(item: ServiceItem) -> Described:
    """What is told of an item, for a version that was published before this was kept."""
    return read(kept(item))


def _duration(item: ServiceItem) -> str:
    number = item.promised.number
    if not isinstance(number, int):  # a formula has as many as its cases have
        return ""
    return f"PT{number}H" if item.promised.unit in HOURS else f"P{number}D"
