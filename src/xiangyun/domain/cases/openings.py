"""Cases that nobody applies for: another case, a message, a duty or the clock opens them.

Each opening has a key of its own, from which the id of the case follows: asked for again, also by
two at once or after a crash in the middle, the same case answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.parties import actions as parties
from xiangyun.kernel.bpmn import Started
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.variables import opening_of
from xiangyun.kernel.service import admission as taken
from xiangyun.kernel.service.openings import CASE, Opening, start_for

from . import access, admission, opening, sealing, secrecy
from .handlers import carry_on
from .models import Case, Draft, Material

_KEYS = UUID("6b0d0a4e-4a54-5d0e-8d39-3d5a86a0c8d1")
"""The space of names in which keys of openings lie (RFC 9562, 5.5)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a case is about: a party that is there, or one by kind, code and name."""

    party: UUID | None = None
    kind: str = "person"
    code: str = ""
    name: str = ""

    def known(self, division: int | None = None) -> UUID | None:
        """The id of the party, entered if nobody knew it; None where nothing names it."""
        if self.party is not None or not self.code:
            return self.party
        return parties.ensure(self.kind, self.code, self.name, division=division).pk


@dataclass(frozen=True, slots=True)
class Begun:
    """What opens a case by itself.

    - `how`: one of `kernel.service.openings.HOW`, and `key`, which tells this opening of its kind
      from all others;
    - `answers`: by the keys of the form; `place`: the division that answers the question for the
      competent division where the answers do not;
    - `by`, `source`: who or what it was, for the history: a duty, the number of a case;
    - `message`: the name of the message.
    """

    how: str
    key: str
    subject: Subject
    answers: Mapping[str, Value]
    place: int | None = None
    by: str = ""
    source: str = ""
    message: str = ""


def open_case(code: str, begun: Begun, *, at: datetime) -> tuple[Case, bool]:
    """Open a case of a service, or find the one that this key has opened; and whether it is new.

    Raises `Conflict` where the service is not offered now or does not open so, and `Refused` with
    every problem of the answers.
    """
    with _nested(), admission.held(), acting_as(SYSTEM) as actor, transaction.atomic():
        return _open(code, begun, actor, at)


@contextmanager
def _nested() -> Iterator[None]:
    """Within one step a case may open another that opens another, but not for ever."""
    depth = _depth.get() + 1
    if depth > DEEPEST:
        raise Conflict([_too_deep()])
    token = _depth.set(depth)
    try:
        yield
    finally:
        _depth.reset(token)


DEEPEST = 10
"""So many cases may open one another within one step."""
_depth: ContextVar[int] = ContextVar("xiangyun_openings", default=0)


def _open(code: str, begun: Begun, actor: Actor, at: datetime) -> tuple[Case, bool]:
    case_id = uuid5(_KEYS, f"{begun.how}:{code}:{begun.key}")
    if (found := Case.objects.filter(pk=case_id).first()) is not None:
        return found, False
    version = catalogue.offered(code)
    if version is None:
        raise Conflict([_not_offered(code)])
    pack = catalogue.pack(version.pk)
    way = _way(pack, begun, at)
    matter, need = access.belonging(pack.service)
    answers = _with_place(pack, begun)
    owner = begun.subject.known(begun.place) or _nobody(case_id, begun)
    draft = Draft(
        id=case_id,
        version=version,
        owner=owner,
        answers=to_stored(answers),
        created_at=at,
        updated_at=at,
        matter=matter,
        need=need,
        opened=begun.how,
    )
    # Two at once: the second waits here for the first, and then finds its case.
    readable, draft.answers = draft.answers, sealing.sealed_answers(draft)
    Draft.objects.bulk_create([draft], ignore_conflicts=True)
    draft.answers = readable
    Draft.objects.select_for_update().get(pk=case_id)
    if (found := Case.objects.filter(pk=case_id).first()) is not None:
        return found, False
    if begun.how == CASE:
        _hand_on_files(draft, pack, begun)
    return _begin(draft, pack, way, begun, actor, at), True


def _hand_on_files(draft: Draft, pack: Pack, begun: Begun) -> None:
    """The files among the answers go on with the case: those of the case that opens it, no others.

    Of what is sealed nothing is handed on, since its content is under the key of that case.
    """
    source = Case.objects.filter(number=begun.source).first()
    if source is None or sealing.is_sealed(source) or sealing.is_sealed(draft):
        return
    asked = [question.key for question in pack.form.questions if question.kind == "filepicker"]
    wanted = {
        str(file.get("reference")): key for key in asked for file in _files(begun.answers.get(key))
    }
    for material in Material.objects.filter(draft=source.pk):
        if (key := wanted.get(str(material.pk))) is not None:
            Material.objects.create(
                draft=draft,
                question=key,
                name=material.name,
                media_type=material.media_type,
                size=material.size,
                digest=material.digest,
                added_at=draft.created_at,
            )


def _files(value: Value) -> list[Mapping[str, Value]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _begin(
    draft: Draft, pack: Pack, way: Opening, begun: Begun, actor: Actor, at: datetime
) -> Case:
    application = opening.application_of(draft, pack, at)
    came = opening_of(
        begun.how,
        by=begun.by,
        source=begun.source,
        message=begun.message,
        place=f"{begun.place:012}" if begun.place is not None else "",
    )
    step = opening.open_course(draft, pack, application, actor, at, came)
    step.record(
        "case.opened",
        {
            "service": pack.code,
            "version": draft.version.number,
            "how": begun.how,
            "by": begun.by,
            "from": begun.source,
        },
        {"answers": draft.answers},
    )
    carry_on(step, Started(at, start_for(pack.process, way, begun.message)))
    if step.case.need:
        secrecy.close_circle(step.case, pack.service)
    return step.case


def _way(pack: Pack, begun: Begun, at: datetime) -> Opening:
    """The opening that the service declares. Raises `Conflict`."""
    if refused := taken.not_opened(pack.service, begun.how, timezone.localdate(at)):
        raise Conflict(refused)
    for each in pack.service.openings:
        if each.how == begun.how and (not begun.message or begun.message in each.names):
            return each
    raise Conflict([_no_message(pack, begun.message)])


def _with_place(pack: Pack, begun: Begun) -> dict[str, Value]:
    """The answers; the question for the place is answered by where the opening comes from."""
    answers, asked = dict(begun.answers), pack.service.competent_question
    if asked and answers.get(asked) is None and begun.place is not None:
        answers[asked] = f"{begun.place:012}"
    return answers


def _nobody(case_id: UUID, begun: Begun) -> UUID:
    """What is about nobody is about the place: an office does it for itself."""
    if begun.place is None:
        return case_id
    name = divisions.division(str(begun.place)).name
    return parties.ensure("place", f"{begun.place:012}", name, division=begun.place).pk


def _not_offered(code: str) -> Finding:
    return Finding(
        "service.E001",
        "error",
        Text("事项“{code}”现在不办理。", "The service “{code}” is not offered.", code=code),
    )


def _no_message(pack: Pack, message: str) -> Finding:
    return Finding(
        "case.E060",
        "error",
        Text(
            "“{name}”不收消息“{message}”。",
            "“{name}” takes no message “{message}”.",
            name=pack.service.name,
            message=message,
        ),
        hint=Text(
            "事项的 openings 里写明收哪些消息。",
            "`openings` of the service says which it takes.",
        ),
    )


def _too_deep() -> Finding:
    return Finding(
        "case.E061",
        "error",
        Text(
            "同一步里办件一件接一件地立下去，超过 {most} 层。",
            "Within one step cases open one another more than {most} deep.",
            most=DEEPEST,
        ),
        hint=Text(
            "请检查 case.open，不要让事项互相立件。",
            "Look at `case.open`: services must not open each other's cases in a circle.",
        ),
    )
