"""XML as a value: a tree that is read safely, keeps every foreign word, and is written back.

The typed model (`model.py`) is a view upon this tree; what the model does not know survives here,
so a drawing made by any tool leaves Xiangyun as complete as it came.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from lxml import etree

from xiangyun.kernel.findings import Finding, Place, Refused, Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DI = "http://www.omg.org/spec/DD/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
XML = "http://www.w3.org/XML/1998/namespace"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

COMMENT = "!"
INSTRUCTION = "?"
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True, eq=False)
class Markup:
    """One XML element, comment (tag `!`) or processing instruction (tag `?name`)."""

    tag: str
    attributes: Mapping[str, str]
    prefixes: Mapping[str | None, str]
    text: str
    tail: str
    children: tuple[Markup, ...]
    line: int
    prefix: str | None = None
    """the prefix that the tag was written with"""
    written: Mapping[str, str] = field(default_factory=dict)
    """attributes whose namespace has several prefixes here -> as they were written"""

    @property
    def space(self) -> str:
        """The namespace of the tag, empty when it has none."""
        return self.tag[1:].partition("}")[0] if self.tag.startswith("{") else ""

    @property
    def name(self) -> str:
        """The tag without its namespace."""
        return self.tag.rpartition("}")[2]

    def get(self, name: str, default: str = "") -> str:
        """An attribute without surrounding blanks."""
        return self.attributes.get(name, default).strip()

    def all(self, space: str, *names: str) -> Iterator[Markup]:
        """The child elements of this namespace with one of these names, in the file's order."""
        for child in self.children:
            if child.space == space and child.name in names:
                yield child

    def first(self, space: str, *names: str) -> Markup | None:
        """The first such child element, or None."""
        return next(self.all(space, *names), None)

    def walk(self) -> Iterator[Markup]:
        """This element and everything below it, in the file's order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A whole XML file: the root and the comments and instructions around it."""

    before: tuple[Markup, ...]
    root: Markup
    after: tuple[Markup, ...]


@lru_cache(maxsize=2)  # a file is looked at several times in a row: its form, its extensions
def parse(text: str | bytes, file: str) -> Page:
    """Read XML without entities, network or document type.

    Raises `Refused` (`bpmn.E001`) when the text is not well-formed or carries a DOCTYPE.
    """
    raw = _DECLARATION.sub("", text).encode() if isinstance(text, str) else text
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position if error.position else (0, 0)
        raise Refused([_unreadable(str(error.msg), Place(file, line or 0, column or 0))]) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused([_unreadable("DOCTYPE", Place(file, 1))])
    before = tuple(_value(node) for node in reversed(list(root.itersiblings(preceding=True))))
    after = tuple(_value(node) for node in root.itersiblings())
    return Page(before, _value(root), after)


def _unreadable(why: str, place: Place) -> Finding:
    return Finding(
        "bpmn.E001",
        "error",
        Text("这个文件不是可以读取的 XML：{why}", "This file is not readable XML: {why}", why=why),
        place,
        Text(
            "请用建模工具重新导出；不接受 DOCTYPE。",
            "Export it again from the modeller; a DOCTYPE is not accepted.",
        ),
    )


def _value(node: etree._Element) -> Markup:
    text, tail, line = str(node.text or ""), str(node.tail or ""), cast("int", node.sourceline or 0)
    if isinstance(node, etree._Comment):
        return Markup(COMMENT, {}, {}, text, tail, (), line)
    if isinstance(node, etree._ProcessingInstruction):
        return Markup(INSTRUCTION + str(node.target), {}, {}, text, tail, (), line)
    parent = node.getparent()
    outer = parent.nsmap if parent is not None else {}
    prefixes = {key: uri for key, uri in node.nsmap.items() if outer.get(key) != uri}
    attributes = {str(key): str(value) for key, value in node.attrib.items()}
    children = tuple(_value(child) for child in node)
    written = _written(node, attributes)
    return Markup(
        str(node.tag), attributes, prefixes, text, tail, children, line, node.prefix, written
    )


def _written(node: etree._Element, attributes: Mapping[str, str]) -> dict[str, str]:
    """How attributes were written whose namespace alone does not say by which prefix."""
    several = {uri for uri, count in Counter(node.nsmap.values()).items() if count > 1}
    return {
        name: str(node.xpath(f"name(@*[{at}])"))
        for at, name in enumerate(attributes, start=1)
        if name.startswith("{") and name[1:].partition("}")[0] in several
    }


def serialise(page: Page) -> str:
    """The file again, UTF-8, nothing lost: canonical XML of both sides is equal.

    Written here and not by a library, which would choose one prefix where a file has two for one
    namespace.
    """
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for item in page.before:
        _write(item, {}, out)
        out.append("\n")
    _write(page.root, {"xml": XML}, out)
    for item in page.after:
        out.append("\n")
        _write(item, {}, out)
    out.append("\n")
    return "".join(out)


def _write(markup: Markup, outer: Mapping[str | None, str], out: list[str]) -> None:
    if markup.tag == COMMENT:
        out.append(f"<!--{markup.text}-->")
        return
    if markup.tag.startswith(INSTRUCTION):
        out.append(f"<?{markup.tag[1:]} {markup.text}?>" if markup.text else f"<{markup.tag}?>")
        return
    declared = dict(markup.prefixes)
    if not markup.space and {**outer, **declared}.get(None):
        declared[None] = ""
    scope = {**outer, **declared}
    name = _qualified(markup.space, markup.name, markup.prefix, scope)
    out.append(f"<{name}")
    for prefix, uri in declared.items():
        out.append(f' xmlns{":" + prefix if prefix else ""}="{_value_text(uri)}"')
    for key, value in markup.attributes.items():
        space, _, local = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
        word = markup.written.get(key) or _qualified(space, local, "", scope)
        out.append(f' {word}="{_value_text(value)}"')
    if not markup.children and not markup.text:
        out.append("/>")
        return
    out.append(f">{_plain_text(markup.text)}")
    for child in markup.children:
        _write(child, scope, out)
        out.append(_plain_text(child.tail))
    out.append(f"</{name}>")


def _qualified(space: str, name: str, prefix: str | None, scope: Mapping[str | None, str]) -> str:
    """A name with its prefix: the one it was written with, or any that stands for its namespace.

    An empty prefix asks for one that an attribute can have: the default namespace is none of its.
    """
    if not space:
        return name
    if prefix != "" and scope.get(prefix) == space:
        return f"{prefix}:{name}" if prefix else name
    found = next((each for each, uri in scope.items() if uri == space and each), None)
    return f"{found}:{name}" if found else name


def _plain_text(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def _value_text(text: str) -> str:
    text = _plain_text(text).replace('"', "&quot;")
    return text.replace("\t", "&#9;").replace("\n", "&#10;")
