"""Read draws: what is planned and ordered, what came out, how often an object was visited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Q

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers.queries import used
from xiangyun.kernel.findings import Finding, NotFound, Text
from xiangyun.kernel.pack.kind import Declaration

from .freezing import people_of, rows_of
from .models import Draw, Outcome, Plan, Visit

__all__ = [
    "Draw",
    "Outcome",
    "Plan",
    "Visit",
    "codes_of",
    "declared",
    "draw",
    "draws",
    "going_to",
    "latest_lot",
    "named_files",
    "names_of",
    "numbered",
    "outcome",
    "plans",
    "plans_from",
    "unopened",
    "unopened_of",
    "visits_by",
    "visits_of",
    "visits_to",
]


def plans(year: int) -> list[Plan]:
    """What a year's plan foresees, month by month."""
    return list(Plan.objects.filter(year=year).order_by("month", "code"))


def plans_from(year: int) -> list[tuple[int, list[Plan]]]:
    """What is planned for a year, even if it is nothing, and for each later year with a plan."""
    planned: dict[int, list[Plan]] = {year: []}
    for each in Plan.objects.filter(year__gte=year).order_by("year", "month", "code"):
        planned.setdefault(each.year, []).append(each)
    return list(planned.items())


def draws(year: int | None = None, most: int = 200) -> list[Draw]:
    """The draws that were ordered, the latest first."""
    found = Draw.objects.all() if year is None else Draw.objects.filter(year=year)
    return list(found.order_by("-ordered_at")[:most])


def draw(number: str) -> Draw | None:
    """A draw by its number."""
    return Draw.objects.filter(number=number).first()


def numbered(number: str) -> Draw:
    """A draw by its number. Raises NotFound `draw.E010`."""
    found = draw(number)
    if found is None:
        raise NotFound([unknown(number)])
    return found


def declared(code: str) -> Declaration:
    """What a pack declares of a draw. Raises NotFound `draw.E010`."""
    with acting_as(SYSTEM):
        found = catalogue.declaration("draw", code)
    if found is None:
        raise NotFound([unknown(code)])
    return found


def unknown(code: str) -> Finding:
    """There is no draw of this number or code."""
    return Finding(
        "draw.E010", "error", Text("没有抽查“{code}”。", "There is no draw “{code}”.", code=code)
    )


def outcome(of: Draw) -> Outcome | None:
    """What came of a draw, as far as the asker may see it."""
    return Outcome.objects.filter(draw=of).first()


def visits_of(of: Draw, after: int = 0, most: int = 100) -> list[Visit]:
    """Some visits of a draw in the order of the outcome, as far as the asker may see them."""
    return list(Visit.objects.filter(draw=of, pk__gt=after).order_by("pk")[:most])


def visits_to(register: str, key: str, year: int) -> list[Visit]:
    """The visits to an object in a year that the asker may see, skipped ones too."""
    found = Visit.objects.filter(register=register, key=key, year=year)
    return list(found.select_related("draw").order_by("pk"))


def codes_of(visit: Visit) -> list[str]:
    """The codes of those who make a visit."""
    return [each.partition("/")[2] for each in visit.inspectors]


def going_to(number: str, key: str) -> list[str]:
    """The codes of those who visit an object in a draw; none where it was not drawn."""
    found = Visit.objects.filter(draw__number=number, key=key).first()
    return codes_of(found) if found else []


def latest_lot(key: str, inspector: str) -> str:
    """The number of the latest draw that sends an inspector to an object; empty for none."""
    found = Visit.objects.filter(key=key, skipped=False).select_related("draw")
    latest = found.order_by("-draw__ordered_at")
    return next((each.draw.number for each in latest if inspector in codes_of(each)), "")


def names_of(register: str, keys: Collection[str], on: date) -> dict[str, str]:
    """What objects of a register are called, by their keys; those that have no name are left out.

    Draws are of registers that everybody may read.
    """
    declaration = used(register).declaration
    fields = declaration.fields if declaration else ()
    field = next((each.name for each in fields if each.searched == "name"), None)
    if field is None or not keys:
        return {}
    found = rows_of(register, None, on, list(keys))
    return {row.key: str(row.data[field]) for row in found if row.data.get(field)}


def visits_by(login: str, codes: Collection[str], year: int) -> list[tuple[Visit, str]]:
    """The visits of a year that were drawn for the inspector of a log-in name, with the code.

    `codes`: of the declared draws that are asked. Skipped visits have nobody.
    """
    found = []
    for each in Draw.objects.filter(code__in=codes, year=year).order_by("-ordered_at"):
        people = people_of(declared(each.code).value, each).values()
        own = {str(one["code"]): str(one["team"]) for one in people if one["account"] == login}
        for code, team in own.items():
            visits = Visit.objects.filter(draw=each, inspectors__contains=[f"{team}/{code}"])
            found += [(visit, code) for visit in visits.select_related("draw").order_by("pk")]
    return found


def unopened(at: datetime) -> list[str]:
    """The numbers of draws with visits of which no case opened yet."""
    waiting = Visit.objects.filter(case=None, skipped=False)
    numbers = waiting.values_list("draw__number", flat=True).distinct()
    return sorted(numbers)


def unopened_of(of: Draw) -> int:
    """How many visits of a draw have no case yet."""
    return Visit.objects.filter(draw=of, case=None, skipped=False).count()


def named_files(digests: Collection[str]) -> set[str]:
    """Those of some contents that a draw names."""
    wanted = list(digests)
    lists = Draw.objects.filter(Q(frame__in=wanted) | Q(inspectors__in=wanted))
    named = {each for pair in lists.values_list("frame", "inspectors") for each in pair}
    named |= set(Outcome.objects.filter(result__in=wanted).values_list("result", flat=True))
    return named & set(wanted)
