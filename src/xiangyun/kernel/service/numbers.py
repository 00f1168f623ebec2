"""Numbers of documents and cases (文号): counted by year and place, without a gap, in a form.

    numbers:
      - name: decision
        words: {zh-Hans: 决定书文号, en: Number of the decision}
        per: [year, county]
        format: "{place.name}许〔{year}〕{serial}号"

`serial` counts from 1 in each year and place of `per`. A number that is called `case` is the number
of the case itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.language import CHINESE
from xiangyun.kernel.packfile.display import shown
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.service.letters import HOLE, Wording, read_holes

CASE = "case"
PLACES = {"province": 2, "city": 4, "county": 6, "town": 9}
"""The places that may have counts of their own, by how many digits of a division name one."""
LOCAL = ("year", "serial", "place")
"""What a form may name besides the variables of the case."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Counted:
    """Which count a number is the next of: the series, the year or 0, the division or 0."""

    series: str
    year: int
    place: int


@dataclass(frozen=True, slots=True)
class NumberRule:
    """One kind of number: what it counts by, and how it is written.

    `series` is shared with whoever names the same; empty for the service's own. `place` is one of
    `PLACES`, or empty for one count everywhere.
    """

    name: str
    words: Text
    series: str
    by_year: bool
    place: str
    digits: int
    form: Wording

    def counted(self, service: str, division: str, on: date) -> Counted:
        """The count that a number given on a day in a division comes from."""
        kept = PLACES.get(self.place, 0)
        place = int(division[:kept].ljust(12, "0")) if kept else 0
        return Counted(self.series or f"{service}/{self.name}", on.year * self.by_year, place)

    def written(
        self,
        serial: int,
        variables: Mapping[str, Value],
        division: Mapping[str, Value],
        on: date,
    ) -> str:
        """The number in its form; `division` as in the variables: code, name and path."""
        context = {
            **variables,
            "year": Decimal(on.year),
            "serial": f"{serial:0{self.digits}}",
            "place": self._place(division),
        }
        values = {hole: shown(one.value(context), CHINESE) for hole, one in self.form.holes}
        return HOLE.sub(lambda match: values.get(match[0], ""), self.form.words)

    def _place(self, division: Mapping[str, Value]) -> dict[str, Value]:
        code, path = str(division["code"]), division.get("path")
        kept = PLACES.get(self.place, 12)
        names = [str(name) for name in path] if isinstance(path, list) else []
        depth = list(PLACES).index(self.place) if self.place else len(names) - 1
        name = names[depth] if 0 <= depth < len(names) else str(division["name"])
        return {"code": code[:kept].rstrip("0") or code, "name": name}


def read_number(f: Fields) -> NumberRule:
    """One of `numbers`; a form that would give the same number twice is a fault."""
    name, words = f.string("name"), f.words("words")
    per = f.strings("per", required=False)
    node = f.take("format")
    form = Wording("", f.place())
    if node is not None and isinstance(node.value, str) and "\n" not in node.value:
        form = Wording(node.value, node.place, tuple(read_holes(node, f.report)))
    elif node is not None:
        f.report(wrong_kind("format", node, Text("一行文字", "one line of words")))
    found = NumberRule(
        name,
        words,
        f.string("series", required=False),
        "year" in per,
        next((each for each in per if each in PLACES), ""),
        whole(f, "digits") if f.has("digits") else 1,
        form,
    )
    f.done()
    for finding in _faults(found, per, f):
        f.report(finding)
    return found


def _faults(rule: NumberRule, per: tuple[str, ...], f: Fields) -> Iterator[Finding]:
    if rule.name and not _NAME.fullmatch(rule.name):
        wanted = Text("小写字母、数字和下划线", "small letters, digits and underscores")
        yield wrong_kind("name", f.node.get("name") or f.node, wanted)
    places = [each for each in per if each in PLACES]
    if len(places) > 1 or set(per) - {"year", *PLACES} or not 1 <= rule.digits <= 12:
        key = "digits" if not 1 <= rule.digits <= 12 else "per"
        wanted = Text(
            "year 和 {places} 之一；digits 为 1 到 12",
            "`year`, and one of {places}; digits from 1 to 12",
            places=list(PLACES),
        )
        yield wrong_kind(key, f.node.get(key) or f.node, wanted)
    used = {name for _, one in rule.form.holes for name in one.expression.free_names}
    lacking = [] if "serial" in used else ["serial"]
    if rule.by_year and "year" not in used:
        lacking.append("year")
    if rule.place and not used & {"place", "division", "authority"}:
        lacking.append("place.name")
    if rule.form.words and lacking:
        yield fault(
            "pack.E088",
            Text(
                "编号“{name}”的格式缺少 {lacking}，会出现两个相同的号。",
                "The form of the number “{name}” lacks {lacking}: one number would be given twice.",
                name=rule.name,
                lacking=lacking,
            ),
            f.place("format"),
            Text(
                "请写进格式，如 〔{year}〕{serial}号。",
                "Put it into the form, such as 〔{year}〕{serial}号.",
                year="{year}",
                serial="{serial}",
            ),
        )
    if rule.name == CASE and "/" in rule.form.words:
        wanted = Text("不含“/”的格式", "a form without “/”")
        yield wrong_kind("format", f.node.get("format") or f.node, wanted)
