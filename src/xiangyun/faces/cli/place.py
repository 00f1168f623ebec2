"""The argument DIVISION of commands: the code of a place that there is, or its first digits."""

from __future__ import annotations

import click

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.divisions.queries import Division
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Refused, Text

from .telling import WrongUsage, end_refused


class Place(click.ParamType[Division]):
    """A division by 12 digits, or by its first 2, 4, 6 or 9."""

    name = "division"

    def convert(
        self, value: str | Division, param: click.Parameter | None, ctx: click.Context | None
    ) -> Division:
        if isinstance(value, Division):
            return value
        try:
            code = codes.widen(value.strip())
        except Refused as refused:
            end_refused(refused)
        if not divisions.is_there(int(code)):
            raise WrongUsage(
                Text(
                    "没有区划“{code}”。填 12 位区划代码，或前 2、4、6、9 位。",
                    "There is no division “{code}”. "
                    "Give its code of 12 digits, or the first 2, 4, 6 or 9.",
                    code=value,
                )
            )
        return divisions.division(code)


PLACE = Place()
