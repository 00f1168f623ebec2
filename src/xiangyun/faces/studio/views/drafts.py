"""The list of drafts, a new one, and one draft on its way to publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xiangyun.domain.catalogue import drafts as submissions
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue import sheets
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.studio import access, actions, paths, starters
from xiangyun.domain.studio import queries as studio
from xiangyun.domain.studio.queries import Draft
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.lists import Column, Line, Listing
from xiangyun.faces.look.page import office_page
from xiangyun.faces.look.refusals import STATUS
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import moment, words
from xiangyun.faces.studio import said
from xiangyun.faces.studio.frame import authors_only, draft_for, draft_page
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import read_pack

_KINDS = {
    "service": Text("完整的事项：表单、规则、流程、证照", "A whole service: form, rules, process"),
    "item": Text("标准办理方式的事项", "An item of a standard way"),
    "register": Text("登记库", "A register"),
    "resource": Text("可预约的资源", "Something to be booked"),
    "roles": Text("角色", "Roles"),
    "connector": Text("与其他系统的连接", "A connector"),
}
_OPEN_STATES = (studio.OPEN, studio.HANDED_IN)
_WORDS_OF = 40
_SUGGESTED = 50


@require_safe
@officials_only
def drafts(request: ActorRequest) -> HttpResponse:
    """The drafts there are, and how to begin one."""
    return _drafts_page(request)


@officials_only
@action("studio:drafts")
def new(request: ActorRequest) -> HttpResponse:
    """Begin a draft with a starter."""
    authors_only(request)
    kind, code = request.POST.get("kind", ""), request.POST.get("code", "").strip()
    zh, en = (request.POST.get(name, "").strip()[:_WORDS_OF] for name in ("zh", "en"))

    def verb() -> Draft:
        area, _, name = paths.good_code(code).partition("/")
        plain = name.replace("-", " ")
        named = starters.Named(area, name, name, zh or plain, en or plain.capitalize())
        chosen = kind if kind in starters.kinds() else "service"
        files = starters.files_of(chosen, named, timezone.localdate())
        return actions.begin(code, files, actor=request.actor, at=timezone.now())

    return _begun(request, verb)


@officials_only
@action("studio:drafts")
def of_published(request: ActorRequest) -> HttpResponse:
    """Begin a draft with the version that is in force."""
    authors_only(request)
    code = request.POST.get("published", "").strip()
    return _begun(request, lambda: actions.begin(code, actor=request.actor, at=timezone.now()))


@require_safe
@officials_only
def draft(request: ActorRequest, id: UUID) -> HttpResponse:
    """One draft: its files, what is said of them, and the way to publication."""
    return _draft_page(request, id)


@officials_only
@action("studio:draft", "id")
def hand_in(request: ActorRequest, id: UUID) -> HttpResponse:
    """Hand the draft in."""
    return _done(request, id, lambda: actions.hand_in(
        id, actor=request.actor, at=timezone.now()))  # fmt: skip


@officials_only
@action("studio:draft", "id")
def agree(request: ActorRequest, id: UUID) -> HttpResponse:
    """Agree to what was handed in, in force from a day."""
    try:
        day = date.fromisoformat(request.POST.get("from_on", ""))
    except ValueError:
        day = timezone.localdate()
    return _done(request, id, lambda: actions.agree(
        id, from_on=day, actor=request.actor, at=timezone.now()))  # fmt: skip


@officials_only
@action("studio:draft", "id")
def send_back(request: ActorRequest, id: UUID) -> HttpResponse:
    """Give what was handed in back, with a reason."""
    why = request.POST.get("why", "")
    return _done(request, id, lambda: actions.send_back(
        id, why, actor=request.actor, at=timezone.now()))  # fmt: skip


@officials_only
@action("studio:draft", "id")
def discard(request: ActorRequest, id: UUID) -> HttpResponse:
    """Give the draft up."""
    return _done(request, id, lambda: actions.discard(
        id, actor=request.actor, at=timezone.now()))  # fmt: skip


def _begun(request: ActorRequest, verb: Callable[[], Draft]) -> HttpResponse:
    try:
        made = verb()
    except Refused as refused:
        return _drafts_page(request, refused)
    return HttpResponseRedirect(reverse("studio:draft", args=[made.pk]))


def _done(request: ActorRequest, id: UUID, verb: Callable[[], Draft]) -> HttpResponse:
    draft_for(request, id)
    try:
        verb()
    except Refused as refused:
        return _draft_page(request, id, refused)
    return HttpResponseRedirect(reverse("studio:draft", args=[id]))


def _drafts_page(request: ActorRequest, refused: Refused | None = None) -> HttpResponse:
    authors_only(request)
    columns = (
        Column(Text("状态", "State"), ""),
        Column(Text("起草人", "Author")),
        Column(Text("最后修改", "Last change")),
    )
    lines = [
        Line(
            reverse("studio:draft", args=[each.pk]),
            each.code,
            (words(studio.state_words(each.state)), each.author_name, moment(each.changed_at)),
        )
        for each in studio.drafts(request.actor)
    ]
    kinds = [Choice(kind, _KINDS.get(kind, Text.given(kind, kind)), kind == "service")
             for kind in sorted(starters.kinds(), key=lambda kind: list(_KINDS).index(kind)
                                if kind in _KINDS else len(_KINDS))]  # fmt: skip
    typed = request.POST
    context = {
        "listing": Listing(Text("事项包", "Pack"), columns, lines),
        "fields": [
            Field("code", "text", Text("代码", "Code"), typed=typed.get("code", ""), hint=Text(
                "领域/名称，小写字母、数字、连字符，如 own/reading-card。",
                "Area/name in small letters, digits and hyphens, such as own/reading-card.")),
            Field("zh", "text", Text("中文名称", "Chinese name"), typed=typed.get("zh", "")),
            Field("en", "text", Text("英文名称", "English name"), typed=typed.get("en", "")),
            Field("kind", "radio", Text("从哪种样板开始", "Which starter"), choices=kinds),
        ],
        "published": Field("published", "text", Text("已发布的事项包", "A published pack"),
                           typed=typed.get("published", ""), hint=Text(
                "写代码：领域/名称。",
                "Its code: area/name.")),
        "codes": [each.code for each in catalogue.current_services()[:_SUGGESTED]],
        "errors": [("", each) for each in refused.findings] if refused else [],
    }  # fmt: skip
    status = STATUS[refused.kind] if refused else 200
    return office_page(request, "studio/drafts.html", context, status=status)


def _draft_page(request: ActorRequest, id: UUID, refused: Refused | None = None) -> HttpResponse:
    found = draft_for(request, id)
    rows = studio.revisions(found, request.actor)
    files = {path: row.text for path, row in rows.items()}
    findings = studio.findings(found.code, files)[1] if found.state == studio.OPEN else []
    submission = studio.submission(found)
    by_file = [(row, said.count(said.in_file(findings, path)),
                any(each.tone == "late" for each in said.in_file(findings, path)))
               for path, row in rows.items()]  # fmt: skip
    everything = said.of(findings)
    context = {
        "files": by_file,
        "found": everything,
        "count": said.count(everything),
        "is_sound": not any(each.tone == "late" for each in everything),
        "submission": submission,
        "submission_state": submissions.state_words(submission.state) if submission else None,
        "may_agree": access.publishes(request.actor)
        and request.actor.account not in studio.authors(found, request.actor),
        "why": Field("why", "textarea", Text("退回理由", "Reason"), required=False),
        "file": Field("path", "text", Text("新文件的路径", "Path of a new file"), hint=Text(
            "如 examples/late.yaml。", "Such as examples/late.yaml.")),
        "upload": Field("file", "file", Text("上传文件", "Upload files"), multiple=True,
                        hint=Text("BPMN、DMN 等单个文件，或整包的 ZIP。",
                                  "Single files such as BPMN and DMN, or a ZIP of the pack.")),
        "broken": _broken_sheets(files) if found.base and found.state in _OPEN_STATES else [],
        "today": timezone.localdate().isoformat(),
    }  # fmt: skip
    return draft_page(request, "studio/draft.html", found, context, refused)


def _broken_sheets(files: dict[str, str]) -> list[tuple[Text, sheets.Broken]]:
    """The sheets of places that the draft would make worse than their item, with the place.

    None where the draft cannot be read yet: what is wrong with it stands on the page.
    """
    try:
        pack = read_pack(files)
    except Refused:
        return []
    broken = sheets.broken_by(pack, timezone.localdate())
    return [(divisions.path_words(each.division), each) for each in broken]
