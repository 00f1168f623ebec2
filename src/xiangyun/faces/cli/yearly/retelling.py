"""An example told of somebody else, somewhere else: its people, places and made-up names change.

What was one thing in the example is one thing afterwards: each text is changed the same way
wherever it stands.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from typing import Any

from xiangyun.faces.cli.madeup import GIVEN
from xiangyun.kernel.codes import uscc
from xiangyun.kernel.service.examples import Example

_PLACE = re.compile(r"\d{12}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")
_NEAR = 400
"""Days before the filing within which a day belongs to the application, as all that are to come: it
moves with it. A birthday or an old decision stays."""
_BRAND = re.compile(r"样[\u4e00-\u9fff]{1,3}")


class Retelling:
    """What stands for what, this time."""

    def __init__(
        self,
        example: Example,
        name: str,
        id_number: str,
        places: Mapping[int, Mapping[int, list[int]]],
        source: random.Random,
        on: date | None = None,
    ) -> None:
        """Told of an applicant of this name and number.

        `places`: towns with their villages, by county; it plays in one of these counties. `on`: the
        day of the application; days of the example move by whole weeks, and keep their weekdays.
        """
        self._filed = example.filed_at.date()
        self._weeks = timedelta(weeks=ceil(((on or self._filed) - self._filed).days / 7))
        self.source, self._places = source, places
        self.county = source.choice(list(places))
        self._mark = id_number[-6:]
        known, number = self._applicant_of(example, id_number)
        self._instead: dict[str, str] = {known: name}
        if id_number:
            self._instead[number] = id_number
        self._instead.pop("", None)

    def told(self, value: Any) -> Any:
        """The value with all that is changed in it, however deep it lies."""
        if isinstance(value, Mapping):
            return {key: self.told(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.told(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def renamed(self, key: str) -> str:
        """A key of this applicant's own, for a record that somebody else has under this one."""
        return self._instead.setdefault(key, f"{key}-{self._mark}" if self._mark else key)

    def _text(self, text: str) -> str:
        if text not in self._instead:
            if _PLACE.fullmatch(text):
                self._instead[text] = self._place(int(text))
            elif found := _DAY.fullmatch(text):
                self._instead[text] = self._day(found[1]) + (found[2] or "")
            elif _BRAND.fullmatch(text):
                self._instead[text] = "样" + "".join(self.source.sample(GIVEN, 3))
            else:
                return text
        return self._instead[text]

    def _day(self, written: str) -> str:
        """The same weekday as long before or after the filing."""
        try:
            day = date.fromisoformat(written)
        except ValueError:  # an example may hold a day that does not exist
            return written
        near = (self._filed - day).days <= _NEAR
        return (day + self._weeks).isoformat() if near else written

    def _place(self, code: int) -> str:
        """A place of the same level in the county; what lies above or in other provinces stays."""
        if code % 10**8 == 0 or code // 10**10 != self.county // 10**10:
            return f"{code:012}"
        if code % 10**6 == 0:
            return f"{self.county:012}"
        towns = self._places[self.county]
        town = self.source.choice([one for one, villages in towns.items() if villages])
        return f"{town if code % 10**3 == 0 else self.source.choice(towns[town]):012}"

    @staticmethod
    def _applicant_of(example: Example, number: str) -> tuple[str, str]:
        """The name and number in the example that stand for an applicant with this number.

        Whoever files is a person; a company that applies stands in the answers with its code.
        """
        told = example.answers
        if not uscc.problem(number):
            for key, name in told.items():
                code = told.get(key.removesuffix("_name") + "_code")
                if key.endswith("_name") and isinstance(name, str) and isinstance(code, str):
                    return name, code
        for key, value in told.items():
            if value == example.filed_by:
                stem = key.removesuffix("_name")
                for ending in ("_id", "_id_number"):
                    found = told.get(stem + ending)
                    if isinstance(found, str):
                        return example.filed_by, found
        return example.filed_by, ""
