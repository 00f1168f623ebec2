"""Harvests: only what changed is written, and a server that lies changes nothing."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from xiangyun.adapters import fetching, harvests
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.datasets import harvesting
from xiangyun.domain.datasets.models import Harvest, Listing
from xiangyun.kernel.findings import Refused

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
Answer = Callable[[str], bytes]


@contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that answers each request with the bytes that it is told."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:
                return
            with one:
                asked = one.recv(1 << 16).decode()
                if asked:
                    one.sendall(answer(asked))

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def http(body: bytes, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n"
    head += "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items())
    return f"{head}\r\n".encode() + body


def package(name: str, **more: Any) -> dict[str, Any]:
    told = {"id": f"id-{name}", "name": name, "title": f"空气 {name}", "notes": "站点。"}
    told |= {"license_id": "CC-BY-4.0", "metadata_modified": "2026-01-02T03:04:05"}
    return {
        **told,
        "tags": [{"name": "空气"}],
        "organization": {"title": "邻省"},
        "resources": [{"format": "csv", "url": "https://data.example.org/a.csv"}],
        **more,
    }


def ckan(packages: list[dict[str, Any]], count: int | None = None) -> bytes:
    size = len(packages) if count is None else count
    told = {"success": True, "result": {"count": size, "results": packages}}
    return http(json.dumps(told).encode())


def taken(name: str = "neighbour") -> dict[str, Listing]:
    with acting_as(SYSTEM):
        return {each.code: each for each in Listing.objects.filter(source=name)}


@pytest.fixture
def inside(demonstration: None, settings: Any) -> None:
    settings.HARVEST_INSIDE = frozenset({"127.0.0.1"})


def run(address: str, kind: str = "ckan", at: datetime = AT) -> harvesting.Harvested:
    harvesting.add("neighbour", address, kind, actor=SYSTEM)
    return harvesting.run("neighbour", actor=SYSTEM, at=at)


def test_only_what_changed_in_another_ckan_is_written(inside: None) -> None:
    given = [package("one"), package("two"), package("three")]
    with server(lambda asked: ckan(given)) as at:
        assert run(at) == harvesting.Harvested(3, 0, 0, 0)
        with acting_as(SYSTEM):  # a mark that a second writing would wipe out
            Listing.objects.filter(source="neighbour").update(score=7)
        given[:] = [package("one"), package("two", title="水"), package("four")]
        assert run(at, at=LATER) == harvesting.Harvested(1, 1, 1, 1)
    found = taken()
    assert set(found) == {"neighbour--one", "neighbour--two", "neighbour--four"}
    assert found["neighbour--one"].score == 7
    assert found["neighbour--two"].title == "水"
    assert found["neighbour--one"].told["page"] == f"{at}/dataset/one"


def test_a_harvest_takes_no_name_of_a_department(demonstration: None) -> None:
    for name in ("health", "market-supervision"):
        with pytest.raises(Refused) as refused:
            harvesting.add(name, "https://data.example.org", "ckan", actor=SYSTEM)
        assert refused.value.findings[0].id == "dataset.E038"
    with acting_as(SYSTEM):
        assert not Harvest.objects.exists()


def test_addresses_in_a_package_lead_to_the_web_alone(inside: None) -> None:
    bad = package("bad", resources=[{"format": "csv", "url": "javascript:alert(1)"}])
    with server(lambda asked: ckan([bad])) as at:
        run(at)
    (resource,) = taken()["neighbour--bad"].told["package"]["resources"]
    assert resource["url"] == ""


TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://o.example/c> a dcat:Catalog ; dcat:dataset <https://o.example/d/air> .
<https://o.example/d/air> a dcat:Dataset ; dct:title "Air"@en, "空气"@zh ; dcat:keyword "air" ;
    dct:description "Stations"@en ; dcat:distribution <https://o.example/d/air.csv> .
<https://o.example/d/air.csv> a dcat:Distribution ; dcat:accessURL <https://o.example/air.csv> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> .
"""


