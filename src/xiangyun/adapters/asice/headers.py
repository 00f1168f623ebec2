"""What an X-Road message says of itself: as SOAP, or as the REST message with its header lines."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from .container import MESSAGE, parse
from .faults import refused

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
XRD, ID = "{http://x-road.eu/xsd/xroad.xsd}", "{http://x-road.eu/xsd/identifiers}"
_OLDER = "{http://x-road.eu/xsd/sdsb.xsd}"
"""The names before the protocol was called X-Road: version 6 of the containers has them still."""
_CLIENT = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
_SERVICE = (*_CLIENT, "serviceCode", "serviceVersion")


@dataclass(frozen=True, slots=True)
class Headers:
    """Who asks, which service, under which number; `response`: whether it is the answer."""

    client: str
    service: str
    id: str
    response: bool

    @property
    def speaker(self) -> str:
        """The member that signs: of the service for an answer, of the client for a question."""
        return "/".join((self.service if self.response else self.client).split("/")[:3])


def headers_of(message: bytes) -> Headers:
    """The headers of a message. Raises Refused."""
    if message.lstrip()[:1] == b"<":
        return _of_soap(message)
    return _of_rest(message)


def _of_soap(message: bytes) -> Headers:
    root = parse(MESSAGE, message)
    head, body = root.find(f"{SOAP}Header"), root.find(f"{SOAP}Body")
    if root.tag != f"{SOAP}Envelope" or head is None or body is None:
        raise refused("asice.E011", "SOAP")
    xrd = XRD if head.find(f"{XRD}client") is not None else _OLDER
    client, service = head.find(f"{xrd}client"), head.find(f"{xrd}service")
    if client is None or service is None:
        raise refused("asice.E011", "client, service")
    said = Headers(
        _identifier(client, _CLIENT),
        _identifier(service, _SERVICE),
        (head.findtext(f"{xrd}id") or "").strip(),
        head.find(f"{xrd}requestHash") is not None,
    )
    if not said.id:
        raise refused("asice.E011", "id")
    return said


def _identifier(element: etree._Element, names: tuple[str, ...]) -> str:
    older = {"xRoadInstance": "sdsbInstance"}
    parts = [
        (
            element.findtext(f"{ID}{name}")
            or element.findtext(f"{ID}{older.get(name, name)}")
            or ""
        ).strip()
        for name in names
    ]
    if not all(parts[:3]):
        raise refused("asice.E011", etree.QName(element).localname)
    return "/".join(part for part in parts if part)


def _of_rest(message: bytes) -> Headers:
    """A request line or a status, then header lines (X-Road: Message Protocol for REST)."""
    try:
        lines = message.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise refused("asice.E011", "UTF-8") from None
    given: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        if name.lower() in given and name.lower().startswith("x-road-"):
            raise refused("asice.E011", name)
        given[name.lower()] = value.strip()
    response = lines[0].strip().isdigit()
    service = given.get("x-road-service", "")
    if not response:
        service = service or _in_path(lines[0])
    client, id = given.get("x-road-client", ""), given.get("x-road-id", "")
    if len(client.split("/")) < 3 or len(service.split("/")) < 4 or not id:
        raise refused("asice.E011", "x-road-client, x-road-service, x-road-id")
    return Headers(client, service, id, response)


def _in_path(line: str) -> str:
    """The service in the address of a request: GET /r1/DEV/COM/1234/TestService/mock1 …"""
    path = line.split(" ")[1] if line.count(" ") else ""
    parts = path.split("?")[0].strip("/").split("/")
    return "/".join(parts[1:6]) if parts[0].startswith("r") else ""


def refuse_other_signer(headers: Headers, certificate: x509.Certificate) -> None:
    """The signer is the member whose message it is."""
    code = _name(certificate, NameOID.COMMON_NAME)
    serial = _name(certificate, NameOID.SERIAL_NUMBER).split("/")
    told = headers.speaker
    if len(serial) == 3:
        member = "/".join((serial[0], serial[2], code))
    else:  # a certificate of another profile names the member's code alone
        member, told = code, told.rpartition("/")[2]
    if member != told:
        raise refused("asice.E012", f"{member} ≠ {told}")


def _name(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""
