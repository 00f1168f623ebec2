"""Messages of the EU's Once-Only Technical System (OOTS, Exchange Data Model), at the rim.

A request for evidence, its answer or its error (ebXML RegRep 4), and the header that a message
travels with (ebMS 3) are read into one value; what is not as the model has it is refused by name.
Source: Commission Implementing Regulation (EU) 2022/1463, Exchange Data Model v1 and v2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lxml import etree

from xiangyun.kernel.findings import Finding, Refused, Text

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0}"
RS = "{urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0}"
QUERY = "{urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0}"
SDG = "{http://data.europa.eu/p4s}"
EB = "{http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
Kind = Literal["request", "response", "error", "header"]
_STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
_URN = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ACTIONS = ("ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse")
CODES: Mapping[str, str] = {
    "Authentication": "EDM:ERR:0001",
    "Authorization": "EDM:ERR:0002",
    "InvalidRequest": "EDM:ERR:0003",
    "ObjectNotFound": "EDM:ERR:0004",
    "Timeout": "EDM:ERR:0005",
    "UnresolvedReference": "EDM:ERR:0006",
    "UnsupportedCapability": "EDM:ERR:0007",
    "Query": "EDM:ERR:0008",
}
"""The code of each type of exception: the code list EDMErrorCodes of the Technical Design Documents
2.0.1, which has no others."""
ERRORS: Mapping[str, Text] = {
    "Authentication": Text("没有证明是谁在请求。", "Who asks has not proved who he is."),
    "Authorization": Text("请求没有授权。", "The request is not authorised."),
    "InvalidRequest": Text("请求不合规定。", "The request is invalid."),
    "ObjectNotFound": Text("没有找到所要的证明。", "The evidence was not found."),
    "Timeout": Text("等待超时。", "It took too long."),
    "UnresolvedReference": Text("引用的内容不存在。", "It refers to what does not exist."),
    "UnsupportedCapability": Text("请求的能力不支持。", "What is asked for is not supported."),
    "Query": Text("查询不合规定。", "The query is invalid."),
}
"""What errors of evidence providers mean, by the type of the exception (RegRep 4)."""
_TYPES = {code: type_ for type_, code in CODES.items()}
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
PREVIEW_SEVERITY = (
    "urn:sr.oots.tech.ec.europa.eu:codes:ErrorSeverity:EDMErrorResponse:PreviewRequired"
)
"""Of the error of authorisation by which the citizen is asked to look at the evidence first."""
_PREVIEWS = (PREVIEW_SEVERITY, PREVIEW_SEVERITY.replace(".ec.", "."))
"""Both spellings of its list."""
_PREVIEW = Text("需要先预览。", "The evidence is to be previewed first.")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "request": (
        *("SpecificationIdentifier", "IssueDateTime", "Procedure", "PossibilityForPreview"),
        *("ExplicitRequestGiven", "Requirements", "EvidenceRequester", "EvidenceProvider"),
    ),
    "response": (
        *("SpecificationIdentifier", "EvidenceResponseIdentifier", "IssueDateTime"),
        *("EvidenceProvider", "EvidenceRequester"),
    ),
    "error": ("SpecificationIdentifier", "EvidenceResponseIdentifier", "ErrorProvider"),
}


@dataclass(frozen=True, slots=True)
class EvidenceMessage:
    """A message that was understood.

    `id` is its own number, or of the request that it answers; `specification` the version of the
    model; `sender` and `recipient` the organisations' identifiers; `errors` codes with their words;
    `look_at` where the citizen is to look at the evidence first.
    """

    kind: Kind
    id: str
    specification: str
    sender: str = ""
    recipient: str = ""
    requirements: tuple[str, ...] = ()
    preview: bool = False
    evidence: tuple[str, ...] = ()
    errors: tuple[tuple[str, Text], ...] = ()
    look_at: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


def read(content: bytes) -> EvidenceMessage:
    """A message from its bytes. Raises Refused with the reason by its id."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise _refused("oots.E001", problem.msg or "XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("oots.E001", "DOCTYPE")
    if root.tag == f"{QUERY}QueryRequest":
        return _request(root)
    if root.tag == f"{QUERY}QueryResponse":
        return _response(root)
    if root.tag == f"{EB}Messaging":
        return _header(root)
    raise _refused("oots.E002", str(root.tag)[:200])