def test_dcat_is_read_and_not_read_again_while_its_tag_is_the_same(inside: None) -> None:
    asked_with = list[bool]()

    def answer(asked: str) -> bytes:
        same = 'If-None-Match: "v1"' in asked
        asked_with.append(same)
        if same:
            return http(b"", "304 Not Modified", ETag='"v1"')
        return http(TURTLE.encode(), Content_Type="text/turtle", ETag='"v1"')

    with server(answer) as at:
        assert run(f"{at}/catalog.ttl", "dcat") == harvesting.Harvested(1, 0, 0, 0)
        assert run(f"{at}/catalog.ttl", "dcat") == harvesting.Harvested(0, 0, 0, 1)
    assert asked_with == [False, True]
    found = taken()["neighbour--air"]
    assert (found.title, found.formats, found.tags) == ("空气", ["CSV"], ["air"])


@pytest.mark.parametrize(
    ("form", "media"), [("json-ld", "application/ld+json"), ("xml", "application/rdf+xml")]
)
def test_dcat_is_read_in_every_form(inside: None, form: str, media: str) -> None:
    from rdflib import Graph  # noqa: PLC0415 - loaded where it is needed

    made = Graph().parse(data=TURTLE, format="turtle").serialize(format=form)
    with server(lambda asked: http(made.encode(), Content_Type=media)) as at:
        run(f"{at}/catalog", "dcat")
    assert taken()["neighbour--air"].title == "空气"


WHOLE = ckan([package("one")])
LIES = {
    "shorter than it says": ("dataset.E032", http(b'{"success": true', length=900)),
    "longer than it says": ("dataset.E032", http(WHOLE.partition(b"\r\n\r\n")[2], length=40)),
    "two lengths": ("dataset.E032", http(b"{}", **{"content_length": "7"})),
    "compressed unasked": ("dataset.E032", http(b"x", Content_Encoding="gzip")),
    "breaks off in a piece": (
        "dataset.E031",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n90\r\n{",
    ),
    "no answer": ("dataset.E031", b""),
    "no HTTP": ("dataset.E031", b"SSH-2.0-OpenSSH\r\n"),
    "leads elsewhere": (
        "dataset.E033",
        http(b"", "302 Found", Location="http://169.254.169.254/latest"),
    ),
    "an error": ("dataset.E034", http(b"{}", "503 Service Unavailable")),
    "no JSON": ("dataset.E035", http(b"<html>")),
    "refused by itself": ("dataset.E035", http(b'{"success": false, "error": {}}')),
    "no UTF-8": ("dataset.E035", http('{"success": "\u7a7a"}'.encode("gb18030"))),
    "more than there are": ("dataset.E036", ckan([package("one")], 5)),
    "fewer than there are": ("dataset.E036", ckan([package("one"), package("two")], 1)),
    "one twice": ("dataset.E036", ckan([package("one"), package("one")])),
    "too many": ("dataset.E036", ckan([], 10**9)),
    "too large": ("dataset.E037", http(b"", length=10**10)),
    "empty": ("dataset.E041", ckan([])),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies_changes_nothing_and_is_named(inside: None, lie: str) -> None:
    id_, wrong = LIES[lie]
    answers = [WHOLE]

    def answer(asked: str) -> bytes:
        if lie == "more than there are" and "start=1" in asked:
            return ckan([], 5)
        return answers[0]

    with server(answer) as at:
        run(at)
        before = taken()["neighbour--one"].told
        answers[0] = wrong
        with pytest.raises(Refused) as refused:
            run(at, at=LATER)
    assert refused.value.findings[0].id == id_
    assert {code: each.told for code, each in taken().items()} == {"neighbour--one": before}
    with acting_as(SYSTEM):
        assert Harvest.objects.get(pk="neighbour").problem


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ("application/ld+json", '{"@context": "http://169.254.169.254/context"}'),
        ("application/ld+json", '{"a": [{"@context": ["http://o.example/c"]}]}'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r/>'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY a "b">]><r/>'.encode("utf-16-le").decode()),
        ("text/turtle", "<a> <b>"),
        ("text/turtle", "<http://o.example/a> <http://o.example/b> 1 ."),
    ],
)
def test_what_would_fetch_from_elsewhere_or_is_no_catalogue_is_refused(
    inside: None, media: str, text: str
) -> None:
    with (
        server(lambda asked: http(text.encode(), Content_Type=media)) as at,
        pytest.raises(Refused) as refused,
    ):
        run(f"{at}/catalog", "dcat")
    assert refused.value.findings[0].id == "dataset.E035"
    assert not taken()


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://2130706433/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://user:word@example.org/",
        "http://example.org\r\nX: 1/",
        "http:///nothing",
        "http://example.org:99999/",
    ],
)
def test_no_address_inside_is_asked(address: str) -> None:
    with pytest.raises(Refused) as refused:
        fetching.fetch(address, accept="*/*", most=10)
    assert refused.value.findings[0].id == "dataset.E030"


