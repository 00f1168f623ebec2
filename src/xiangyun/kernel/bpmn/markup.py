"""XML as a value: a tree that is read safely, keeps every foreign word, and is written back.

The typed model (`model.py`) is a view upon this tree; what the model does not know survives here,
so a drawing made by any tool leaves Xiangyun as complete as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from xiangyun.kernel.findings import Finding, Place, Refused, Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DI = "http://www.omg.org/spec/DD/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
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
        Text(f"这个文件不是可以读取的 XML：{why}", f"This file is not readable XML: {why}"),
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
    return Markup(str(node.tag), attributes, prefixes, text, tail, children, line)


def serialise(page: Page) -> str:
    """The file again, UTF-8, nothing lost: canonical XML of both sides is equal."""
    root = _node(page.root, None)
    for item in page.before:
        root.addprevious(_node(item, None))
    for item in reversed(page.after):
        root.addnext(_node(item, None))
    body: str = etree.tostring(root.getroottree(), encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _prefixes(markup: Markup) -> dict[str, str]:
    # lxml takes None for the default namespace; its stubs know only named prefixes.
    return cast("dict[str, str]", dict(markup.prefixes))


def _node(markup: Markup, parent: etree._Element | None) -> etree._Element:
    node: etree._Element
    if markup.tag == COMMENT:
        node = etree.Comment(markup.text)
    elif markup.tag.startswith(INSTRUCTION):
        node = etree.ProcessingInstruction(markup.tag[1:], markup.text)
    elif parent is None:
        node = etree.Element(markup.tag, dict(markup.attributes), nsmap=_prefixes(markup))
    else:
        node = etree.SubElement(
            parent, markup.tag, dict(markup.attributes), nsmap=_prefixes(markup)
        )
    if markup.tag != COMMENT and not markup.tag.startswith(INSTRUCTION):
        node.text = markup.text or None
        for child in markup.children:
            _node(child, node)
    elif parent is not None:
        parent.append(node)
    if parent is not None:
        node.tail = markup.tail or None
    return node
