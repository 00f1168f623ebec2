"""The fictitious people of the demonstration, and everything that must stand before they act.

Who they are, what registers know already and which story is told stands in the file
`demonstration.yaml` of each folder of packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from xiangyun.adapters import packs
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries as published_packs
from xiangyun.domain.divisions import actions as divisions
from xiangyun.domain.divisions import queries as known_divisions
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries as known_records

from . import madeup
from .demonstrationfile import Figure, KnownRecord, demonstration
from .folder import read_folder

__all__ = ["FIGURES", "HUNCHUN", "PASSWORD", "Figure", "Prepared", "prepare"]

PASSWORD = "xiangyun"
FIGURES = demonstration().people
HUNCHUN = demonstration().divisions.get("hunchun", 0)
"""The county that the story plays in."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many divisions, accounts and services there are, and which packs were refused."""

    divisions: int
    accounts: int
    services: int
    refused: tuple[str, ...]


def prepare() -> Prepared:
    """Bring divisions, accounts, registers and packs to what the demonstration needs.

    A second run changes nothing that people did meanwhile. A pack with an error is left out.
    """
    places = divisions.load_divisions()
    with acting_as(SYSTEM):
        parties.load_departments()
    opened = [(figure, _open(figure)) for figure in FIGURES]
    with acting_as(SYSTEM) as actor:
        files = {code: read_folder(folder) for code, folder in packs.packs().items()}
        done, refused = catalogue.publish_all(files, actor=actor, at=timezone.now())
        # What is sensitive is known once its register is published: nothing is entered before.
        for figure, account in opened:
            _know(figure, account)
        for record in demonstration().records:
            if record.office_of not in refused:
                _enter(record)
        declared = {each.code for each in published_packs.declared("register")}
        for made_up in demonstration().made_up:
            if made_up.entered and made_up.register in declared:
                madeup.enter(made_up, demonstration().made_up_in)
    for made_up in demonstration().made_up:
        if made_up.loaded and made_up.register in declared:
            madeup.load(made_up, demonstration().made_up_in)
    return Prepared(places, len(FIGURES), len(done), tuple(refused))


def _enter(record: KnownRecord) -> None:
    if known_records.record_with(record.register, record.key) is None:
        registers.enter_record(
            register=record.register,
            key=record.key,
            division=record.division,
            data={**record.data, **_office(record)},
            source=record.source,
            on=record.recorded_on,
        )


def _office(record: KnownRecord) -> dict[str, str]:
    """Which office entered the record, where the file names its service."""
    if not record.office_of:
        return {}
    item = published_packs.pack(published_packs.current_version(record.office_of).id).service
    place = known_divisions.division(str(record.division))
    return {"authority": item.authority_for(place.words, str(place.code)).code}


def _open(figure: Figure) -> UUID:
    account = accounts.open_account(
        login=figure.login,
        password=PASSWORD,
        name=figure.name,
        kind=figure.kind,
        id_number=figure.id_number,
        mobile=figure.mobile,
        division=figure.division,
    )
    for role, division, desk in figure.mandates:
        accounts.give_mandate(account, role=role, division=division, desk=desk)
    return account.pk


def _know(figure: Figure, account: UUID) -> None:
    """What the register of persons knows about somebody with an account."""
    register = demonstration().person_register
    if figure.kind != "person" or figure.division is None or not register:
        return
    if known_records.record_with(register.name, figure.id_number) is not None:
        return
    registers.enter_record(
        register=register.name,
        key=figure.id_number,
        division=figure.division,
        data={"name": figure.name, "id_number": figure.id_number, "mobile": figure.mobile},
        source=register.source,
        on=register.recorded_on,
        holder=account,
    )
