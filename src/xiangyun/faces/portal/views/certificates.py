"""The certificate as its holder keeps it, and the check that anyone can make of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from xiangyun.domain.certificates import actions
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.evidence import checking as evidence
from xiangyun.faces.look.answers import SummaryRow
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.requests import ActorRequest, logged_in
from xiangyun.kernel.findings import Finding, Text

PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)
MEASURED_POLICY = f"{PAPER_POLICY} allow-same-origin"
"""For what is shown within a page, whose script asks how high it is; it runs none itself."""
_MOST_BYTES = 2_000_000
_TONES = {"valid": "good", "revoked": "amber", "altered": "late", "unknown": ""}
_SIGNS = {"valid": "check", "revoked": "alert", "altered": "cross", "unknown": "question"}
_TITLES = {
    "valid": Text("有效", "Valid"),
    "revoked": Text("已失效", "No longer in force"),
    "altered": Text("被改动过", "Altered"),
    "unknown": Text("查不到", "Unknown"),
}
_NOTHING = Finding(
    "portal.E004",
    "error",
    Text("请输入证照标识，或者选择一个文件。", "Enter an identifier, or choose a file."),
)
_TOO_LARGE = Finding(
    "portal.E005",
    "error",
    Text(
        "文件超过 2 MB，不是平台发的证照文件。", "The file has more than 2 MB: it is none of ours."
    ),
    hint=Text("请选择从平台下载的原始文件。", "Choose the file as it was downloaded."),
)


_MOST_FILES = 20
_TOO_MANY = Finding(
    "portal.E014",
    "error",
    Text(
        "一次最多核验{most}个文件。",
        "At most {most} files are checked at a time.",
        most=_MOST_FILES,
    ),
    hint=Text("请分几次核验。", "Check them in several turns."),
)


@dataclass(frozen=True, slots=True)
class CheckedStep:
    """One thing that was checked; `ok` None: it could not be checked here."""

    name: Text
    ok: bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The large answer to a check, why, and what the certificate says."""

    tone: str
    sign: str
    title: Text
    about: Text
    steps: tuple[CheckedStep, ...]
    rows: tuple[SummaryRow, ...]


@require_safe
@logged_in
def certificate(request: ActorRequest, identifier: str) -> HttpResponse:
    """Valid or not first; then the certificate as on paper, its code, and the file."""
    found = _found(request, identifier)
    standing = certificates.standing_of(found)
    context = {
        "tone": "good" if standing.in_force else "amber",
        "sign": "check" if standing.in_force else "alert",
        "verdict": _TITLES["valid" if standing.in_force else "revoked"],
        "standing": standing.text,
        "name": found.content["type"]["name"],
        "holder": found.holder_name,
        "issued_on": found.issued_on,
        "paper_url": reverse("portal:paper", args=[identifier]),
        "document_url": reverse("portal:document", args=[identifier]),
        "qr_url": reverse("portal:qr", args=[identifier]),
        "identifier": identifier,
        "rows": content_rows(found.content),
        "replaces": certificates.neighbour(found.replaces_id),
        "replaced_by": certificates.replaced_by(found),
    }
    return public_page(request, "portal/certificate.html", context)


def _found(request: ActorRequest, identifier: str) -> Any:
    """The certificate; that somebody other than its holder looked is written down."""
    found = certificates.certificate(identifier)
    actions.note_reading(found, actor=request.actor, at=timezone.now())
    return found


def content_rows(content: Mapping[str, Any]) -> list[SummaryRow]:
    """The lines of a certificate as rows of a summary."""
    return [
        SummaryRow(Text.from_json(line["label"]), line["value"])
        for line in content.get("fields", [])
    ]


