"""Who takes part in a simulated year: made-up citizens, and an official for each role that works.

Nobody is real: every name has the syllable 样, and no account has a password.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import actions as registers
from xiangyun.faces.cli.demonstrationfile import demonstration
from xiangyun.faces.cli.madeup import GIVEN, SURNAMES
from xiangyun.kernel.codes import organisation, resident, uscc

SOURCE = "虚构（模拟一年）"
_OLDEST, _YOUNGEST = date(1961, 1, 1), date(2004, 1, 1)
_KNOWN = 0.06
"""The share of applications of those whom anybody may be in a demonstration."""
_AT_HOME = 0.25
COLLEAGUES = 2
"""Officials of each role: one who reviewed may be kept from deciding."""


class Cast:
    """The people of a year in one province; all chance is from `source`."""

    def __init__(self, province: int, source: random.Random, first: date) -> None:
        """`first`: the first day of the year, from which registers know the people."""
        self.province, self.source, self.first = province, source, first
        self.officials: dict[str, list[UUID]] = {}
        self.citizens: list[UUID] = []
        self.companies: list[UUID] = []
        self.known: dict[str, list[UUID]] = {}
        """The accounts that anybody may log in to, by kind: their pages have something to show."""
        self.places = _places(province)

    def settle(self, number: int) -> None:
        """Open the accounts of so many citizens, and let the register of persons know them."""
        person = demonstration().person_register
        for figure in demonstration().people:
            actor = queries.actor_by_login(figure.login)
            if actor is not None and actor.account is not None and not actor.is_official:
                self.known.setdefault(actor.kind, []).append(actor.account)
        counties = list(self.places)
        for nth in range(number):
            county = self.source.choice(counties)
            days = self.source.randrange((_YOUNGEST - _OLDEST).days)
            code = resident.make(f"{county:012}"[:6], _OLDEST + timedelta(days=days), nth % 998 + 1)
            name = (
                self.source.choice(SURNAMES)
                + "样"
                + "".join(self.source.choice(GIVEN) for _ in range(2))
            )
            mobile = f"139{nth:08}"
            account = accounts.open_account(
                login=f"nian{nth:06}",
                password=None,
                name=name,
                kind="person",
                id_number=code,
                mobile=mobile,
                division=county,
            )
            self.citizens.append(account.pk)
            if person is not None:
                data = {"name": name, "id_number": code, "mobile": mobile}
                with acting_as(SYSTEM):
                    registers.enter_record(
                        register=person.name,
                        key=code,
                        division=county,
                        data=data,
                        source=SOURCE,
                        on=self.first,
                        holder=account.pk,
                    )
            if nth % 4 == 0:
                self.companies.append(self._company(nth, county))

    def there(self) -> Mapping[int, Mapping[int, list[int]]]:
        """Where an application is about: one in four is where those whom anybody may be work."""
        home = demonstration().made_up_in // 10**6 * 10**6
        at_home = home in self.places and self.source.random() < _AT_HOME
        return {home: self.places[home]} if at_home else self.places

    def applicant(self, kinds: Sequence[str]) -> Actor:
        """Somebody of a kind that a service takes: a citizen, or else a company."""
        kind = "person" if not kinds or "person" in kinds else "company"
        among = self.citizens if kind == "person" else self.companies
        if self.source.random() < _KNOWN:
            among = self.known.get(kind) or among
        found = queries.actor_by_account(self.source.choice(among))
        assert found is not None
        return found

    def _company(self, nth: int, county: int) -> UUID:
        code = uscc.make("9", "1", f"{county:012}"[:6], organisation.make(f"{nth * 9973 + 7:08}"))
        place = divisions.division(county).name
        account = accounts.open_account(
            login=f"qiye{nth:06}",
            password=None,
            name=f"{place}样{self.source.choice(GIVEN)}{self.source.choice(GIVEN)}商贸有限公司",
            kind="company",
            id_number=code,
            division=county,
        )
        return account.pk

    def official(self, role: str, beside: UUID | None = None) -> Actor:
        """One who holds a role in the whole province; not `beside`, where it has another."""
        held = self.officials.get(role)
        if held is None:
            held = self.officials[role] = [self._engaged(role, nth) for nth in range(COLLEAGUES)]
        free = [one for one in held if one != beside] or held
        found = queries.actor_by_account(self.source.choice(free))
        assert found is not None
        return found

    def _engaged(self, role: str, nth: int) -> UUID:
        words = catalogue.roles()
        base = role.partition(":")[0]
        desk = f"{words[base].words.zh if base in words else base}岗（虚构）"
        account = accounts.open_account(
            login=f"gang-{role.replace(':', '-')}-{nth}",
            password=None,
            name=f"样{SURNAMES[nth % len(SURNAMES)]}{GIVEN[len(self.officials) % len(GIVEN)]}",
            kind="official",
            division=self.province,
        )
        accounts.give_mandate(account, role=role, division=self.province, desk=desk)
        return account.pk


@cache
def _places(province: int) -> dict[int, dict[int, list[int]]]:
    """Towns and their villages, by county."""
    found: dict[int, dict[int, list[int]]] = {}
    low, high = divisions.subtree(province)
    for one in divisions.Division.objects.filter(code__range=(low, high), level__gte=4).order_by(
        "level", "code"
    ):
        code = one.code
        if one.level == 4:
            found[code] = {}
        elif one.level == 5 and (county := code // 10**6 * 10**6) in found:
            found[county][code] = []
        elif one.level == 6:
            county, town = code // 10**6 * 10**6, code // 10**3 * 10**3
            if town in found.get(county, {}):
                found[county][town].append(code)
    return {county: towns for county, towns in found.items() if any(towns.values())}
