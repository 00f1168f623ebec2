"""Messages, signals, errors and escalations of an outline: which one an event is about; its key.

A drawing names each of them once, beside its processes, and its events refer to it. Another name in
the outline leads the event to the one of that name; where there is none, the one it has is renamed
if nobody else refers to it, and otherwise a new one is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xiangyun.kernel.bpmn.markup import BPMN, ZEEBE
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag, as_attribute, prefixed


@dataclass(frozen=True, slots=True)
class Named:
    """How one kind is written: the element of the event, what it refers by, the attribute named."""

    definition: str
    reference: str
    name: str


KINDS: Mapping[str, Named] = MappingProxyType(
    {
        "message": Named("messageEventDefinition", "messageRef", "name"),
        "signal": Named("signalEventDefinition", "signalRef", "name"),
        "error": Named("errorEventDefinition", "errorRef", "errorCode"),
        "escalation": Named("escalationEventDefinition", "escalationRef", "escalationCode"),
    }
)
_TASKS = ("receiveTask", "sendTask")
_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about: its kind, the tag that refers, and what it refers to, if anything."""

    kind: str
    tag: Tag
    shared: Tag | None

    @property
    def name(self) -> str:
        """The name or code, as it is written; nothing where the event names none."""
        return self.shared.get(KINDS[self.kind].name) if self.shared else ""


def about(source: Source, step: Tag) -> About | None:
    """What a step is about; None where it is neither such an event nor waits for a message."""
    for kind, named in KINDS.items():
        tag = step.first(named.definition)
        if tag is None and kind == "message" and step.name in _TASKS:
            tag = step
        if tag is not None:
            wanted = tag.get(named.reference).rpartition(":")[2]
            shared = next(
                (each for each in _shared(source, kind) if each.get("id") == wanted), None
            )
            return About(kind, tag, shared if wanted else None)
    return None


def key(found: About | None, step: Tag) -> str | None:
    """By what a message that a step waits for finds its case; None where it waits for none."""
    if found is None or found.kind != "message" or step.name not in _CATCHING:
        return None
    told = _subscription(found.shared)
    return told.get("correlationKey") if told else ""


def changes(
    source: Source, step: Tag, found: About, name: str | None, key: str | None
) -> Iterator[Change]:
    """Give an event another name or key; None leaves it, and so does what it has already."""
    shared = found.shared
    if name is not None and name != found.name and name.strip():
        other = next(
            (each for each in _shared(source, found.kind) if _name(found, each) == name), None
        )
        if other is not None:
            yield source.attribute(found.tag, _reference(found), other.get("id"))
            shared = other
        elif shared is not None and _used(source, found) < 2:
            yield source.attribute(shared, KINDS[found.kind].name, name)
        else:
            id, markup = made(source, found.kind, step.get("id"), name, key or "")
            yield source.attribute(found.tag, _reference(found), id)
            yield source.inserted(_before(source), markup)
            return
    if key is not None and shared is not None:
        yield from _keyed(source, shared, key)


def made(source: Source, kind: str, step: str, name: str, key: str = "") -> tuple[str, str]:
    """The id and the markup of a message, signal, error or escalation that is new."""
    process = source.root.first("process")
    p = f"{process.prefix}:" if process is not None and process.prefix else ""
    taken = {each.get("id") for each in source.root.walk()}
    id = f"{kind}_{step}"
    while id in taken:
        id += "_"
    named = "" if KINDS[kind].name == "name" else f' name="{as_attribute(name)}"'
    head = f'{p}{kind} id="{id}"{named} {KINDS[kind].name}="{as_attribute(name)}"'
    if not key:
        return id, f"<{head} />"
    held = f"<{p}extensionElements>{_key_markup(source, key)}</{p}extensionElements>"
    return id, f"<{head}>{held}</{p}{kind}>"


def found_or_made(source: Source, kind: str, step: str, name: str) -> tuple[str, list[Change]]:
    """The id of the one that has a name; made before the first process where there is none."""
    for each in _shared(source, kind):
        if each.get(KINDS[kind].name) == name:
            return each.get("id"), []
    id, markup = made(source, kind, step, name)
    return id, [source.inserted(_before(source), markup)]


def _shared(source: Source, kind: str) -> list[Tag]:
    return [each for each in source.root.all(kind) if each.space == BPMN]


def _name(found: About, shared: Tag) -> str:
    return shared.get(KINDS[found.kind].name)


def _reference(found: About) -> str:
    return KINDS[found.kind].reference


def _used(source: Source, found: About) -> int:
    wanted = found.shared.get("id") if found.shared else ""
    return sum(
        each.get(_reference(found)).rpartition(":")[2] == wanted
        for each in source.root.walk()
        if each.get(_reference(found))
    )


def _before(source: Source) -> int:
    """Where the first process or collaboration begins: what is shared stands before."""
    first = source.root.first("process", "collaboration")
    return first.start if first is not None else source.root.inner


def _subscription(shared: Tag | None) -> Tag | None:
    held = shared.first("extensionElements") if shared else None
    found = held.all("subscription") if held else []
    return next((each for each in found if each.space == ZEEBE), None)


def _key_markup(source: Source, key: str) -> str:
    z, declared = prefixed(source, ZEEBE, "zeebe")
    return f'<{z}:subscription{declared} correlationKey="{as_attribute(key)}" />'


def _keyed(source: Source, shared: Tag, key: str) -> Iterator[Change]:
    told, held = _subscription(shared), shared.first("extensionElements")
    if told is not None:
        if key != told.get("correlationKey"):
            yield source.attribute(told, "correlationKey", key)
    elif key.strip():
        markup = _key_markup(source, key)
        if held is not None:
            yield source.put_in(held, markup)
        else:
            p = f"{shared.prefix}:" if shared.prefix else ""
            yield source.put_in(shared, f"<{p}extensionElements>{markup}</{p}extensionElements>")
