"""What a simulation is asked for on the command line, read from words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from math import inf
from pathlib import Path
from typing import TypeVar

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.occasion.resources import FILE as RESOURCES
from xiangyun.kernel.occasion.resources import read_resources
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.simulation import APPLICANT, Hourly, Hours, Lanes, read_arrivals
from xiangyun.kernel.worktime import office_zone

from .telling import WrongUsage, end_refused

N = TypeVar("N", int, float)
_LARGEST = 1_000_000
"""Of officials, minutes and weights: what is more is a slip of the pen."""


def lanes(pack: Pack, files: Mapping[str, str], question: str, given: Sequence[str]) -> Lanes:
    """The lanes of a pack: those of its resources, with their priorities, or as they are given."""
    declared: dict[str, int] = {}
    for resource in read_resources(files.get(RESOURCES, "resources: []"), lambda finding: None):
        declared |= {lane.id: lane.priority for lane in resource.lanes}
    taken = {Lanes(question).of(example) for example in pack.examples} - {""}
    known = sorted(taken | set(declared))
    return Lanes(question, {**declared, **pairs("--lane", given, known, int)})


def by_hour(pack: Pack, path: Path, lanes: Lanes) -> tuple[Hourly, ...]:
    """The arrivals of a file, or an end with every line that cannot be read."""
    known = sorted({"", *(lanes.of(example) for example in pack.examples)})
    try:
        return read_arrivals(path.read_text("utf-8"), path.name, known)
    except UnicodeDecodeError:
        raise WrongUsage(
            Text(
                "--arrivals {path}：不是 UTF-8 编码的文本。",
                "--arrivals {path}: this is no text in UTF-8.",
                path=path,
            )
        ) from None
    except Refused as refused:
        end_refused(
            refused,
            Text(
                "{path}：到达表有错误，不能仿真。",
                "{path}: a table with errors cannot be simulated.",
                path=path,
            ),
        )


def day(text: str | None) -> date:
    """The first day; today where none is given."""
    if text is None:
        return datetime.now(office_zone()).date()
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise WrongUsage(
        Text(
            "--from {text} 读不懂，例如 2026-03-02。",
            "--from {text} is not understood; for example 2026-03-02.",
            text=text,
        )
    )


def hours(text: str) -> Hours:
    """Office hours as they are typed."""
    with suppress(ValueError):
        return Hours.parse(text)
    raise WrongUsage(
        Text(
            "--hours {text} 读不懂，例如 8:30-12:00,13:00-16:30。",
            "--hours {text} is not understood; for example 8:30-12:00,13:00-16:30.",
            text=text,
        )
    )


def per_day(text: str) -> float:
    """How many come on a day: `40/day`, `200/week`."""
    number, _, per = text.partition("/")
    with suppress(ValueError, KeyError):
        found = float(number) / {"": 1, "day": 1, "week": 5}[per]
        if 0 < found < inf:
            return found
    raise WrongUsage(
        Text(
            "--arrivals {text} 读不懂，例如 40/day、200/week。",
            "--arrivals {text} is not understood; for example 40/day, 200/week.",
            text=text,
        )
    )


def staff(pack: Pack, given: Sequence[str]) -> dict[str, int]:
    """Officials by role; `reviewer` also stands for every `reviewer:department` not named."""
    roles = [role for role in pack.service.roles if role != APPLICANT]
    bases = [role.partition(":")[0] for role in roles]
    found = pairs("--staff", given, list(dict.fromkeys([*roles, *bases])), int)
    return {
        role: found.get(role, found.get(base, 1)) for role, base in zip(roles, bases, strict=True)
    }


def minutes(pack: Pack, given: Sequence[str]) -> dict[str, float]:
    """Usual times by element."""
    elements = [e.id for e in pack.elements.values() if e.kind.endswith("Task")]
    return pairs("--minutes", given, elements, float)


def mix(pack: Pack, given: Sequence[str]) -> dict[str, float]:
    """Weights by example; all alike where none is given."""
    keys = [example.key for example in pack.examples]
    if not given:
        return dict.fromkeys(keys, 1.0)
    whole = []
    for each in given:  # 01=80 is enough where one example begins with 01
        name, sign, weight = each.partition("=")
        begun = [key for key in keys if key.startswith(name)]
        whole.append(f"{begun[0] if len(begun) == 1 else name}{sign}{weight}")
    return pairs("--mix", whole, keys, float)


def pairs(
    option: str, given: Sequence[str], known: Sequence[str], number: Callable[[str], N]
) -> dict[str, N]:
    """`NAME=NUMBER`, the names among the known ones."""
    found: dict[str, N] = {}
    for each in given:
        name, _, text = each.partition("=")
        if name not in known:
            raise WrongUsage(
                Text(
                    "{option} {each}：没有“{name}”；有：{known}。",
                    "{option} {each}: there is no “{name}”; there are: {known}.",
                    option=option,
                    each=each,
                    name=name,
                    known=list(known),
                )
            )
        try:
            found[name] = number(text)
        except ValueError:
            raise WrongUsage(
                Text(
                    "{option} {each} 读不懂，例如 {name}=2。",
                    "{option} {each} is not understood; for example {name}=2.",
                    option=option,
                    each=each,
                    name=name,
                )
            ) from None
        if not 0 <= found[name] <= _LARGEST:
            raise WrongUsage(
                Text(
                    "{option} {each}：不能小于零，也不能大于 {most}。",
                    "{option} {each}: not below zero and not above {most}.",
                    option=option,
                    each=each,
                    most=f"{_LARGEST:,}",
                )
            )
    return found
