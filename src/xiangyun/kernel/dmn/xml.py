"""Reading DMN's XML safely, whatever the version of its namespace."""

from __future__ import annotations

from typing import Any

from lxml import etree

from xiangyun.kernel.findings import Finding, Place, Refused, Text


def parse_xml(text: str | bytes, file: str) -> etree._Element:
    """The root element.

    Raises:
        Refused: when it is not well-formed, or holds a document type definition.
    """
    data = text.encode() if isinstance(text, str) else text
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = Text("不是完好的 XML:{msg}", "Not well-formed XML: {msg}", msg=error.msg)
        place = Place(file, error.lineno or 0, error.offset or 0)
        raise Refused([Finding("dmn.E001", "error", message, place)]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        message = Text("不允许文档类型定义（DTD）。", "A document type definition is not allowed.")
        hint = Text("删去 <!DOCTYPE …>。", "Remove <!DOCTYPE …>.")
        raise Refused([Finding("dmn.E002", "error", message, Place(file, 1), hint)])
    return root


def local(element: etree._Element) -> str:
    """The tag without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def children(element: etree._Element, *tags: str) -> list[etree._Element]:
    """The child elements with one of these tags, in order."""
    return [each for each in element if local(each) in tags]


def child(element: etree._Element, *tags: str) -> etree._Element | None:
    """The first child element with one of these tags."""
    return next(iter(children(element, *tags)), None)


def text_of_child(element: etree._Element, tag: str) -> str | None:
    """The text inside the first such child."""
    found = child(element, tag)
    return None if found is None else "".join(str(part) for part in found.itertext())


def name_of(element: etree._Element) -> str:
    """The name attribute with white space normalised (§10.3.1.4)."""
    return " ".join((element.get("name") or "").split())


def line_of(element: etree._Element) -> int:
    """The line an element begins on; 0 when unknown."""
    line: Any = element.sourceline
    return int(line or 0)
