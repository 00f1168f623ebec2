"""`xiangyun doctor`: everything an operator should look at, part by part, with what to do."""

from __future__ import annotations

import json
from itertools import groupby

import click
from django.utils import timezone

from xiangyun.adapters.operation import PARTS, Mood, everything, worst
from xiangyun.kernel.findings import Text

from .telling import tell

_SIGNS: dict[Mood, str] = {"good": "✓", "look": "!", "bad": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--quiet", is_flag=True, help="Leave out what is good.")
def doctor(as_json: bool, quiet: bool) -> None:
    """Look at database, jobs, parked work, journal, keys, disk, settings and versions.

    Ends with 1 where something is bad, so that a monitor can run it.
    """
    order = list(PARTS)
    readings = sorted(everything(timezone.now()), key=lambda each: order.index(each.part))
    mood = worst(readings)
    shown = [each for each in readings if not quiet or each.mood != "good"]
    if as_json:
        told = {"mood": mood, "readings": [each.as_json() for each in shown]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for part, those in groupby(shown, key=lambda each: each.part):
            tell(PARTS[part])
            for each in those:
                tell(
                    Text("{name}：{said}", "{name}: {said}", name=each.name, said=each.said),
                    indent=f"  {_SIGNS[each.mood]} ",
                )
                if each.hint and each.mood != "good":
                    tell(each.hint, indent="      ")
    raise SystemExit(1 if mood == "bad" else 0)
