"""Messages of the EU's Once-Only Technical System, written at the rim: request, response, error.

What is written is what `oots.read` understands. A refusal inside, of whatever finding, leaves as an
error of the model: its type (RegRep 4) and its code (Exchange Data Model).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lxml import etree

from xiangyun.kernel.findings import Finding, Refused, Text

from . import oots
from .oots import QUERY, RIM, RS, SDG, XSI, EvidenceMessage

SPECIFICATION = "oots-edm:v2.0"
_XLINK = "{http://www.w3.org/1999/xlink}"
_SPACES = {
    "query": QUERY[1:-1],
    "rim": RIM[1:-1],
    "rs": RS[1:-1],
    "sdg": SDG[1:-1],
    "xlink": _XLINK[1:-1],
    "xsi": XSI[1:-1],
}
_SET = "urn:oasis:names:tc:ebxml-regrep:CollectionType:Set"
_STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"


@dataclass(frozen=True, slots=True)
class Agent:
    """An organisation: its identifier, the scheme of that, and its name."""

    identifier: str
    scheme: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the evidence is about, as eIDAS names him; `born` is a day in ISO 8601."""

    identifier: str
    family_name: str
    given_name: str
    born: str


@dataclass(frozen=True, slots=True)
class Document:
    """A piece of evidence: its kind (the classification of its type), and the file's media type.

    `part` is the content id under which the file travels beside the message.
    """

    id: UUID
    classification: str
    title: str
    media_type: str
    issued_on: str
    part: str


def request(
    id: UUID,
    requirement: tuple[str, str],
    evidence_type: tuple[str, str],
    person: Person,
    *,
    by: Agent,
    to: Agent,
    procedure: str,
    preview: bool,
    at: datetime,
) -> bytes:
    """Ask for evidence, explicitly wanted by the citizen: `requirement` and `evidence_type` are
    each an identifier and a name."""
    root = _element(f"{QUERY}QueryRequest", id=id.urn)
    _text_slot(root, "SpecificationIdentifier", SPECIFICATION)
    _text_slot(root, "IssueDateTime", at.isoformat(), "DateTime")
    _text_slot(root, "Procedure", procedure)
    _text_slot(root, "PossibilityForPreview", str(preview).lower(), "Boolean")
    _text_slot(root, "ExplicitRequestGiven", "true", "Boolean")
    wanted = _within(_collection(root, "Requirements"), "Requirement")
    _said(wanted, "Identifier", requirement[0])
    _said(wanted, "Name", requirement[1], lang="EN")
    _agent(_collection(root, "EvidenceRequester"), by, "ER")
    _agent(_slot(root, "EvidenceProvider"), to)
    etree.SubElement(root, f"{QUERY}ResponseOption", returnType="LeafClassWithRepositoryItem")
    query = etree.SubElement(root, f"{QUERY}Query", queryDefinition="DocumentQuery")
    about = _within(_slot(query, "NaturalPerson"), "Person")
    _said(about, "LevelOfAssurance", "High")
    _said(about, "Identifier", person.identifier, schemeID="eidas")
    _said(about, "FamilyName", person.family_name)
    _said(about, "GivenName", person.given_name)
    _said(about, "DateOfBirth", person.born)
    kind = _within(_slot(query, "EvidenceRequest"), "DataServiceEvidenceType")
    _said(kind, "Identifier", str(id))
    _said(kind, "EvidenceTypeClassification", evidence_type[0])
    _said(kind, "Title", evidence_type[1], lang="EN")
    _said(_within(kind, "DistributedAs"), "Format", "application/pdf")
    return _bytes(root)


def response(
    asked: EvidenceMessage,
    id: UUID,
    documents: Sequence[Document],
    *,
    provider: Agent,
    requester: Agent,
    at: datetime,
) -> bytes:
    """The evidence that was asked for; without documents it will come later (Unavailable)."""
    status = "Success" if documents else "Unavailable"
    root = _element(f"{QUERY}QueryResponse", status=f"{_STATUS}{status}", requestId=asked.id)
    _text_slot(root, "SpecificationIdentifier", SPECIFICATION)
    _text_slot(root, "EvidenceResponseIdentifier", str(id))
    _text_slot(root, "IssueDateTime", at.isoformat(), "DateTime")
    _agent(_collection(root, "EvidenceProvider"), provider, "EP")
    _agent(_slot(root, "EvidenceRequester"), requester)
    if not documents:
        return _bytes(root)
    listed = etree.SubElement(root, f"{RIM}RegistryObjectList")
    package = etree.SubElement(listed, f"{RIM}RegistryObject", id=id.urn)
    package.set(f"{XSI}type", "rim:RegistryPackageType")
    within = etree.SubElement(package, f"{RIM}RegistryObjectList")
    for each in documents:
        one = etree.SubElement(within, f"{RIM}RegistryObject", id=each.id.urn)
        one.set(f"{XSI}type", "rim:ExtrinsicObjectType")
        evidence = _within(_slot(one, "EvidenceMetadata"), "Evidence")
        _said(evidence, "Identifier", str(each.id))
        kind = _within(evidence, "IsConformantTo")
        _said(kind, "EvidenceTypeClassification", each.classification)
        _said(kind, "Title", each.title, lang="EN")
        _said(evidence, "IssuingDate", each.issued_on)
        _said(_within(evidence, "Distribution"), "Format", each.media_type)
        item = etree.SubElement(one, f"{RIM}RepositoryItemRef")
        item.set(f"{_XLINK}href", f"cid:{each.part}")
        item.set(f"{_XLINK}title", each.title)
    return _bytes(root)


