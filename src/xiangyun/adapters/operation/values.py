"""What a reading is: its name, what was found, how serious that is, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from xiangyun.kernel.findings import Text

Mood = Literal["good", "look", "bad"]
"""`look`: visitors are served, but somebody should see to it. `bad`: something fails, or soon will.
"""

PARTS: dict[str, Text] = {
    "database": Text("数据库", "Database"),
    "jobs": Text("任务队列", "Jobs"),
    "parked": Text("搁置事项", "Parked work"),
    "journal": Text("日志与审计", "Journal and audit"),
    "keys": Text("密钥与证书", "Keys and certificates"),
    "disk": Text("磁盘与备份", "Disk and backup"),
    "settings": Text("设置", "Settings"),
    "versions": Text("版本", "Versions"),
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number for monitors: `xiangyun_` and `name`, in base units (seconds, bytes)."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing looked at.

    `id` is stable, for programs; `part` is one of `PARTS`; `said` is what was found; `hint` says
    what to do where it is not good.
    """

    id: str
    part: str
    name: Text
    said: Text
    mood: Mood = "good"
    hint: Text | None = None
    gauges: tuple[Gauge, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The reading for programs, in both complete languages."""
        return {
            "id": self.id,
            "part": self.part,
            "mood": self.mood,
            "name": self.name.to_json(),
            "said": self.said.to_json(),
            "hint": self.hint.to_json() if self.hint else None,
            "values": [
                {"name": g.name, "labels": dict(g.labels), "value": g.value} for g in self.gauges
            ],
        }


def days_left(ident: str, name: Text, days: int, *, of: str, hint: Text, soon: int = 60) -> Reading:
    """How long a key or certificate is good: `of` names it for monitors; `soon`: days, as
    `xiangyun keys list` counts."""
    return Reading(
        ident,
        "keys",
        name,
        Text("还有 {n} 天", "{n} {n|day|days} left", n=days)
        if days >= 0
        else Text("已到期", "ended"),
        "bad" if days < 0 else "look" if days < soon else "good",
        hint,
        (Gauge("certificate_days_left", days, {"of": of}),),
    )
