"""Who acts for whom, at a desk: found by code, entered by a proof, ended for a reason."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from xiangyun.domain.accounts import desks, representing
from xiangyun.domain.accounts.access import files_for_others
from xiangyun.domain.messaging import actions as messaging
from xiangyun.domain.parties.queries import Kind, Party, Representation
from xiangyun.faces.look.fields import Field, errors
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.proofs import PROOFS
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Finding, Refused, Text

_KINDS = {
    Kind.PERSON.value: Text("自然人", "person"),
    Kind.ORGANISATION.value: Text("组织", "organisation"),
}
_DAY = Finding(
    "workbench.E012",
    "error",
    Text("这不是日期。", "This is no day."),
    hint=Text("请写成 2026-12-31，或不填。", "Write it as 2026-12-31, or leave it empty."),
)


@require_http_methods(["GET", "POST"])
@officials_only
def representations(request: ActorRequest) -> HttpResponse:
    """One party at this desk: who acts for it; a further one is entered, one ended."""
    if not files_for_others(request.actor):
        raise Http404
    party, fault = None, None
    if request.method == "POST":
        try:
            party = desks.at_desk(
                request.actor, _typed(request, "kind"), _typed(request, "code"), at=timezone.now()
            )
            _do(request, party)
        except Refused as refused:
            fault = refused
    return _page(request, party, fault)


def _do(request: ActorRequest, party: Party) -> None:
    """What was pressed: to find a party, to enter a representation, or to end one."""
    actor, at = request.actor, timezone.now()
    if number := request.POST.get("end", "")[:20]:
        if not number.isdecimal():
            raise Http404
        given = representing.end(actor, int(number), reason=_typed(request, "reason"), at=at)
        _tell(given, Text("代理已终止", "A representation has ended"))
        messages.success(request, words(Text("代理已终止。", "The representation has ended.")))
    elif "enter" in request.POST:
        given = representing.represent(
            actor,
            party=party.pk,
            representative=_representative(request),
            proof=_typed(request, "proof"),
            reference=_typed(request, "reference"),
            to_on=_day(_typed(request, "to_on")),
            at=at,
        )
        _tell(given, Text("已登记代理", "A representation was entered"))
        messages.success(request, words(Text("已登记。", "Entered.")))


def _representative(request: ActorRequest) -> UUID:
    found = representing.known_person(
        _typed(request, "representative"), _typed(request, "representative_name")
    )
    return found.pk


def _tell(given: Representation, title: Text) -> None:
    """Both of them read of it in their inbox; the represented one may end what it has given."""
    body = Text(
        "{representative}代{party}办事：{proof}，{reference}。可在“为谁办事”页面查看。",
        "{representative} for {party}: {proof}, {reference}. See “For whom I act”.",
        representative=given.representative.name,
        party=given.party.name,
        proof=PROOFS[given.proof],
        reference=given.reference or "—",
    )
    state = "ended" if given.ended_at else "given"
    notice = messaging.Notice(
        key=f"representation/{given.pk}/{state}",
        kind="representation",
        name=state,
        role="",
        title=messaging.words_of(title),
        body=messaging.words_of(body),
        about=messaging.About(),
    )
    messaging.put(notice, [given.party_id, given.representative_id], at=timezone.now())


def _page(request: ActorRequest, party: Party | None, refused: Refused | None) -> HttpResponse:
    fault = refused.findings[0] if refused else None
    finding = _find_fields(request, fault if party is None else None)
    entering = _enter_fields(request, fault) if party else []
    context = {
        "party": party,
        "kind": _typed(request, "kind"),
        "code": _typed(request, "code"),
        "kinds": [
            (value, text, value == _typed(request, "kind")) for value, text in _KINDS.items()
        ],
        "finding": finding,
        "entering": entering,
        "proofs": [
            (value, text, value == _typed(request, "proof"))
            for value, text in PROOFS.items()
            if value != Representation.Proof.CONSENT  # which the party gives by itself
        ],
        "given": [
            (each, PROOFS[each.proof])
            for each in (representing.of_party(request.actor, party.pk) if party else [])
        ],
        "fault": fault if party else None,
        "errors": errors(finding),
    }
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "workbench/representations.html", context, status=status)


def _find_fields(request: ActorRequest, fault: Finding | None) -> list[Field]:
    label = Text("身份号码或统一社会信用代码", "Identity number, or unified social credit code")
    typed = _typed(request, "code")
    return [Field("code", "text", label, typed=typed, error=fault, width="medium")]


def _enter_fields(request: ActorRequest, fault: Finding | None) -> list[Field]:
    labels = {
        "representative": Text("代理人的身份号码", "The representative's identity number"),
        "representative_name": Text("代理人的姓名", "The representative's name"),
        "reference": Text("证明材料在哪里", "Where the proof is found"),
        "to_on": Text("最后一天（可不填）", "The last day, if there is one"),
    }
    kept = fault is not None
    return [
        Field(key, "text", label, typed=_typed(request, key) if kept else "", width="medium",
              required=key != "to_on")
        for key, label in labels.items()
    ]  # fmt: skip


def _typed(request: ActorRequest, key: str) -> str:
    return request.POST.get(key, "")[:500].strip()


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused([_DAY]) from None
