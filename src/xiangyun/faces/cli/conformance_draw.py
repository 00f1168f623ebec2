"""`xiangyun conformance draw FOLDER`: selections of RFC 3797, and beacons of drand.

Two layouts of JSON are known, and a folder may hold files of both:

- a selection: `sources` in their order, `key`, `pool`, `digests`, `selected`; each that is there
  must come out;
- beacons: `cases`, each with `name`, `scheme`, `public_key`, `round`, `previous_signature`,
  `signature`, and whether it is `valid`. `same_as` names an earlier case, whose fields hold where
  the case has none of its own; so do fields beside `cases`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from xiangyun.adapters.beacons import Beacons
from xiangyun.kernel.draw import nomcom
from xiangyun.kernel.draw.beacon import CannotCheck, read_round
from xiangyun.kernel.findings import Text

from .scoring import Score, command
from .telling import told


def run_draw(folder: Path) -> Score:
    """Try every case below a folder."""
    score = Score()
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            content = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        except (ValueError, RecursionError, OSError) as problem:
            score.count(name, "JSON", problem)
            continue
        for case, expected, got in _file(name, content):
            score.count(case, expected, got)
    return score


draw = command(
    "draw", "Repeat selections of RFC 3797 and check beacons of drand in FOLDER.", run_draw
)
Tried = tuple[str, object, object]
"""A case: where it stands, what is expected, what came."""


def _file(name: str, content: object) -> Iterator[Tried]:
    if isinstance(content, list):
        for number, each in enumerate(content, 1):
            yield from _file(f"{name}/{number}", each)
    elif isinstance(content, Mapping) and isinstance(content.get("cases"), list):
        yield from _cases(name, content)
    elif isinstance(content, Mapping) and _is_selection(content):
        yield from _selection(name, content)


def _is_selection(content: Mapping[str, Any]) -> bool:
    return "pool" in content and ("key" in content or "sources" in content)


# Selections of RFC 3797 -------------------------------------------------------------------------


def _selection(name: str, content: Mapping[str, Any]) -> Iterator[Tried]:
    """A selection is one case: what the file says of it, and what came of the same."""
    said = {part: content[part] for part in ("key", "digests", "selected") if part in content}
    if "digests" in said:
        said["digests"] = [str(each).upper() for each in content["digests"]]
    try:
        made: dict[str, object] = {}
        sources = content.get("sources")
        key = nomcom.key_of(sources) if sources is not None else str(content["key"])
        if "key" in said:
            made["key"] = key
        if "digests" in said:
            made["digests"] = nomcom.digests(key, len(said["digests"]))
        if "selected" in said:
            pool, count = int(content["pool"]), len(content["selected"])
            made["selected"] = nomcom.select_from(pool, key, count)
        yield name, said, made
    except (TypeError, ValueError, ArithmeticError) as problem:
        yield name, said, problem


# Beacons of drand -------------------------------------------------------------------------------


def _cases(name: str, content: Mapping[str, Any]) -> Iterator[Tried]:
    beside = {key: value for key, value in content.items() if key != "cases"}
    known: dict[str, Mapping[str, Any]] = {}
    beacons = Beacons()
    for number, case in enumerate(content["cases"], 1):
        if not isinstance(case, Mapping):
            yield f"{name}/{number}", "a mapping", case
            continue
        called = str(case.get("name") or number)
        where = f"{name}/{called}"
        if _is_selection(case):
            yield from _selection(where, case)
            continue
        earlier: Mapping[str, Any] = {}
        if (same := case.get("same_as")) is not None:
            if str(same) not in known:
                yield where, same, told(_no_such(str(same)))
                continue
            earlier = known[str(same)]
        whole = {**beside, **earlier, **case}
        known[called] = {key: value for key, value in whole.items() if key != "same_as"}
        expected = whole.get("valid")
        valid = {True: _VALID, False: _INVALID}.get(expected) if type(expected) is bool else None
        yield where, valid or "valid: true | false", _beacon(whole, beacons)


_VALID, _INVALID = "valid", "invalid"


def _beacon(case: Mapping[str, Any], beacons: Beacons) -> str:
    """What a round is found to be, or why it was not checked."""
    round = read_round(case)
    try:
        return _VALID if round is not None and beacons.is_genuine(round) else _INVALID
    except CannotCheck as problem:
        return told(problem.why)


def _no_such(name: str) -> Text:
    return Text("前面没有案例“{name}”。", "There is no earlier case “{name}”.", name=name)
