"""Cases of the test service “visits/home”: their tasks ask for forms."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.faces.cli.folder import read_folder

from .situations import MORNING, actor

PACK = Path(__file__).parents[5] / "tests" / "packs" / "visits" / "home"
CODE = "visits/home"
PHOTO = b"\xff\xd8\xff\xe0" + b"a photo" * 40 + b"\xff\xd9"
NEIGHBOUR = {"neighbour_name": "李样山", "neighbour_id": "222404198807210014"}


def publish() -> None:
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, read_folder(PACK), actor=system, at=MORNING)


def filed(founder: Actor | None = None, at: datetime = MORNING, **answers: object) -> Case:
    """A case that waits for its visitor, `pinggu`."""
    founder = founder or actor("wang")
    with acting_as(founder):
        draft = drafts.start_draft(CODE, actor=founder, at=at)
        given = {"household": "王样云", "place": "222404001001", **answers}
        drafts.keep_answers(draft.id, given, actor=founder, at=at)  # type: ignore[arg-type]
        return actions.submit_case(draft.id, actor=founder, at=at)


def waiting(case: Case, login: str) -> str:
    """The token of the first task that waits for somebody."""
    who = actor(login)
    with acting_as(who):
        return cases.open_tasks(who, access.case_for(who, case.pk))[0].id