def _request(root: etree._Element) -> EvidenceMessage:
    slots, id = _slots(root, "request"), root.get("id", "")
    _refuse_no_urn("id", id)
    explicit = _boolean(slots["ExplicitRequestGiven"], "ExplicitRequestGiven")
    preview = _boolean(slots["PossibilityForPreview"], "PossibilityForPreview")
    if not explicit:
        raise _refused("oots.E006", "ExplicitRequestGiven")
    requirements = [
        (each.findtext(f"{SDG}Identifier") or "").strip()
        for each in slots["Requirements"].iter(f"{SDG}Requirement")
    ]
    if not requirements or not all(requirements):
        raise _refused("oots.E004", "Requirements")
    if root.find(f"{QUERY}Query") is None:
        raise _refused("oots.E003", "Query")
    return EvidenceMessage(
        "request",
        id,
        _specification(slots),
        _agent(slots, "EvidenceRequester"),
        _agent(slots, "EvidenceProvider"),
        tuple(requirements),
        preview,
    )


def _response(root: etree._Element) -> EvidenceMessage:
    status = root.get("status", "").removeprefix(_STATUS)
    exceptions = root.findall(f"{RS}Exception")
    if status not in ("Success", "Failure", "Unavailable"):
        raise _refused("oots.E004", f"status {root.get('status', '')}")
    failed = status == "Failure" or bool(exceptions)
    if (status == "Failure") != bool(exceptions):
        raise _refused("oots.E005", "status, Exception")
    slots = _slots(root, "error" if failed else "response")
    _refuse_no_urn("requestId", root.get("requestId", ""))
    if failed:
        errors = tuple(_error(each) for each in exceptions)
        return EvidenceMessage(
            "error",
            root.get("requestId", ""),
            _specification(slots),
            _agent(slots, "ErrorProvider"),
            _agent(slots, "EvidenceRequester") if "EvidenceRequester" in slots else "",
            errors=errors,
            look_at=_look_at(exceptions),
        )
    objects = root.findall(f"{RIM}RegistryObjectList/{RIM}RegistryObject")
    if status == "Success" and not objects:
        raise _refused("oots.E003", "RegistryObject")
    return EvidenceMessage(
        "response",
        root.get("requestId", ""),
        _specification(slots),
        _agent(slots, "EvidenceProvider"),
        _agent(slots, "EvidenceRequester"),
        evidence=tuple(each.get("id", "") for each in objects),
    )


def _error(exception: etree._Element) -> tuple[str, Text]:
    """The code of an exception with its words: one of the list, of its type and severity."""
    code, severity = exception.get("code", ""), exception.get("severity", "")
    type_ = exception.get(f"{XSI}type", "").rpartition(":")[2].removesuffix("ExceptionType")
    if not code or not type_ or not exception.get("message"):
        raise _refused("oots.E003", "Exception/code, type, message")
    if code not in _TYPES:
        raise _refused("oots.E004", f"code {code}"[:200])
    if type_ != _TYPES[code]:
        raise _refused("oots.E005", f"{code}, {type_}"[:200])
    slots = _slots_of(exception)
    if "Timestamp" not in slots:
        raise _refused("oots.E003", "Exception/Timestamp")
    _moment("Timestamp", _text(slots["Timestamp"]))
    if severity in _PREVIEWS:
        if type_ != "Authorization":
            raise _refused("oots.E005", f"{code}, PreviewRequired")
        if "PreviewLocation" not in slots or not _text(slots["PreviewLocation"]):
            raise _refused("oots.E003", "PreviewLocation")
        if not _text(slots["PreviewLocation"]).startswith("https://"):
            raise _refused("oots.E004", "PreviewLocation")
        return code, _PREVIEW
    if severity != SEVERITY:
        raise _refused("oots.E004", f"severity {severity}"[:200])
    return code, ERRORS[type_]


def _look_at(exceptions: list[etree._Element]) -> str:
    """The address where the citizen is to look at the evidence first; empty where nobody asks."""
    found = (each for each in exceptions if each.get("severity") in _PREVIEWS)
    return next((_text(_slots_of(each)["PreviewLocation"]) for each in found), "")


