"""What outcomes, actions, stages and life events of a service mean: service.yaml says it.

The platform knows none of them by name. It asks what an outcome means, whether an action is grave,
whether a stage is announced; the words stand in the texts of the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.packfile.fields import Fields, wrong_kind
from xiangyun.kernel.packfile.yamltext import Node
from xiangyun.kernel.service.ruling import DEMANDS

Tone = Literal["good", "bad", "plain"]
MEANINGS: Mapping[str, tuple[Text, Tone]] = {
    "granted": (Text("准予所申请的事", "what was applied for is given"), "good"),
    "denied": (Text("不予准许", "the office says no"), "bad"),
    "taken_back": (Text("申请人撤回", "the applicant took the application back"), "plain"),
    "expired": (Text("期限已过，没有人再办", "a time passed and nobody went on"), "plain"),
    "closed": (Text("办完了，无所谓准与不准", "it is done, neither given nor refused"), "plain"),
}
"""What an outcome can mean, and how it looks where the service does not say otherwise."""
TONES: tuple[Tone, ...] = ("good", "bad", "plain")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way for a case to end (办理结果).

    `meaning`: one of `MEANINGS`. `stage`: the stage that is reached by ending so; may be empty.
    """

    name: str
    meaning: str
    tone: Tone
    stage: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ActionMeaning:
    """A button that means more than its words.

    `grave`: it decides against the applicant, and looks so. `follows`: findings of this severity
    lead to it, so it is the first button then; the official decides all the same.
    """

    name: str
    grave: bool = False
    follows: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """An event of people's lives (一件事) that services are listed by; `name` in their words.

    `name` is None in a pack that was published before names were declared.
    """

    code: str
    name: Text | None = None


def read_outcomes(f: Fields, stages: tuple[str, ...]) -> tuple[Outcome, ...]:
    """The section `outcomes`: a mapping of names to what they mean; it may be absent."""
    found = []
    for name, node in _members(f, "outcomes"):
        o = Fields(node, f.report, name)
        meaning = o.one_of("meaning", MEANINGS)
        usual = MEANINGS[meaning][1] if meaning else "plain"
        tone = cast(Tone, o.one_of("tone", TONES) or usual) if o.has("tone") else usual
        stage = o.string("stage", required=False)
        if stage and stage not in stages:
            where = o.place("stage")
            f.report(unknown("pack.E026", Text("环节", "stage"), stage, stages, where))
        o.done()
        found.append(Outcome(name, meaning, tone, stage, node.place))
    return tuple(found)


def read_actions(f: Fields) -> tuple[ActionMeaning, ...]:
    """The section `actions`; it may be absent."""
    found = []
    for name, node in _members(f, "actions"):
        a = Fields(node, f.report, name)
        grave = a.boolean("grave", default=False)
        follows = a.one_of("follows", DEMANDS) if a.has("follows") else ""
        a.done()
        found.append(ActionMeaning(name, grave, follows, node.place))
    return tuple(found)


def read_life_event(topics: Fields) -> LifeEvent | None:
    """`life_event`: its code, and its name in people's words."""
    node = topics.node.get("life_event")
    if node is not None and isinstance(node.value, str):  # as packs wrote it once
        topics.take("life_event")
        topics.report(wrong_kind("life_event", node, _CODE_AND_NAME))
        return LifeEvent(node.value)
    section = topics.section("life_event", required=False)
    if section is None:
        return None
    found = LifeEvent(section.string("code"), section.words("name"))
    section.done()
    return found


_CODE_AND_NAME = Text(
    "代码和名称：code 和 name（两种语言）",
    "its code and its name: `code` and `name` in both languages",
)


def _members(f: Fields, key: str) -> Iterator[tuple[str, Node]]:
    section = f.section(key, required=False)
    return section.node.items() if section else iter(())
