"""An application while its applicant writes it: what its pages, its check and its files share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.cases import access, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.prefill import Known, Prefill, prefill
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.look.fields import ReceivedFile, Said
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.look.tones import SEVERITY_TONES
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import Form, Page, doubts, submitted, visible_pages, with_computed
from xiangyun.kernel.pack import NotMet, Pack, RuleFinding

_NO_LAW = Text("", "")


@dataclass(frozen=True, slots=True)
class Writing:
    """An application being written, with all that its pages need."""

    draft: cases.Draft
    pack: Pack
    form: Form
    prefill: Prefill
    answers: Mapping[str, Value]
    pages: Sequence[Page]
    checking: bool = False
    """Whether the pages are visited from the check page, to change something there."""

    @property
    def known(self) -> Mapping[str, Known]:
        """What registers know of the answers, by question."""
        return self.prefill.known

    @property
    def advice(self) -> tuple[RuleFinding, ...]:
        """What the public rules say of the pages that were sent already, worst first."""
        return cases.advice_on(self.draft, self.answers, self._answered, timezone.now())

    @property
    def not_applying(self) -> tuple[NotMet, ...]:
        """What the public rules found not to apply to what was answered so far."""
        return cases.not_applying_to(self.draft, self.answers, self._answered, timezone.now())

    @property
    def _answered(self) -> set[str]:
        """The questions of the pages that were sent already, and what registers answer."""
        seen = [page for page in self.pages if self.is_seen(page)]
        return {question.key for page in seen for question in page.questions} | {*self.known}

    @property
    def doubts(self) -> dict[str, Finding]:
        """What is taken as it is and may yet be a slip of the hand, by field name."""
        return doubts(self.form, submitted(self.form, self.answers), known=self.known.keys())

    @property
    def heard(self) -> str:
        """The marks of all that is told of the answers, so that it is told once."""
        return " ".join([*(f.id for f in self.advice), *(doubt_marks(self.doubts))])

    def is_seen(self, page: Page) -> bool:
        """Whether a page was sent once, or asks nothing that is not known."""
        keys = {question.key for question in page.questions if question.key not in self.known}
        return not keys or bool(keys & (self.draft.answers.keys() | self.files.keys()))

    @property
    def files(self) -> dict[str, list[ReceivedFile]]:
        return files_of(self.draft.id, removable=not self.draft.sent)

    def url(self, key: str, **said: str) -> str:
        """The address of a page; `said` is what it is to say when it comes up again."""
        asked = {**({"check": "1"} if self.checking else {}), **said}
        return reverse("portal:apply", args=[self.draft.id, key]) + (
            f"?{urlencode(asked)}" if asked else ""
        )

    def after(self, key: str) -> str:
        """Where to go on after a page: the next one, or the check page.

        Whoever came from the check page goes back to it, past pages that are answered.
        """
        if self.checking:
            return reverse("portal:resume", args=[self.draft.id])
        keys = [p.key for p in self.pages]
        rest = keys[keys.index(key) + 1 :] if key in keys else []
        return self.url(rest[0]) if rest else reverse("portal:check", args=[self.draft.id])

    def before(self, key: str) -> str:
        if self.checking:
            return reverse("portal:check", args=[self.draft.id])
        keys = [p.key for p in self.pages]
        at = keys.index(key)
        return self.url(keys[at - 1]) if at else ""


def files_of(draft_id: UUID, *, removable: bool) -> dict[str, list[ReceivedFile]]:
    """The files received, by question; `removable` until the application is sent."""
    return received_of(drafts.materials_of(draft_id), removable=removable)


def received_of(
    materials: Iterable[cases.Material], *, removable: bool
) -> dict[str, list[ReceivedFile]]:
    """Files of one application, by question."""
    found: dict[str, list[ReceivedFile]] = {}
    for material in materials:
        url = reverse("portal:view", args=[material.draft_id, material.id])
        file = ReceivedFile(
            material.name, material.size, url, str(material.id) if removable else ""
        )
        found.setdefault(material.question, []).append(file)
    return found


def writing(request: ActorRequest, draft_id: UUID) -> Writing:
    """The draft of this applicant or desk; `DoesNotExist` for anybody else."""
    draft = access.draft_for(request.actor, draft_id)
    drafts.note_reading(draft, actor=request.actor, at=timezone.now())
    pack = catalogue.pack(draft.version_id)
    held = prefill(draft)
    answers = {
        **drafts.answers_of(draft),
        **drafts.files_as_answers(draft),
        **dict.fromkeys(held.undecided),
        **{key: one.value for key, one in held.known.items()},
    }
    answers = with_computed(pack.form, answers)
    pages = visible_pages(pack.form, answers)
    return Writing(draft, pack, pack.form, held, answers, pages, "check" in request.GET)


def behalf(at: Writing) -> str:
    """For whom a desk is filing; nothing when people file for themselves."""
    if at.draft.filed_by is None:
        return ""
    return next((str(held.value) for held in at.known.values()), "申请人")


def said(pack: Pack, findings: Sequence[RuleFinding]) -> list[Said]:
    """Findings as a page sets them."""
    return [
        Said(found.text, pack.law(found.basis), SEVERITY_TONES.get(found.severity, "soft"))
        for found in findings
    ]


def doubt_marks(doubts: Mapping[str, Finding]) -> list[str]:
    """Each doubt by its id and its field, to remember that it was told."""
    return [f"{found.id}@{name}" for name, found in doubts.items()]


def said_of_doubt(found: Finding) -> Said:
    """A doubt as a page sets it: a hint, which asks for nothing."""
    return Said(found.message, _NO_LAW, "soft")


def said_by_field(
    pack: Pack, findings: Sequence[RuleFinding], doubts: Mapping[str, Finding]
) -> dict[str, list[Said]]:
    """What the rules say, by the question that it is about, and each doubt by its field."""
    told: dict[str, list[Said]] = {}
    for finding in findings:
        told.setdefault(finding.field, []).extend(said(pack, [finding]))
    for name, doubt in doubts.items():
        told.setdefault(name, []).append(said_of_doubt(doubt))
    return told
