"""The guide of a service: who, how long, what it costs; then how, with what, by which rules."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.cases import admission
from xiangyun.domain.cases.queries.usage import usage
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue import sheets
from xiangyun.domain.information import queries as information
from xiangyun.faces.look import limits
from xiangyun.faces.look.drawings import process_drawing
from xiangyun.faces.look.offices import authority, competent
from xiangyun.faces.look.page import public_page
from xiangyun.faces.look.parts import part
from xiangyun.faces.look.region import region_of
from xiangyun.faces.look.requests import ActorRequest
from xiangyun.faces.look.rules import decision_name
from xiangyun.faces.look.templatetags.look import words
from xiangyun.faces.portal.guideparts import (
    Answered,
    AsidePart,
    ByLaw,
    CodeLine,
    FigureInForce,
    GuideStep,
    KeyFigure,
    LawLine,
    MaterialLine,
    MemberLine,
    RuleRow,
    RuleTable,
)
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.dmn import annotated
from xiangyun.kernel.dmn.model import Decision, TableBox
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.pack.kinds.theme import KIND as THEME
from xiangyun.kernel.service.instead import WAYS
from xiangyun.kernel.service.model import ITEM_TYPES, Material, Remedy, ServiceItem
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT
from xiangyun.kernel.service.tasks.case_open import opens_others

_ORIGINS = {
    "generated": Text("系统按您的回答生成", "Made from your answers"),
    "register": Text("部门共享，不用提交", "Taken from registers, nothing to send"),
    "government": Text("政府部门核发", "Issued by an office"),
    "applicant": Text("申请人自备", "From you"),
}
_FORMS = {
    "electronic": Text("电子", "Electronic"),
    "paper": Text("纸质", "Paper"),
    "both": Text("电子或纸质", "Electronic or paper"),
}
_NEEDS = {"required": Text("必要", "Yes"), "conditional": Text("符合情形时", "In some cases")}


@require_safe
def guide(request: ActorRequest, code: str) -> HttpResponse:
    """Everything about one service."""
    version = catalogue.current_version(code)
    today, region = timezone.localdate(), region_of(request)
    offer = sheets.offer(version, region, today)
    pack = offer.pack
    item = pack.service
    at = competent(item, region)
    context = {
        "name": item.name,
        "code": code,
        "version": version.number,
        "kind": ITEM_TYPES[item.item_type],
        "authority": words(authority(item, region)),
        "summary": item.summary,
        "figures": part("portal/guidefigures.html", _figures, offer, today),
        "start_url": reverse("portal:start", args=[code]),
        "report_url": reverse("portal:report-begin", args=[code])
        if item.opening(ANONYMOUS)
        else "",
        "applied": item.opening(APPLICANT) is not None,
        "stops": admission.stops(item, request.actor, timezone.now()),
        "start_note": None
        if request.actor.account
        else Text(
            "点击后请先登录，填到哪里都会保存。",
            "You will log in first; what you fill in is saved.",
        ),
        "took": usage(timezone.now()).get(code),
        "which_url": reverse("portal:which", args=[code]) if item.which_case else "",
        "names_url": reverse("names:check", args=[code]) if item.name_check else "",
        "articles": information.about(code, today)[:5],
        "members": _members(code) if opens_others(pack.process) else [],
        "appointments": bookings.appointments(item, code, region),
        "told": part("portal/guidetold.html", _told, offer, today),
        "beside": part(
            "portal/guidebeside.html", _beside, offer, today, str(at.code) if at else ""
        ),
    }
    return public_page(request, "portal/guide.html", context)


def _told(offer: sheets.Offer, on: date) -> dict[str, object]:
    """What the version itself says of the service, from the steps to the legal basis."""
    pack = offer.pack
    item = pack.service
    return {
        "steps": _steps(pack),
        "process_url": reverse("portal:process", args=[item.code]),
        "conditions": item.accept_conditions,
        "materials": [_material(m, item) for m in item.materials],
        "form_url": reverse("portal:blank-form", args=[item.code])
        if item.opening(APPLICANT)
        else "",
        "sample_url": reverse("portal:sample", args=[item.code]) if item.result.sample else "",
        "result": item.result.name,
        "rules": _rules(pack),
        "times": limits.table(pack, on),
        "extension": _extension(pack),
        "parameters": _parameters(pack, on),
        "questions": _questions(pack),
        "laws": [LawLine(basis.words, basis.verified) for basis in item.legal_basis],
    }


def _beside(offer: sheets.Offer, on: date, at: str) -> dict[str, object]:
    """What stands beside it: the ways within the page, whom to ask where, and the codes.

    `at` is the division whose the service is here; empty where none is.
    """
    pack = offer.pack
    offices = reverse("portal:offices", args=[pack.service.code])
    return {
        **_told(offer, on),
        "aside": _aside(pack, at),
        "codes": _codes(pack, at),
        "offices_url": offices if pack.service.places.offices else "",
    }


@require_safe
def process(request: ActorRequest, code: str) -> HttpResponse:
    """The whole process of a service drawn: on a page of its own, which few open."""
    version = catalogue.current_version(code)
    pack = catalogue.pack(version.id)
    context = {
        "name": pack.service.name,
        "back": reverse("portal:guide", args=[code]),
        "drawing": mark_safe(process_drawing(pack, {})),
    }
    return public_page(request, "portal/process.html", context)


def _figures(offer: sheets.Offer, today: date) -> dict[str, object]:
    """The three figures: working days, fee, trips."""
    pack = offer.pack
    item = pack.service
    promised = limits.span_on(pack, item.promised, today)
    statutory = limits.span_on(pack, item.statutory, today)
    days = limits.numbers(promised)
    fee = Text.given(f"{item.fee.amount:f}", f"{item.fee.amount:f}")
    figures = [
        KeyFigure(
            label=Text(
                "承诺时限（法定 {by_law}）",
                "promised time (by law {by_law})",
                by_law=limits.in_words(statutory, item.statutory),
            ),
            value=Text.given(days, days),
            unit=limits.unit_words(item.promised, promised.most),
        ),
        KeyFigure(
            label=Text("费用", "fee"),
            value=fee,
            unit=Text("元", "yuan"),
        ),
        KeyFigure(
            label=Text("到现场", "visits to an office"),
            value=Text.given(str(item.visits), str(item.visits)),
            unit=Text("次", "{n|trip|trips}", n=item.visits),
        ),
    ]
    return {"figures": figures}


def _steps(pack: Pack) -> list[GuideStep]:
    """The stages with what happens in them, as the texts of the guide tell it."""
    steps = []
    for number in range(1, 10):
        key = f"guide.step.{number}"
        if key not in pack.texts["zh-Hans"]:
            break
        timed = f"{key}.when" in pack.texts["zh-Hans"]
        when = pack.words(f"{key}.when") if timed else None
        steps.append(GuideStep(text=pack.words(key), when=when))
    return steps


def _members(code: str) -> list[MemberLine]:
    """The services that are applied for in one go, where the service is a theme."""
    declared = catalogue.declaration(THEME.name, code)
    lines = []
    for member in declared.value.members if declared is not None else ():
        version = catalogue.offered(member.service)
        if version is not None:
            url = reverse("portal:guide", args=[member.service])
            name = Text.given(version.name_zh, version.name_en)
            lines.append(MemberLine(name, url, member.sometimes))
    return lines


def _extension(pack: Pack) -> ByLaw | None:
    """By how much the time may be extended, and by which law."""
    rule = pack.service.extension
    if rule is None:
        return None
    unit = limits.counted_in(rule.counts, rule.number)
    each = Text("每个阶段", "once a stage") if pack.service.stage_limits else Text("", "once")
    return ByLaw(
        text=Text(
            "情况复杂、不能按期办完的，经批准{each}可以延长一次，{days} {unit}；理由会写信告诉您。",
            "A case that cannot be done in time may be extended {each}, with approval, by "
            "{days} {unit}; you are told the reason by letter.",
            each=each,
            days=rule.number,
            unit=unit,
        ),
        basis=pack.law(rule.basis),
        verified=rule.verified,
    )


def _material(material: Material, item: ServiceItem) -> MaterialLine:
    return MaterialLine(
        name=material.name,
        note=material.standard,
        source=_ORIGINS[material.origin],
        form=_FORMS[material.form],
        need=_NEEDS[material.necessity],
        ways=tuple(WAYS[way] for way in material.instead.ways),
        sample=_paper(item.code, "sample", material.sample),
        blank=reverse("portal:blank-form", args=[item.code])
        if material.origin == "generated" and item.opening(APPLICANT)
        else _paper(item.code, "blank", material.blank),
    )


def _paper(code: str, kind: str, name: str) -> str:
    return reverse(f"portal:paper-{kind}", args=[code, name]) if name else ""


def _rules(pack: Pack) -> list[RuleTable]:
    """The decision tables whose rows have words for people, row by row with their law."""
    if pack.rules is None:
        return []
    tables = []
    for element in pack.rules.elements.values():
        if not isinstance(element, Decision) or not isinstance(element.box, TableBox):
            continue
        rows = [
            RuleRow(
                number=number,
                text=annotated(note),
                basis=pack.law(note.get("basis", "")),
            )
            for number, rule in enumerate(element.box.rules, start=1)
            if (note := rule.annotations).get("text")
        ]
        if rows:
            tables.append(RuleTable(decision_name(pack, element.id), tuple(rows)))
    return tables


def _parameters(pack: Pack, on: date) -> list[FigureInForce]:
    """The figures in force on a day, each with its law."""
    return [
        FigureInForce(
            name=parameter.name,
            value=figure.value,
            basis=pack.law(figure.basis),
            verified=figure.verified,
        )
        for parameter in pack.parameters.all
        if (figure := parameter.on(on))
    ]


def _questions(pack: Pack) -> list[Answered]:
    """Questions people ask, with their answers."""
    numbers = (n for n in range(1, 20) if f"guide.question.{n}" in pack.texts["zh-Hans"])
    return [
        Answered(question=pack.words(f"guide.question.{n}"), answer=pack.words(f"guide.answer.{n}"))
        for n in numbers
    ]


def _aside(pack: Pack, at: str) -> list[AsidePart]:
    """Where to go, when, whom to ask, and what to do against a decision."""
    item = pack.service
    near = item.places.within(at) if at else ()
    offices = [line for place in near for line in (place.name, place.address)]
    remedies = [_remedy(r) for r in item.remedies]
    return [
        AsidePart(
            title=Text("办理地点", "Where to go"),
            lines=[*(offices or [item.places.general]), item.hours],
        ),
        *_department(item.department),
        AsidePart(
            title=Text("咨询和投诉", "Questions and complaints"),
            lines=[item.enquiries, item.complaints],
        ),
        AsidePart(title=Text("不服决定", "Against a decision"), lines=remedies),
    ]


def _department(key: str) -> list[AsidePart]:
    """Whose matter the service is; nothing where it is nobody's."""
    name = name_of(key)
    return [AsidePart(title=Text("主管部门", "Department"), lines=[name])] if name else []


def _codes(pack: Pack, at: str) -> list[CodeLine]:
    """The codes of the item; those of the implementation where it is known whose it is."""
    item = pack.service
    codes = [CodeLine(name=Text("基本编码", "Basic code"), value=item.basic_code)]
    if not at:
        return codes
    return [
        *codes,
        CodeLine(name=Text("实施编码", "Implementation"), value=item.implementation_code(at)),
        CodeLine(name=Text("业务办理项编码", "Handling item"), value=item.handling_code(at)),
    ]


def _remedy(remedy: Remedy) -> Text:
    kinds = {
        "reconsideration": Text("行政复议", "reconsideration"),
        "litigation": Text("行政诉讼", "court"),
    }
    kind = kinds.get(remedy.kind, Text.given(remedy.kind, remedy.kind))
    months = remedy.unit.startswith("month")
    if months:
        within = Text("{n} 个月", "{n} {n|month|months}", n=remedy.limit)
    else:
        within = Text("{n} 日", "{n} {n|day|days}", n=remedy.limit)
    return Text(
        "{kind}：{within}内向{to}提出",
        "{kind}: within {within}, to {to}",
        kind=kind,
        within=within,
        to=remedy.to,
    )
