"""siting.yaml: where something is to be built, for whom, and at whose cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node, Report, read_yaml

FILE = "siting.yaml"
BEARERS = ("province", "prefecture", "county", "town")
"""Levels of government that bear a cost (支出责任)."""
OBJECTIVES = ("coverage", "distance")
Where = Literal["site", "uncovered"]
_CODE = Text("12 位区划代码", "a division’s code of 12 digits")
WRITTEN = {
    "objective": "coverage",
    "within": '"220000000000"',
    "choose": "100",
    "minutes": "15",
    "metres_a_minute": "60",
    "road_factor": "1.3",
    "at": "site",
    "bears": "{province: 40, prefecture: 20, county: 40}",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """How far somebody walks: minutes, metres a minute; roads are so much longer than a line."""

    minutes: int
    pace: int
    road: Decimal

    @property
    def reach(self) -> float:
        """Metres in a straight line."""
        return float(self.minutes * self.pace / self.road)


@dataclass(frozen=True, slots=True)
class Facility:
    """What is built: at each new site `number` of it, or in `number` places that stay without.

    `people`: only for so many at least; `build` and `yearly` in yuan for each; `bears`: percent by
    level of government.
    """

    id: str
    name: Text
    at: Where
    number: int
    people: int
    build: int
    yearly: int
    bears: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SitingDeclaration:
    """What a siting.yaml asks.

    Sites are towns, places are villages, groups are counties, as division codes say it. `existing`
    is how many sites there are where places are invented; `least` of each county; `share` of
    all sites, in percent, is the target. `decided` are codes of sites that stand among the
    chosen ones whatever else is best. `basis` says where the figures come from; `approval` is
    the service whose case a plan becomes.
    """

    name: Text
    about: Text
    within: str
    objective: str
    choose: int
    existing: int
    least: int
    walk: Walk
    share: int
    facilities: tuple[Facility, ...]
    basis: Text
    verified: bool
    place: Place
    approval: str = ""
    decided: tuple[int, ...] = ()


def read_siting(text: str, report: Report) -> SitingDeclaration | None:
    """The declaration of a file, as far as it can be read; every fault is reported."""
    root = read_yaml(text, FILE, report)
    if root is None:
        return None
    f = Fields(root, report, examples=WRITTEN)
    found = SitingDeclaration(
        name=f.words("name"),
        about=f.words("about"),
        within=f.string("within"),
        objective=f.one_of("objective", OBJECTIVES),
        choose=whole(f, "choose"),
        existing=whole(f, "existing") if f.has("existing") else 0,
        least=whole(f, "least") if f.has("least") else 0,
        walk=_walk(f),
        share=_percent(f, "target"),
        facilities=tuple(_facility(node, f) for node in f.each("facilities", required=False)),
        basis=f.words("basis"),
        verified=f.boolean("verified"),
        place=root.place,
        approval=f.string("approval", required=False),
        decided=tuple(_codes(f, "decided")),
    )
    for key in ("existing", "least", "target", "facilities", "decided"):
        f.take(key, required=False)
    if not _is_code(found.within):
        report(wrong_kind("within", root.get("within") or root, _CODE))
    f.done()
    return found


def _codes(f: Fields, key: str) -> Iterator[int]:
    """The division codes of a list, each once."""
    for code in dict.fromkeys(f.strings(key, required=False)):
        if _is_code(code):
            yield int(code)
        else:
            f.report(wrong_kind(key, f.node.get(key) or f.node, _CODE))


def _is_code(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) == 12


def _walk(f: Fields) -> Walk:
    section = f.section("walk")
    if section is None:
        return Walk(1, 1, Decimal(1))
    found = Walk(
        whole(section, "minutes"), whole(section, "metres_a_minute"), section.number("road_factor")
    )
    section.done()
    if found.minutes < 1 or found.pace < 1 or found.road < 1:
        section.report(
            fault(
                "siting.E010",
                Text("步行的数字不合理。", "These figures of a walk make no sense."),
                section.node.place,
                Text(
                    "分钟和每分钟米数大于 0，道路系数不小于 1。",
                    "Minutes and metres are above 0, the road factor is 1 or more.",
                ),
            )
        )
        return Walk(1, 1, Decimal(1))
    return found


def _percent(f: Fields, key: str) -> int:
    if not f.has(key):
        return 0
    found = whole(f, key)
    if not 0 <= found <= 100:
        f.report(wrong_kind(key, f.node.get(key) or f.node, Text("0 到 100", "0 to 100")))
        return 0
    return found


def _facility(node: Node, above: Fields) -> Facility:
    f = Fields(node, above.report, "facilities", WRITTEN)
    at = f.one_of("at", ("site", "uncovered"))
    bears = f.section("bears")
    shares = {key: whole(bears, key) for key in BEARERS if bears.has(key)} if bears else {}
    if bears is not None:
        for key in BEARERS:
            bears.take(key, required=False)
        bears.done()
        if sum(shares.values()) != 100:
            f.report(
                fault(
                    "siting.E011",
                    Text(
                        "各级负担合计是 {sum}%，不是 100%。",
                        "The shares of all levels come to {sum} %, not to 100 %.",
                        sum=sum(shares.values()),
                    ),
                    bears.node.place,
                    Text("请改到合计 100。", "Change them until they sum up to 100."),
                )
            )
    found = Facility(
        f.string("id"),
        f.words("name"),
        "uncovered" if at == "uncovered" else "site",
        whole(f, "number"),
        whole(f, "people") if f.has("people") else 0,
        whole(f, "build"),
        whole(f, "yearly"),
        shares,
    )
    f.take("people", required=False)
    f.done()
    return found
