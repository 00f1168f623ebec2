"""The published record of a draw, its outcome, and how anybody repeats it.

A record is `draw.json` (order, reveal, recusals, the outcome's hash) with the lists that it names
beside it: frame, inspectors, outcome. Nothing but the record is needed to repeat the draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xiangyun.kernel.draw.assignment import Recusal, assign
from xiangyun.kernel.draw.beacon import Beacons, value_of
from xiangyun.kernel.draw.frame import FRAME, INSPECTORS, Frame, read_frame, read_inspectors
from xiangyun.kernel.draw.order import Order, committed, read_order
from xiangyun.kernel.draw.selection import Visit, select
from xiangyun.kernel.findings import Finding, Refused, Text

RECORD = "draw.json"
RESULT = "result.csv"
RESULT_HEAD = "stratum,number,ticket,object,state,inspectors,struck,short"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked. `passed` None: it could not be checked here."""

    text: Text
    passed: bool | None


Answer = Literal["valid", "altered", "not yet revealed", "unproven"]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What came of repeating a draw: the steps, and the outcome where it came so far."""

    steps: tuple[Step, ...]
    result: bytes | None = None
    revealed: bool = True

    @property
    def answer(self) -> Answer:
        """`altered` where a step failed, `unproven` where one could not be checked."""
        if any(step.passed is False for step in self.steps):
            return "altered"
        if not self.revealed:
            return "not yet revealed"
        return "unproven" if any(step.passed is None for step in self.steps) else "valid"


def draw(order: Order, seed: str, frame: bytes, inspectors: bytes, recusals: Sequence[Recusal]
) -> tuple[Frame, list[Visit]]:  # fmt: skip
    """Draw: the frame as it was read, and the visits.

    Raises Refused where a list is wrong, and `draw.E003` where it is not the one that was frozen.
    """
    for file, content, digest in (
        (FRAME, frame, order.frame),
        (INSPECTORS, inspectors, order.inspectors),
    ):
        frozen = _is_frozen(file, digest, {file: content})
        if not frozen.passed:
            raise Refused([Finding("draw.E003", "error", frozen.text, None)])
    return _drawn(order, seed, frame, inspectors, recusals)


def _drawn(
    order: Order, seed: str, frame: bytes, inspectors: bytes, recusals: Sequence[Recusal]
) -> tuple[Frame, list[Visit]]:
    people, objects = read_inspectors(inspectors), read_frame(frame)
    drawn = select(objects, order.strata, seed)
    assign(objects, drawn, people, order.teams, seed, recusals)
    return objects, drawn


def write_result(frame: Frame, visits: Sequence[Visit]) -> bytes:
    """The outcome as the file that is published: a line for every object on which a ticket fell."""
    lines = [RESULT_HEAD]
    for visit in visits:
        state = "skipped" if visit.skipped else "drawn"
        lines.append(
            f"{visit.stratum},{visit.number},{visit.ticket},{frame.code(visit.row)},{state},"
            f"{visit.inspectors},{visit.struck},{visit.short}"
        )
    return ("\n".join(lines) + "\n").encode()


def recusals_in(record: Mapping[str, Any]) -> list[Recusal]:
    """The recusals of a record, in their order. Raises Refused `draw.E001`."""
    found = record.get("recusals") or []
    try:
        return [Recusal(str(each["object"]), str(each["inspector"])) for each in found]
    except (TypeError, KeyError):
        raise _malformed("recusals") from None


def repeat(record: object, files: Mapping[str, bytes], beacons: Beacons) -> Repeated:
    """Repeat a draw from its record and the files beside it, and say step by step what agrees.

    `beacons` checks what was revealed by others. Raises Refused where the record has not the form
    of one; what was changed is a step that failed.
    """
    if not isinstance(record, Mapping):
        raise _malformed(RECORD)
    order, steps = read_order(record.get("order")), list[Step]()
    for file, digest in ((FRAME, order.frame), (INSPECTORS, order.inspectors)):
        steps.append(_is_frozen(file, digest, files))
    reveal = record.get("reveal")
    said = record.get("digest")
    if said is not None:
        steps.append(_step(said == order.digest, _ORDER_SAME, _ORDER_CHANGED))
    if any(step.passed is False for step in steps):
        return Repeated(tuple(steps))
    if not isinstance(reveal, Mapping):
        return Repeated((*steps, Step(_NOT_REVEALED, None)), revealed=False)
    secret = str(reveal.get("secret") or "")
    steps.append(_step(_opens(secret, order.commitment), _SECRET_FITS, _SECRET_DIFFERS))
    value, beacon = value_of(order.beacon, reveal.get("beacon"), beacons)
    steps.append(Step(beacon.text, beacon.passed))
    if any(step.passed is False for step in steps):
        return Repeated(tuple(steps))
    seed = order.seed(secret, value)
    objects, visits = _drawn(order, seed, files[FRAME], files[INSPECTORS], recusals_in(record))
    result = write_result(objects, visits)
    steps.append(_same_result(result, files.get(RESULT), record.get("result")))
    return Repeated(tuple(steps), result)


def _is_frozen(file: str, digest: str, files: Mapping[str, bytes]) -> Step:
    if file not in files:
        return Step(Text("缺少 {file}。", "{file} is missing.", file=file), False)
    same = hashlib.sha256(files[file]).hexdigest() == digest
    return _step(
        same,
        Text("{file} 与令中的哈希一致。", "{file} has the hash that the order names.", file=file),
        Text("{file} 在发令之后被改动过：哈希不一致。",
             "{file} was changed after the order: its hash differs.", file=file),
    )  # fmt: skip


def _opens(secret: str, commitment: str) -> bool:
    try:
        return committed(secret) == commitment
    except ValueError:
        return False


def _same_result(result: bytes, published: bytes | None, digest: object) -> Step:
    """Whether the published outcome is the one that comes out."""
    said = digest.get("sha256") if isinstance(digest, Mapping) else None
    if said is not None and said != hashlib.sha256(result).hexdigest():
        where = _first_difference(result, published) if published is not None else ""
        return Step(
            Text("公布的结果与重算的不同。{where}",
                 "The published outcome is not the one that comes out. {where}", where=where),
            False,
        )  # fmt: skip
    if published is None:
        if said is not None:
            return Step(_SAME, True)
        return Step(_NO_RESULT, None)
    if published != result:
        return Step(
            Text("{file} 与重算的不同：{where}", "{file} is not what comes out: {where}",
                 file=RESULT, where=_first_difference(result, published)),
            False,
        )  # fmt: skip
    return Step(_SAME, True)


def _first_difference(result: bytes, published: bytes) -> str:
    ours, theirs = result.decode().split("\n"), published.decode(errors="replace").split("\n")
    for number, (own, other) in enumerate(zip(ours, theirs, strict=False), 1):
        if own != other:
            return f"{number}: {own} ≠ {other[:300]}"
    return f"{len(ours)} ≠ {len(theirs)}"


def _step(passed: bool, right: Text, wrong: Text) -> Step:
    return Step(right if passed else wrong, passed)


_ORDER_SAME = Text("抽查令与公布的哈希一致。", "The order has the hash that was published.")
_ORDER_CHANGED = Text(
    "抽查令在公布之后被改动过：哈希不一致。",
    "The order was changed after it was published: its hash differs.",
)
_NOT_REVEALED = Text(
    "还没有公布秘密和信标，不能重算。",
    "Secret and beacon are not revealed yet: nothing can be repeated.",
)
_SECRET_FITS = Text("秘密与承诺一致。", "The secret is the one committed to.")
_SECRET_DIFFERS = Text("公布的秘密不是承诺的那个。", "The secret is not the one committed to.")
_SAME = Text("重算的结果与公布的一致。", "The outcome comes out as it was published.")
_NO_RESULT = Text("没有公布结果可以比对。", "No outcome was published to compare with.")


def _malformed(key: str) -> Refused:
    return Refused(
        [
            Finding(
                "draw.E001",
                "error",
                Text("抽查记录里的“{key}”不对。", "“{key}” of the record is wrong.", key=key),
                None,
                Text("格式见 docs/reference/draw.md。", "See docs/reference/draw.md for its form."),
            )
        ]
    )