def test_a_name_with_one_address_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.216.34", "192.168.1.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: both)
    with pytest.raises(Refused) as refused:
        fetching.fetch("http://example.org/", accept="*/*", most=10)
    assert refused.value.findings[0].id == "dataset.E030"


class Clock:
    """A timer that strikes when a server says so."""

    last: Clock

    def __init__(self, seconds: float, strike: Callable[..., None], given: list[Any]) -> None:
        self.strike = lambda: strike(*given)
        Clock.last = self

    def start(self) -> None:
        """Nothing runs by itself."""

    def cancel(self) -> None:
        """Nothing is left to stop."""


@pytest.mark.parametrize("secure", [False, True])
def test_an_answer_that_takes_too_long_is_ended_under_tls_too(
    inside: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secure: bool
) -> None:
    monkeypatch.setattr(fetching, "Timer", Clock)
    here, there = _under_tls(tmp_path) if secure else (None, None)
    monkeypatch.setattr(ssl, "create_default_context", lambda: there)
    whole = ckan([package("one")])
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        plain, _ = listening.accept()
        with here.wrap_socket(plain, server_side=True) if here else plain as one:
            one.recv(1 << 16)
            one.sendall(whole[:-9])
            Clock.last.strike()
            with suppress(OSError):
                one.sendall(whole[-9:])

    thread = Thread(target=serve, daemon=True)
    thread.start()
    scheme = "https" if secure else "http"
    with pytest.raises(Refused) as refused:
        run(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}")
    thread.join(5)
    listening.close()
    assert refused.value.findings[0].id in ("dataset.E031", "dataset.E032")


def _under_tls(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's side and the side of whoever trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
    pem, bare = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, bare)
    file = folder / "server.pem"
    file.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(pem))
    here, there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    here.load_cert_chain(file)
    there.check_hostname, there.verify_mode = False, ssl.CERT_NONE
    return here, there


def test_pages_together_are_no_larger_than_a_catalogue_may_be(
    inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {f"start={place}": ckan([package(f"p{place}")], 3) for place in range(3)}
    monkeypatch.setattr(harvests, "IN_ALL", 2 * len(pages["start=0"]))

    def answer(asked: str) -> bytes:
        return next(page for start, page in pages.items() if start in asked)

    with server(answer) as at, pytest.raises(Refused) as refused:
        run(at)
    assert refused.value.findings[0].id == "dataset.E037"
    assert not taken()


def test_nothing_is_the_same_as_what_was_never_read(inside: None) -> None:
    with (
        server(lambda asked: http(b"", "304 Not Modified", ETag='"v1"')) as at,
        pytest.raises(Refused) as refused,
    ):
        run(f"{at}/catalog.ttl", "dcat")
    assert refused.value.findings[0].id == "dataset.E034"


def test_a_tag_that_cannot_be_sent_back_is_not_kept(inside: None) -> None:
    bad = http(TURTLE.encode(), Content_Type="text/turtle", ETag='"v1\r\n 2"')
    with server(lambda asked: bad) as at:
        run(f"{at}/catalog.ttl", "dcat")
        assert run(f"{at}/catalog.ttl", "dcat") == harvesting.Harvested(0, 0, 0, 1)


def test_one_that_fails_with_words_no_database_holds_keeps_no_other_from_its_turn(
    inside: None,
) -> None:
    def answer(asked: str) -> bytes:
        return http(b"", "302 Found", Location="\0") if "GET /other/" in asked else WHOLE

    with server(answer) as at:
        harvesting.add("a", f"{at}/other", "ckan", actor=SYSTEM)
        harvesting.add("neighbour", at, "ckan", actor=SYSTEM)
        told = dict(harvesting.run_all(at=AT))
    assert isinstance(told["a"], Refused)
    assert told["neighbour"] == harvesting.Harvested(1, 0, 0, 0)


@pytest.mark.parametrize(
    "written", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2031-01-01", "soon"]
)
def test_a_moment_that_cannot_be_is_the_one_of_the_harvest(inside: None, written: str) -> None:
    with server(lambda asked: ckan([package("one", metadata_modified=written)])) as at:
        run(at)
    assert taken()["neighbour--one"].modified == AT
