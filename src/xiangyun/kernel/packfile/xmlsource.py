"""XML as it was written: where each element stands in its text, and changes that leave the rest.

Who changes a value in a drawing or a table changes these bytes alone. Comments, blanks, quotes,
the order of attributes and all that we do not know stay as the author or his tool wrote them; a
change of nothing gives the same bytes. Source: XML 1.0 (W3C, fifth edition) and Namespaces in XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from xiangyun.kernel.findings import Finding, Place, Refused, Text

_SPACE_AND_NAME = " "
_ATTRIBUTE = rb"""(?<=\s)%s\s*=\s*("[^"]*"|'[^']*')"""


@dataclass(slots=True, eq=False)
class Tag:
    """An element: its name, namespace and attributes, and the bytes from `start` to `end`.

    `inner` and `outer_end`: where what it holds begins and ends; of `<a/>` there is none, and
    `is_empty` is true. Attributes of a namespace are called `{uri}name`.
    """

    space: str
    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    line: int
    parent: Tag | None = None
    inner: int = 0
    close: int = 0
    end: int = 0
    children: list[Tag] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.inner == self.end

    def walk(self) -> Iterator[Tag]:
        """It and everything below it, in the file's order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *names: str) -> list[Tag]:
        """The children with one of these names, whatever their namespace."""
        return [child for child in self.children if child.name in names]

    def first(self, *names: str) -> Tag | None:
        """The first such child."""
        return next(iter(self.all(*names)), None)

    def get(self, name: str) -> str:
        """An attribute, or nothing."""
        return self.attributes.get(name, "")


@dataclass(frozen=True, slots=True)
class Change:
    """Bytes from `start` to `end` that become `new`."""

    start: int
    end: int
    new: bytes


class Source:
    """A text and the elements in it. Raises Refused where it is no XML, or holds a DOCTYPE."""

    def __init__(self, text: str, file: str = "") -> None:
        self.data = text.encode()
        self.file = file
        self.prefixes: dict[str, str] = {}
        self.root = _parsed(self)

    def text_of(self, tag: Tag | None) -> str:
        """The characters within an element, without those of its children's tags."""
        if tag is None or tag.is_empty:
            return ""
        held = self.data[tag.inner : tag.close].decode()
        return _unescaped(re.sub(r"<!--.*?-->|<\?.*?\?>", "", held, flags=re.DOTALL))

    def written(self, tag: Tag) -> str:
        """An element as it is written."""
        return self.data[tag.start : tag.end].decode()

    def attribute(self, tag: Tag, name: str, value: str) -> Change:
        """Give an attribute without a namespace another value; it is added where it is not."""
        head = self.data[tag.start : tag.inner]
        found = re.search(_ATTRIBUTE % re.escape(name.encode()), head)
        new = f'"{_escaped(value, quote=True)}"'.encode()
        if found is not None:
            return Change(tag.start + found.start(1), tag.start + found.end(1), new)
        at = re.match(rb"<[^\s/>]+", head)
        assert at is not None
        place = tag.start + at.end()
        return Change(place, place, b" " + name.encode() + b"=" + new)

    def content(self, tag: Tag, text: str) -> Change:
        """Give an element other characters; whatever it held is replaced."""
        new = _escaped(text).encode()
        if not tag.is_empty:
            return Change(tag.inner, tag.close, new)
        return self.put_in(tag, new.decode())

    def inserted(self, at: int, markup: str) -> Change:
        """Put markup at a place."""
        return Change(at, at, markup.encode())

    def put_in(self, tag: Tag, markup: str, *, first: bool = False) -> Change:
        """Put markup into an element, behind what it holds, or before it; `<a/>` is opened."""
        if not tag.is_empty:
            return self.inserted(tag.inner if first else tag.close, markup)
        name = f"{tag.prefix}:{tag.name}" if tag.prefix else tag.name
        slash = self.data.rindex(b"/", tag.start, tag.end)
        return Change(slash, tag.end, f">{markup}</{name}>".encode())

    def removed(self, tag: Tag) -> Change:
        """Take an element out, with the blanks before it."""
        before = self.data[: tag.start]
        return Change(len(before.rstrip(b" \t\r\n")), tag.end, b"")

    def changed(self, changes: Iterable[Change]) -> str:
        """The text with these changes, none of which meets another."""
        out, at = [], 0
        for change in sorted(changes, key=lambda each: (each.start, each.end)):
            if change.start < at:
                raise ValueError("two changes of the same place")
            out += [self.data[at : change.start], change.new]
            at = change.end
        return b"".join([*out, self.data[at:]]).decode()


