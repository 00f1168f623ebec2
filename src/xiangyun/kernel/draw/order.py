"""The order of a draw: what is fixed and published before anybody can know the outcome.

It names the frame and the inspectors by their hashes, says how many of each stratum are drawn and
who visits them, carries the commitment to a secret, and names the beacon that will be revealed. The
seed follows from the order, the secret and the beacon: none of the three alone decides anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.ledger.jcs import canonical

FORMAT = "xiangyun-draw-1"
_TAKE = re.compile(r"(\d{1,12})(?:\.(\d{1,9}))?%|(\d{1,12})")
_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\s,/\"]{1,80}")
"""Names of strata, teams, objects and inspectors: no space, comma, slash or quotation mark."""


@dataclass(frozen=True, slots=True)
class Take:
    """How many of a stratum: a share of its objects, rounded up, or a number of them."""

    part: int
    of: int
    """Zero: `part` is the number itself."""

    def count(self, objects: int) -> int:
        """How many of so many objects; never more than there are."""
        if not self.of:
            return min(self.part, objects)
        return min(-(-objects * self.part // self.of), objects)


def read_take(text: str) -> Take:
    """`30%`, `0.5%` or `120`. Raises Refused `draw.E004` for anything else."""
    found = _TAKE.fullmatch(text)
    if found is None:
        raise _refused(
            "draw.E004",
            Text(
                "“{text}”不是份额，也不是数目。", "“{text}” is no share and no number.", text=text
            ),
            Text("例如 30%、0.5% 或 120。", "Such as 30%, 0.5% or 120."),
        )
    percent, decimals, number = found.groups()
    if number is not None:
        return Take(int(number), 0)
    decimals = decimals or ""
    return Take(int(percent + decimals), 100 * 10 ** len(decimals))


@dataclass(frozen=True, slots=True)
class Stratum:
    """The objects of one class, and how many of them are drawn."""

    name: str
    take: Take


@dataclass(frozen=True, slots=True)
class Team:
    """A department that takes part in the visits, and how many inspectors it sends to each."""

    name: str
    inspectors: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as a value. `written` is the mapping that is hashed, with all that it says besides.

    Hashes are of SHA-256, 64 hexadecimal digits in small letters.
    """

    written: Mapping[str, Any]
    frame: str
    inspectors: str
    strata: tuple[Stratum, ...]
    teams: tuple[Team, ...]
    commitment: str
    beacon: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 over the order as canonical JSON (RFC 8785)."""
        return hashlib.sha256(canonical(self.written)).hexdigest()

    def seed(self, secret: str, value: str) -> str:
        """The seed by the secret and the value of the beacon, all in hexadecimal."""
        lines = "\n".join((FORMAT, self.digest, secret, value, ""))
        return hashlib.sha256(lines.encode()).hexdigest()


def committed(secret: str) -> str:
    """The commitment to a secret of 32 bytes or more in hexadecimal: SHA-256 over its bytes.

    Raises ValueError for what is no such secret.
    """
    content = bytes.fromhex(secret)
    if len(content) < 32 or secret != content.hex():
        raise ValueError("a secret is 32 bytes or more, written in small hexadecimal digits")
    return hashlib.sha256(content).hexdigest()


def read_order(written: object) -> Order:
    """The order from its JSON. Raises Refused with all that is wrong: `draw.E001`, `E004`, `E005`.

    Two inspectors or more go to an object: an order that sends fewer is refused.
    """
    if not isinstance(written, Mapping) or written.get("format") != FORMAT:
        raise _refused(
            "draw.E001",
            Text("这不是抽查令：缺少“format: {format}”。",
                 "This is no order of a draw: it lacks “format: {format}”.", format=FORMAT),
        )  # fmt: skip
    wrong: list[Finding] = []
    order = Order(
        written,
        frame=_hash(written, "frame", wrong),
        inspectors=_hash(written, "inspectors", wrong),
        strata=tuple(_strata(written, wrong)),
        teams=tuple(_teams(written, wrong)),
        commitment=str(written.get("commitment") or ""),
        beacon=written["beacon"] if isinstance(written.get("beacon"), Mapping) else {},
    )
    if not _HASH.fullmatch(order.commitment):
        wrong.append(_lacking("commitment"))
    if not order.beacon:
        wrong.append(_lacking("beacon"))
    if sum(team.inspectors for team in order.teams) < 2:
        wrong.append(
            _finding(
                "draw.E005",
                Text("每个对象少于两名检查人员。", "Fewer than two inspectors go to an object."),
                Text("请在 teams 里写够两人或更多。", "Let `teams` send two or more together."),
            )
        )
    if wrong:
        raise Refused(wrong)
    return order


def _hash(written: Mapping[str, Any], key: str, wrong: list[Finding]) -> str:
    part = written.get(key)
    found = str(part.get("sha256") or "") if isinstance(part, Mapping) else ""
    if not _HASH.fullmatch(found):
        wrong.append(_lacking(f"{key}.sha256"))
    return found


def _items(written: Mapping[str, Any], key: str, name: str, wrong: list[Finding]) -> list[Any]:
    found = written.get(key)
    items = [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
    names = [str(each.get(name)) for each in items]
    if not items or len(items) != len(found or ()) or len(set(names)) != len(names):
        wrong.append(_lacking(key))
        return []
    for each in names:
        if not is_name(each):
            wrong.append(bad_name(each, key))
    return items


def _strata(written: Mapping[str, Any], wrong: list[Finding]) -> list[Stratum]:
    found = []
    for each in _items(written, "strata", "stratum", wrong):
        try:
            found.append(Stratum(str(each["stratum"]), read_take(str(each.get("take")))))
        except Refused as refused:
            wrong += refused.findings
    return found


def _teams(written: Mapping[str, Any], wrong: list[Finding]) -> list[Team]:
    found = []
    for each in _items(written, "teams", "team", wrong):
        number = each.get("inspectors")
        if type(number) is not int or not 1 <= number <= 100:
            wrong.append(_lacking("teams.inspectors"))
        else:
            found.append(Team(str(each["team"]), number))
    return found


def is_name(text: str) -> bool:
    """Whether something may be called so in the files of a draw."""
    return _NAME.fullmatch(text) is not None


def bad_name(name: str, where: str) -> Finding:
    """What is said of a name that cannot stand in the files of a draw."""
    return _finding(
        "draw.E002",
        Text("{where}：名称“{name}”不能用。", "{where}: “{name}” cannot be a name.",
             where=where, name=name),
        Text("名称里不能有空格、逗号、斜杠或引号，最多 80 个字。",
             "A name has no space, comma, slash or quotation mark, and at most 80 characters."),
    )  # fmt: skip


def _lacking(key: str) -> Finding:
    return _finding(
        "draw.E001",
        Text("抽查令里的“{key}”缺少或不对。", "“{key}” of the order is missing or wrong.", key=key),
        Text("格式见 docs/reference/draw.md。", "See docs/reference/draw.md for its form."),
    )


def _finding(id: str, message: Text, hint: Text | None = None) -> Finding:
    return Finding(id, "error", message, None, hint)


def _refused(id: str, message: Text, hint: Text | None = None) -> Refused:
    return Refused([_finding(id, message, hint)])