def _header(root: etree._Element) -> EvidenceMessage:
    found = root.findall(f"{EB}UserMessage")
    if len(found) != 1:
        raise _refused("oots.E003", "UserMessage")
    one = found[0]

    def said(path: str) -> str:
        text = (one.findtext("/".join(f"{EB}{part}" for part in path.split("/"))) or "").strip()
        if not text:
            raise _refused("oots.E003", path)
        return text

    id, stamp = said("MessageInfo/MessageId"), said("MessageInfo/Timestamp")
    _moment("Timestamp", stamp)
    action = said("CollaborationInfo/Action")
    if action not in _ACTIONS:
        raise _refused("oots.E004", f"Action {action}"[:200])
    said("CollaborationInfo/Service")
    said("CollaborationInfo/ConversationId")
    properties = {
        each.get("name", ""): (each.text or "").strip() for each in one.iter(f"{EB}Property")
    }
    for name in ("originalSender", "finalRecipient"):
        if not properties.get(name):
            raise _refused("oots.E003", name)
    return EvidenceMessage(
        "header",
        id,
        properties.get("SpecificationId", ""),
        said("PartyInfo/From/PartyId"),
        said("PartyInfo/To/PartyId"),
        properties={**properties, "Action": action},
    )


def _slots(root: etree._Element, kind: str) -> dict[str, etree._Element]:
    """The slots of a message by their names: each once, none of those that must be left out."""
    found = _slots_of(root)
    for name in _NEEDED[kind]:
        if name not in found:
            raise _refused("oots.E003", name)
    if "IssueDateTime" in found:
        _moment("IssueDateTime", _text(found["IssueDateTime"]))
    return found


def _slots_of(root: etree._Element) -> dict[str, etree._Element]:
    """The slots right below an element by their names: each once."""
    found: dict[str, etree._Element] = {}
    for slot in root.findall(f"{RIM}Slot"):
        name = slot.get("name", "")
        value = slot.find(f"{RIM}SlotValue")
        if name in found:
            raise _refused("oots.E005", name)
        if not name or value is None:
            raise _refused("oots.E003", name or "Slot")
        found[name] = value
    return found


def _specification(slots: Mapping[str, etree._Element]) -> str:
    found = _text(slots["SpecificationIdentifier"])
    if not re.fullmatch(r"oots-edm:v[12]\.\d+", found):
        raise _refused("oots.E007", found[:100])
    return found


def _text(value: etree._Element) -> str:
    return (value.findtext(f"{RIM}Value") or "").strip()


def _boolean(value: etree._Element, name: str) -> bool:
    found = _text(value)
    if found not in ("true", "false", "1", "0"):
        raise _refused("oots.E004", f"{name} {found}"[:200])
    return found in ("true", "1")


def _moment(name: str, text: str) -> None:
    try:
        if datetime.fromisoformat(text).tzinfo is not None:
            return
    except ValueError:
        pass
    raise _refused("oots.E004", f"{name} {text}"[:200])


def _refuse_no_urn(name: str, text: str) -> None:
    if not _URN.fullmatch(text):
        raise _refused("oots.E004", f"{name} {text}"[:200])


def _agent(slots: Mapping[str, etree._Element], name: str) -> str:
    """The identifier of the first organisation in a slot."""
    for agent in slots[name].iter(f"{SDG}Agent"):
        identifier = agent.find(f"{SDG}Identifier")
        if identifier is not None and (identifier.text or "").strip():
            if not identifier.get("schemeID"):
                raise _refused("oots.E004", f"{name}/schemeID")
            return (identifier.text or "").strip()
    raise _refused("oots.E003", f"{name}/Identifier")


def _refused(id: str, why: str) -> Refused:
    said = {
        "oots.E001": Text("不是 XML：{why}", "It is no XML: {why}"),
        "oots.E002": Text("不认识这种报文：{why}", "There is no such message: {why}"),
        "oots.E003": Text("缺少：{why}", "It lacks: {why}"),
        "oots.E004": Text("内容不对：{why}", "It is not as the model has it: {why}"),
        "oots.E005": Text("自相矛盾：{why}", "It contradicts itself: {why}"),
        "oots.E006": Text("申请人没有明确要求：{why}", "The citizen has not asked for it: {why}"),
        "oots.E007": Text("不支持这一版本：{why}", "This version is not supported: {why}"),
    }[id]
    return Refused([Finding(id, "error", said.filled({"why": Text.given(why, why)}))])