def _parsed(source: Source) -> Tag:
    parser = expat.ParserCreate("utf-8", _SPACE_AND_NAME)
    parser.buffer_text = True
    open_: list[Tag] = []
    roots: list[Tag] = []
    data = source.data

    def begin(name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(_SPACE_AND_NAME)
        start = parser.CurrentByteIndex
        end = _end_of_tag(data, start)
        qualified = re.match(rb"<([^\s/>]+)", data[start:end])
        written = qualified[1].decode() if qualified else local
        named = {
            f"{{{key.rpartition(_SPACE_AND_NAME)[0]}}}{key.rpartition(_SPACE_AND_NAME)[2]}"
            if _SPACE_AND_NAME in key
            else key: value
            for key, value in attributes.items()
        }
        parent = open_[-1] if open_ else None
        tag = Tag(space, local, written.rpartition(":")[0], named, start,
                  parser.CurrentLineNumber, parent, end)  # fmt: skip
        (parent.children if parent else roots).append(tag)
        open_.append(tag)

    def finish(_: str) -> None:
        tag = open_.pop()
        if data[tag.inner - 2 : tag.inner] == b"/>":
            tag.close = tag.end = tag.inner
        else:
            tag.close = parser.CurrentByteIndex
            tag.end = data.index(b">", tag.close) + 1

    def doctype(*_: object) -> None:
        raise Refused([_unreadable(source.file, "DOCTYPE", 1)])

    def declared(prefix: str | None, uri: str) -> None:
        if prefix and uri:
            source.prefixes.setdefault(uri, prefix)

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = declared
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise Refused([_unreadable(source.file, why, error.lineno)]) from error
    return roots[0]


def _end_of_tag(data: bytes, start: int) -> int:
    """Where the tag that begins at `start` ends; a `>` within quotes is none."""
    found = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""").match(data, start)
    return found.end() if found else len(data)


def as_attribute(text: str) -> str:
    """Words as they stand between the quotation marks of an attribute."""
    return _escaped(text, quote=True)


def as_content(text: str) -> str:
    """Words as they stand within an element."""
    return _escaped(text)


def prefixed(source: Source, space: str, otherwise: str) -> tuple[str, str]:
    """The prefix of a namespace in a file, and what declares it where the file does not."""
    known = source.prefixes.get(space)
    return (known, "") if known else (otherwise, f' xmlns:{otherwise}="{space}"')


def _escaped(text: str, *, quote: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if quote:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text.replace("\r", "&#13;")


_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _unescaped(text: str) -> str:
    """Characters as they are read: entities, CDATA sections."""
    parts = re.split(r"<!\[CDATA\[(.*?)\]\]>", text, flags=re.DOTALL)
    return "".join(
        part if number % 2 else re.sub(r"&(#x[0-9a-fA-F]+|#[0-9]+|\w+);", _character, part)
        for number, part in enumerate(parts)
    )


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name.startswith("#x"):
        return chr(int(name[2:], 16))
    return chr(int(name[1:])) if name.startswith("#") else _NAMED.get(name, found[0])


def _unreadable(file: str, why: str, line: int) -> Finding:
    return Finding(
        "pack.E580",
        "error",
        Text("这个文件不是可以读取的 XML：{why}", "This file is not readable XML: {why}", why=why),
        Place(file, line),
        Text("请先在文件页里改好。", "Mend it on the page of the file first."),
    )
