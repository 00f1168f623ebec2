"""Are all the words there, in both languages, and does anything use them?"""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack import taskforms
from xiangyun.kernel.pack.elements import optional_texts, texts_of
from xiangyun.kernel.pack.reader import TEXTS, PackSources
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.casetime import pauses
from xiangyun.kernel.service.headers import listed
from xiangyun.kernel.service.letters import HOLE, is_letter

GUIDE = ("guide.who", "guide.before", "guide.step.1", "guide.next")
APPLICANT = ("action.submit", "action.submit.effect")
_DRAWN = ("element.", "form.", "page.", "forms.")
"""Words whose Chinese stands in the drawing or the form."""


def check_wording(sources: PackSources) -> Iterator[Finding]:
    """Words that are missing, given in one language only, or used by nothing."""
    if not sources.texts or not sources.texts.keys() >= TEXTS.keys():
        return  # the missing file is the fault, not each of its words
    zh, en = sources.texts["zh-Hans"], sources.texts["en"]
    both, translated = set(_wanted(sources)), set(_wanted_translated(sources))
    for key in sorted(both - zh.keys() - en.keys()):
        yield _missing(key)
    for key in sorted((both | set(zh)) & (zh.keys() - en.keys())):
        yield _one_language(key, "zh-Hans", "en", zh[key].place)
    for key in sorted(en.keys() - zh.keys()):
        if not key.startswith(_DRAWN):
            yield _one_language(key, "en", "zh-Hans", en[key].place)
    for key in sorted(translated - en.keys()):
        yield _missing(key, "en")
    yield from _braces(sources)
    yield from _unused(sources, both | translated | set(optional_texts(both)))


def _braces(sources: PackSources) -> Iterator[Finding]:
    """Braces that are left when the formulas are out: people would read them."""
    for tag, texts in sources.texts.items() if sources.texts else ():
        for key, wording in texts.items():
            if is_letter(key) and set("{}") & set(HOLE.sub("", wording.words)):
                yield fault(
                    "pack.E600",
                    Text(
                        "文字“{key}”（{tag}）里有多余的大括号，收信的人会看到。",
                        "The words “{key}” ({tag}) have braces to spare; readers would see them.",
                        key=key,
                        tag=tag,
                    ),
                    wording.place,
                    Text(
                        "公式写在一对大括号里：{example}。",
                        "A formula stands in one pair of braces: {example}.",
                        example="{application.name}",
                    ),
                )


def _wanted(sources: PackSources) -> Iterator[str]:
    """Keys needed in both languages."""
    yield from (*GUIDE, *APPLICANT)
    for stage in sources.service.stages if sources.service else ():
        yield f"stage.{stage}"
    for id, _ in sources.rules.decisions if sources.rules else ():
        yield f"decision.{id}"
    for question in (sources.texts or {})["zh-Hans"]:
        if question.startswith("guide.question."):
            yield question.replace("question", "answer")
    for element in (one for each in sources.processes for one in each.elements.values()):
        if element.kind == "userTask":
            prefix = f"task.{element.id}"
            yield from (prefix, f"{prefix}.hint")
            for action in listed(element.headers, "actions"):
                yield from (f"{prefix}.{action}", f"{prefix}.{action}.effect")
        if pauses(element.properties) and (element.kind == "userTask" or element.type):
            yield f"task.{element.id}.pause"
        yield from texts_of(element)
        if outcome := element.properties.get("outcome"):
            yield from (f"outcome.{outcome}", f"outcome.{outcome}.next")
        if element.trigger and element.trigger.kind == "message":
            yield from (f"action.{element.trigger.name}", f"action.{element.trigger.name}.effect")


def _wanted_translated(sources: PackSources) -> Iterator[str]:
    for process in sources.processes:
        yield from (f"element.{each.id}" for each in process.elements.values() if each.name)
        yield from (f"element.{flow.id}" for flow in process.flows.values() if flow.name)
    for process in sources.called.values():
        if process.name:
            yield f"element.{process.id}"
    if sources.form:
        yield from sources.form.wording()
    for name, form in sources.forms.items():
        yield from taskforms.wording_of(name, form)


def _unused(sources: PackSources, wanted: set[str]) -> Iterator[Finding]:
    free = ("guide.", "action.")
    if not (sources.service and sources.process and sources.form and sources.rules):
        return  # without them nobody can say what is used
    for texts in (sources.texts or {}).values():
        for key, wording in texts.items():
            if key not in wanted and not key.startswith(free):
                yield fault(
                    "pack.W004",
                    Text("没有用到文字“{key}”。", "Nothing uses the words “{key}”.", key=key),
                    wording.place,
                    Text("请改正键名，或者删去。", "Correct the key, or delete it."),
                )


def _missing(key: str, language: str = "") -> Finding:
    return fault(
        "pack.E030",
        Text("缺少文字“{key}”。", "The words “{key}” are missing.", key=key),
        Place(TEXTS[language or "zh-Hans"]),
        Text(
            "请在 {files} 里补“{key}: …”。",
            "Add “{key}: …” to {files}.",
            files=[TEXTS[language]] if language else list(TEXTS.values()),
            key=key,
        ),
    )


def _one_language(key: str, given: str, lacking: str, place: Place) -> Finding:
    return fault(
        "pack.E031",
        Text(
            "文字“{key}”只有 {given}，没有 {lacking}。",
            "“{key}” is in {given} but not in {lacking}.",
            key=key,
            given=given,
            lacking=lacking,
        ),
        place,
        Text("请在 {texts} 里补上。", "Add it to {texts}.", texts=TEXTS[lacking]),
    )
