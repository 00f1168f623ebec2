"""A simulated carrier (快递模拟): no parcel moves.

Its number says when it took the parcel, and time does the rest: sorted after an hour, on the road
after six, delivered after thirty. An address with the word “退回” comes back. A real carrier is an
adapter beside this one that implements `post.ports.Carrier` and is named in `XIANGYUN_POST`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from xiangyun.domain.post.ports import Passed, Waybill
from xiangyun.kernel.findings import Text

_RETURNS = "退回"


@dataclass(frozen=True, slots=True)
class SimulatedCarrier:
    """A `post.ports.Carrier` that keeps nothing: all it knows stands in its numbers."""

    name: Text = Text("模拟快递（演示）", "Simulated carrier (demonstration)")  # noqa: RUF009

    def take(self, parcel: Waybill, at: datetime) -> str:
        digest = hashlib.sha256(parcel.key.encode()).hexdigest()[:6].upper()
        kind = "R" if _RETURNS in parcel.address else "D"
        return f"XY{int(at.timestamp())}{kind}{digest}"

    def track(self, number: str, at: datetime) -> Sequence[Passed]:
        taken = datetime.fromtimestamp(int(number[2:-7]), UTC)
        back = number[-7] == "R"
        way = [
            (0, Text("已揽收。", "Taken."), "sent"),
            (1, Text("已分拣。", "Sorted."), "sent"),
            (6, Text("运输中。", "On the road."), "sent"),
            (
                30,
                Text("查无此人，已退回。", "Nobody there: it went back.")
                if back
                else Text("已签收。", "Delivered."),
                "returned" if back else "arrived",
            ),
        ]
        return [
            Passed(taken + timedelta(hours=hours), words, state)  # type: ignore[arg-type]
            for hours, words, state in way
            if taken + timedelta(hours=hours) <= at
        ]


def simulated() -> SimulatedCarrier:
    """The simulated carrier; what `settings.XIANGYUN_POST` names."""
    return SimulatedCarrier()
