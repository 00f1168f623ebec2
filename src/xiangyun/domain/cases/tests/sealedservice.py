"""A sealed service, made from the starter of services, and its cases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from click.testing import CliRunner
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries as published
from xiangyun.faces.cli.folder import read_folder
from xiangyun.faces.cli.new import new
from xiangyun.kernel.formspec import from_json

from .situations import actor

CODE = "care/shelter"
SECRET = "藏于密处的一句话"
"""What an applicant writes and nobody without need may read, anywhere."""
ACCEPTOR, APPROVER, OVERSEER = "shouli", "jueding", "duban"


def files(folder: Path) -> dict[str, str | bytes]:
    """The files of the service: sealed, what it is for is sensitive, and is said everywhere."""
    made = CliRunner().invoke(
        new, ["service", CODE, "--zh", "庇护", "--en", "Shelter", "--in", str(folder)]
    )
    assert made.exit_code == 0, made.output
    found = dict(read_folder(folder / "care" / "shelter"))

    def change(file: str, *pairs: tuple[str, str]) -> None:
        text = found[file]
        assert isinstance(text, str)
        for old, new_ in pairs:
            assert old in text, (file, old)
            text = text.replace(old, new_)
        found[file] = text

    change(
        "service.yaml", ("\ndepartment:", "\nclass: sealed\noverseers: [supervisor]\ndepartment:")
    )
    change("service.yaml", ("+ application.applicant_name", "+ application.explanation"))
    sensitive = '"properties": {"sensitive": "true"}, "validate": {"maxLength": 500}'
    change("form.json", ('"validate": {"maxLength": 500}', sensitive))
    change("form.json", ('"source": "person.name"', '"sensitive": "true", "source": "person.name"'))
    change("certificate.yaml", ("value: =application.purpose", "value: =application.explanation"))
    change("certificate.yaml", ("    options_of: purpose", "    #"))
    change("examples/01-issued.yaml", (", purpose: 自己用", ""))
    return found


def publish(folder: Path, *changes: tuple[str, str, str]) -> None:
    """Publish it; `changes` are file, what stands there, and what is to stand there."""
    found = files(folder)
    for file, before, after in changes:
        text = found[file]
        assert isinstance(text, str)
        assert before in text
        found[file] = text.replace(before, after, 1)
    with acting_as(SYSTEM) as platform:
        catalogue.publish(CODE, found, actor=platform, at=timezone.now())


def written(login: str = "wang") -> UUID:
    """An application that is written, with the secret in it."""
    applicant, at = actor(login), timezone.now()
    with acting_as(applicant):
        draft = drafts.start_draft(CODE, actor=applicant, at=at)
        form = published.pack(draft.version_id).form
        given = {"home": "222404001001", "purpose": "other", "explanation": SECRET, "promise": True}
        reading = from_json(form, given)
        answers = {key: value for key, value in reading.answers.items() if key in given}
        drafts.keep_answers(draft.id, answers, actor=applicant, at=at)
        return draft.id


def sent(login: str = "wang") -> Case:
    """An application that is sent."""
    draft, applicant = written(login), actor(login)
    with acting_as(applicant):
        return actions.submit_case(draft, actor=applicant, at=timezone.now())


def take(login: str) -> None:
    """An official takes over all that waits without names."""
    with acting_as(actor(login)) as official:
        for line in cases.untaken():
            secrecy.take_over(line.item, actor=official, at=timezone.now())


def press(login: str, case: Case, action: str, note: str = "", at: datetime | None = None) -> None:
    """An official does the first task that waits for that official."""
    with acting_as(actor(login)) as official:
        task = cases.open_tasks(official, access.case_for(official, case.pk))[0]
        actions.complete_task(
            case.pk, task.id, action=action, note=note, actor=official, at=at or timezone.now()
        )


def issued() -> Case:
    """A case that went all its way to the certificate."""
    case = sent()
    take(ACCEPTOR)
    press(ACCEPTOR, case, "accept", note=f"已核：{SECRET}")
    take(APPROVER)
    press(APPROVER, case, "approve")
    return case