@require_safe
@logged_in
def paper(request: ActorRequest, identifier: str) -> HttpResponse:
    """The signed page itself, shut into a sandbox: it may run nothing and reach nothing."""
    found = _found(request, identifier)
    answer = HttpResponse(found.page, content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = MEASURED_POLICY
    return answer


@require_safe
@logged_in
def document(request: ActorRequest, identifier: str) -> HttpResponse:
    """The signed page as a file, byte for byte as it was signed."""
    found = _found(request, identifier)
    answer = HttpResponse(found.page.encode(), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = PAPER_POLICY
    answer["Content-Disposition"] = f'attachment; filename="{identifier}.html"'
    return answer


@require_safe
def qr(request: ActorRequest, identifier: str) -> HttpResponse:
    """The code that leads to the check of this identifier; it holds nothing else."""
    address = f"{settings.PUBLIC_URL}{reverse('portal:verify')}?id={identifier}"
    svg = segno.make(address, error="m").svg_inline(border=2, omitsize=True, dark="#000")
    return HttpResponse(
        svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1),
        content_type="image/svg+xml",
    )


@require_http_methods(["GET", "POST"])
def verify(request: ActorRequest) -> HttpResponse:
    """One large answer on an identifier or a file, and what was checked for it."""
    typed = (request.POST.get("identifier") or request.GET.get("id") or "").strip()[:200]
    holder = request.POST.get("holder", "").strip()[:200]
    sent = request.FILES.getlist("file")
    fault_of: dict[str, Finding] = {}
    verdict = None
    answers: list[tuple[str, Answer]] = []
    if len(sent) > _MOST_FILES:
        fault_of["file"] = _TOO_MANY
    elif any((each.size or 0) > _MOST_BYTES for each in sent):
        fault_of["file"] = _TOO_LARGE
    elif len(sent) > 1:
        answers = [(each.name or "", _answer(_verdict(each.read()))) for each in sent]
    elif sent:
        verdict = _verdict(sent[0].read())
    elif typed and holder:
        found = certificates.identifier_of_holder(holder, typed)
        verdict = certificates.verdict_of_identifier(found) if found else certificates.NO_RECORD
    elif typed:
        verdict = certificates.verdict_of_code(typed)
        if verdict is None and "." in typed:
            verdict = certificates.verdict_of_identifier(typed)
        verdict = verdict or certificates.NO_CODE
    elif request.method == "POST":
        fault_of["identifier"] = _NOTHING
    fields = [
        Field(
            "identifier",
            "text",
            Text("证照标识、短码，或证照编号", "Identifier, short code, or number"),
            hint=Text(
                "标识以 1.2.156.3005.2 开头；短码由持证人告知；证照编号须同时填写下一项。",
                "The identifier begins with 1.2.156.3005.2; the holder says the short code; a "
                "number needs the next answer too.",
            ),
            typed=typed,
            error=fault_of.get("identifier"),
        ),
        Field(
            "holder",
            "text",
            Text(
                "持证主体代码（只在输入证照编号时填写）", "Code of its holder (with a number only)"
            ),
            required=False,
            typed=holder,
        ),
        Field(
            "file",
            "file",
            Text(
                "或者选择证照、回执、证据包的文件",
                "Or choose files: certificates, receipts, evidence",
            ),
            hint=Text(
                "一次最多{most}个，也可以拖到下面的框里。",
                "At most {most} at a time; you can also drop them into the box.",
                most=_MOST_FILES,
            ),
            accept=".html,.htm,.json,.sd-jwt,.pdf,.ofd,.zip,.tlog-proof",
            multiple=True,
            error=fault_of.get("file"),
        ),
    ]
    context = {
        "answer": _answer(verdict) if verdict else None,
        "answers": answers,
        "fields": fields,
        "errors": errors(fields),
    }
    return public_page(request, "portal/verify.html", context, status=422 if fault_of else 200)


def _verdict(data: bytes) -> certificates.Verdict:
    """On a certificate or receipt, or on evidence and single proofs of the journal.

    Of evidence with its hundred parts those are shown that do not hold, or else the first.
    """
    found = evidence.verdict(data, certificates.own_trust().for_pages())
    if found is None:
        return certificates.verdict(data)
    wrong = tuple(step for step in found.steps if not step.passed)
    return replace(found, steps=wrong or found.steps[:1])


def _answer(verdict: certificates.Verdict) -> Answer:
    return Answer(
        tone=_TONES[verdict.answer],
        sign=_SIGNS[verdict.answer],
        title=_TITLES[verdict.answer],
        about=verdict.headline,
        steps=tuple(CheckedStep(step.text, step.passed) for step in verdict.steps),
        rows=tuple(content_rows(verdict.content)) if verdict.answer in ("valid", "revoked") else (),
    )
