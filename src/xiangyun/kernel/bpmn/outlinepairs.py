"""Headers and inputs of a service task as lines of an outline, `letter = accepted`, and back.

A line that is as it was changes nothing in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xiangyun.kernel.bpmn.markup import ZEEBE
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag


@dataclass(frozen=True, slots=True)
class Pairs:
    """How pairs are written: the element that holds them, theirs, and its two attributes."""

    holder: str
    tag: str
    name: str
    value: str


HEADERS = Pairs("taskHeaders", "header", "key", "value")
INPUTS = Pairs("ioMapping", "input", "target", "source")


def lines(pairs: Pairs, step: Tag) -> str | None:
    """The pairs of a step, a line each; None for some that lines cannot say."""
    held = _holder(pairs, step)
    found = held.all(pairs.tag) if held else []
    names = [each.get(pairs.name) for each in found]
    values = [each.get(pairs.value) for each in found]
    if len({*names}) < len(names) or any(
        each != each.strip() or "\n" in each for each in (*names, *values)
    ):
        return None
    if any(not each or "=" in each for each in names):
        return None
    return "\n".join(f"{each.get(pairs.name)} = {each.get(pairs.value)}" for each in found)


def changes(source: Source, pairs: Pairs, step: Tag, text: str) -> Iterator[Change]:
    """What of the file becomes another where these lines are to be the pairs of a step.

    Raises Refused `pack.E586` for a line without a name, or a name that stands there twice.
    """
    wanted: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, value = (part.strip() for part in line.partition("="))
        # An expression begins with the same sign: `to = =application.phone`.
        if not name or name in wanted or "=" not in line:
            raise Refused([_no_pair(source.file, step, line)])
        wanted[name] = value
    held = _holder(pairs, step)
    kept = set()
    for each in held.all(pairs.tag) if held else []:
        name = each.get(pairs.name)
        kept.add(name)
        if name not in wanted:
            yield source.removed(each)
        elif wanted[name] != each.get(pairs.value):
            yield source.attribute(each, pairs.value, wanted[name])
    new = {name: value for name, value in wanted.items() if name not in kept}
    if new:
        yield _added(source, pairs, step, held, new)


def _holder(pairs: Pairs, step: Tag) -> Tag | None:
    held = step.first("extensionElements")
    found = held.all(pairs.holder) if held else []
    return next((each for each in found if each.space == ZEEBE), None)


def _added(
    source: Source, pairs: Pairs, step: Tag, held: Tag | None, new: dict[str, str]
) -> Change:
    z = source.prefixes.get(ZEEBE, "zeebe")
    markup = "".join(
        f'<{z}:{pairs.tag} {pairs.name}="{_quoted(name)}" {pairs.value}="{_quoted(value)}" />'
        for name, value in new.items()
    )
    if held is not None and not held.is_empty:
        return source.inserted(held.close, markup)
    whole = f"<{z}:{pairs.holder}>{markup}</{z}:{pairs.holder}>"
    if held is not None:
        return Change(held.start, held.end, whole.encode())
    around = step.first("extensionElements")
    if around is None or around.is_empty:  # a service task says its type there
        raise Refused([_no_pair(source.file, step, next(iter(new)))])
    return source.inserted(around.close, whole)


def _quoted(value: str) -> str:
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace('"', "&quot;")


def _no_pair(file: str, step: Tag, line: str) -> Finding:
    return Finding(
        "pack.E586",
        "error",
        Text(
            "“{step}”的这一行读不懂，或者写了两次：{line}",
            "This line of “{step}” cannot be read, or stands there twice: {line}",
            step=step.get("name") or step.get("id"),
            line=Text.given(line, line),
        ),
        Place(file, step.line),
        Text("一行一项，写成 letter = accepted。", "One a line, such as letter = accepted."),
    )