def error(
    asked_id: str,
    id: UUID,
    type_: str,
    message: str,
    *,
    provider: Agent,
    at: datetime,
    preview: str = "",
) -> bytes:
    """Say why there is no evidence: `type_` is one of `oots.ERRORS`.

    With `preview`, an address, the citizen is to look at the evidence there first, and may refuse.
    """
    root = _element(f"{QUERY}QueryResponse", status=f"{_STATUS}Failure", requestId=asked_id)
    _text_slot(root, "SpecificationIdentifier", SPECIFICATION)
    _text_slot(root, "EvidenceResponseIdentifier", str(id))
    _agent(_slot(root, "ErrorProvider"), provider, "ERRP")
    problem = etree.SubElement(root, f"{RS}Exception")
    kind = "Authorization" if preview else type_
    space = "query" if kind == "Query" else "rs"
    problem.set(f"{XSI}type", f"{space}:{kind}ExceptionType")
    problem.set("severity", oots.PREVIEW_SEVERITY if preview else oots.SEVERITY)
    problem.set("message", message)
    problem.set("code", oots.CODES[kind])
    _text_slot(problem, "Timestamp", at.isoformat(), "DateTime")
    if preview:
        _text_slot(problem, "PreviewLocation", preview)
        _text_slot(problem, "PreviewMethod", "GET")
    return _bytes(root)


_TOLD: Mapping[str, tuple[str, ...]] = {
    "Authentication": (
        *(f"exchange.E{n:03}" for n in range(1, 11)),  # unsigned, or not by a key that is good
        "exchange.E022",
    ),
    "Authorization": ("oots.E006", "exchange.E031", "exchange.E051"),
    "Timeout": ("exchange.E033", "exchange.E034", "exchange.E061"),
    "UnresolvedReference": (
        *("exchange.E030", "exchange.E037", "exchange.E050"),
        *("exchange.E064", "exchange.E070"),
    ),
    "UnsupportedCapability": ("oots.E007",),
    "Query": ("oots.E001", "oots.E002", "oots.E008"),
}
"""By which findings of ours each type of exception is told; all others are an InvalidRequest."""


def type_of(finding: Finding) -> str:
    """The type of exception by which a refusal inside is told outside."""
    return next((type_ for type_, ids in _TOLD.items() if finding.id in ids), "InvalidRequest")


def answer(
    content: bytes,
    found: Callable[[EvidenceMessage], Sequence[Document]],
    id: UUID,
    *,
    provider: Agent,
    at: datetime,
    preview: Callable[[EvidenceMessage], str] = lambda asked: "",
) -> bytes:
    """What a request is answered with: evidence, or an error by its name.

    `found` looks for the evidence, and raises Refused where there is a reason against it; with
    nothing found it is ObjectNotFound. `preview` gives the address where the citizen has to look
    first, empty once that was done. Nothing is answered to what is no request but by an error.
    """
    asked_id = UUID(int=0).urn
    try:
        asked = oots.read(content)
        if asked.kind != "request":
            raise Refused([_NO_REQUEST])
        asked_id = asked.id
        where = preview(asked) if asked.preview else ""
        if where:
            words = "Look at the evidence first."
            return error(
                asked_id, id, "Authorization", words, provider=provider, at=at, preview=where
            )
        documents = found(asked)
    except Refused as refused:
        finding = refused.findings[0]
        said = f"{finding.id} {finding.message.en}"
        return error(asked_id, id, type_of(finding), said, provider=provider, at=at)
    if not documents:
        said = "There is no such evidence."
        return error(asked_id, id, "ObjectNotFound", said, provider=provider, at=at)
    requester = Agent(asked.sender, "urn:oasis:names:tc:ebcore:partyid-type:unregistered", "")
    return response(asked, id, documents, provider=provider, requester=requester, at=at)


def _element(tag: str, **attributes: str) -> etree._Element:
    return etree.Element(tag, attributes, nsmap=_SPACES)


def _slot(parent: etree._Element, name: str, type_: str = "Any") -> etree._Element:
    slot = etree.SubElement(parent, f"{RIM}Slot", name=name)
    value = etree.SubElement(slot, f"{RIM}SlotValue")
    value.set(f"{XSI}type", f"rim:{type_}ValueType")
    return value


def _text_slot(parent: etree._Element, name: str, text: str, type_: str = "String") -> None:
    etree.SubElement(_slot(parent, name, type_), f"{RIM}Value").text = text


def _collection(parent: etree._Element, name: str) -> etree._Element:
    value = _slot(parent, name, "Collection")
    value.set("collectionType", _SET)
    element = etree.SubElement(value, f"{RIM}Element")
    element.set(f"{XSI}type", "rim:AnyValueType")
    return element


def _within(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{SDG}{name}")


def _said(parent: etree._Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{SDG}{name}", attributes).text = text


def _agent(parent: etree._Element, agent: Agent, role: str = "") -> None:
    found = _within(parent, "Agent")
    _said(found, "Identifier", agent.identifier, schemeID=agent.scheme)
    _said(found, "Name", agent.name or agent.identifier, lang="EN")
    if role:
        _said(found, "Classification", role)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


_NO_REQUEST = Finding(
    "oots.E008",
    "error",
    Text("这不是索要证明的请求。", "This is no request for evidence."),
    hint=Text("请发 QueryRequest。", "Send a QueryRequest."),
)
