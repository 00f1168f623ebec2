"""Containers of X-Road: genuine ones are verified, and whatever is changed in one is noticed."""

from __future__ import annotations

import base64
import io
import os
import re
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xiangyun.adapters import oots
from xiangyun.adapters.asice import verify
from xiangyun.kernel.findings import Refused

SHARED = Path(os.environ.get("XIANGYUN_SHARED") or Path(__file__).parents[5] / "shared")
CONTAINERS = SHARED / "suites" / "xroad-asice"
MESSAGES = SHARED / "suites" / "oots-edm" / "messages"
pytestmark = pytest.mark.skipif(not CONTAINERS.exists(), reason="the suites lie in ../shared")
BATCH, PLAIN, CHAIN = (
    "valid-non-batch-rest.asice",
    "valid-signed-message-with-attachments.asice",
    "valid-signed-hashchain.asice",
)


def changed(name: str, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """A container with something else in it."""
    with zipfile.ZipFile(CONTAINERS / name) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each, content in files.items():
            archive.writestr(each, content)
    return made.getvalue()


def replaced(name: str, pattern: str, by: str) -> Callable[[dict[str, bytes]], object]:
    def change(files: dict[str, bytes]) -> None:
        text, count = re.subn(pattern.encode(), by.encode(), files[name], count=1, flags=re.DOTALL)
        assert count
        files[name] = text

    return change


def test_genuine_containers_are_verified_and_say_who_spoke() -> None:
    found = {each.name: verify(each.read_bytes()) for each in CONTAINERS.glob("valid*.asice")}
    assert len(found) == 6
    said = found[BATCH].headers
    assert (said.client, said.service) == (
        "DEV/COM/4422/TestClient",
        "DEV/COM/1234/TestService/mock1",
    )
    assert said.response
    assert said.speaker == "DEV/COM/1234"


HASHCHAIN = "sig-hashchain.xml"


def with_chain_of_another(files: dict[str, bytes]) -> None:
    """A chain that lies there, listed, though nothing signed leads to it."""
    with zipfile.ZipFile(CONTAINERS / CHAIN) as other:
        for name in (HASHCHAIN, "sig-hashchainresult.xml"):
            files[name] = other.read(name)
            listed = f'manifest:media-type="text/xml" manifest:full-path="{name}"'
            text = files[MANIFEST].decode()
            close = "</manifest:manifest>"
            assert close in text
            said = f"<manifest:file-entry {listed}/>"
            files[MANIFEST] = text.replace(close, said + close).encode()


SIGNATURES, MANIFEST = "META-INF/signatures.xml", "META-INF/manifest.xml"


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (BATCH, replaced("message.xml", "OK", "KO"), "asice.E005"),
        (BATCH, lambda f: f.update(attachment1=b"other"), "asice.E005"),
        (CHAIN, replaced("message.xml", "</", " </"), "asice.E005"),
        (CHAIN, replaced("sig-hashchain.xml", "mET", "mEU"), "asice.E005"),
        (BATCH, lambda f: f.pop("message.xml"), "asice.E001"),
        (BATCH, lambda f: f.update(mimetype=b"application/zip"), "asice.E001"),
        (BATCH, replaced(MANIFEST, "attachment1", "attachment2"), "asice.E002"),
        (BATCH, lambda f: f.update(attachment9=b"smuggled"), "asice.E002"),
        (
            PLAIN,
            replaced(SIGNATURES, r"(<ds:SignatureValue[^>]*>\s*)[A-Za-z0-9]{2}", r"\1AA"),
            "asice.E004",
        ),
        (
            BATCH,
            replaced(SIGNATURES, "xmldsig-more#rsa-sha512", "xmldsig-more#rsa-md5"),
            "asice.E003",
        ),
        (
            BATCH,
            replaced(SIGNATURES, "<xades:SigningTime>2024", "<xades:SigningTime>2023"),
            "asice.E005",
        ),
        (BATCH, replaced("ts-hashchain.xml", "XAyW", "XAyX"), "asice.E007"),
        (BATCH, replaced("ts-hashchain.xml", '#STEP2"', '#STEP0"'), "asice.E007"),
        (BATCH, lambda f: f.pop("META-INF/timestamp.tst"), "asice.E009"),
        (BATCH, lambda f: f.update({"META-INF/timestamp.tst": b"0"}), "asice.E009"),
        (
            BATCH,
            replaced(SIGNATURES, "<xades:RevocationValues>.*</xades:RevocationValues>", ""),
            "asice.E005",
        ),
        (
            PLAIN,
            replaced(SIGNATURES, "<xades:RevocationValues>.*</xades:RevocationValues>", ""),
            "asice.E010",
        ),
        (
            PLAIN,
            replaced(SIGNATURES, "<xades:SignatureTimeStamp.*</xades:SignatureTimeStamp>", ""),
            "asice.E009",
        ),
    ],
)
def test_whatever_is_changed_is_refused_with_its_reason(
    name: str, change: Callable[[dict[str, bytes]], object], expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        verify(changed(name, change))
    assert [each.id for each in refused.value.findings] == [expected]


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (PLAIN, with_chain_of_another, "asice.E008"),
        (PLAIN, lambda f: f.update({"META-INF/other.xml": b"<a/>"}), "asice.E008"),
        (PLAIN, lambda f: f.update({"META-INF/signatures1.xml": f[SIGNATURES]}), "asice.E008"),
        (PLAIN, lambda f: f.update({"Message.xml": b"<a/>"}), "asice.E002"),
        (PLAIN, lambda f: f.pop(SIGNATURES), "asice.E001"),
        (PLAIN, lambda f: f.update({SIGNATURES: b"<a/>"}), "asice.E003"),
        (PLAIN, lambda f: f.pop(MANIFEST), "asice.E001"),
        (PLAIN, lambda f: f.pop("mimetype"), "asice.E001"),
        (PLAIN, lambda f: f.pop("attachment2"), "asice.E002"),
        (CHAIN, lambda f: f.pop(HASHCHAIN), "asice.E002"),
        (
            CHAIN,
            replaced("sig-hashchain.xml", 'URI="/message.xml"', 'URI="/other.xml"'),
            "asice.E008",
        ),
        (CHAIN, replaced("sig-hashchainresult.xml", "#STEP", "#STAP"), "asice.E005"),
        (PLAIN, replaced(SIGNATURES, 'URI="/message.xml"', 'URI="/attachment1"'), "asice.E005"),
        (PLAIN, replaced(SIGNATURES, 'URI="/attachment2"', 'URI="/attachment9"'), "asice.E003"),
        (
            PLAIN,
            replaced(SIGNATURES, r'<ds:Reference [^>]*URI="/attachment2".*?</ds:Reference>', ""),
            "asice.E004",
        ),
        (
            BATCH,
            replaced("META-INF/ASiCManifest.xml", "ts-hashchainresult", "message"),
            "asice.E005",
        ),
        (BATCH, lambda f: f.pop("META-INF/ASiCManifest.xml"), "asice.E009"),
        (
            BATCH,
            lambda f: [f.pop(n) for n in ("META-INF/ASiCManifest.xml", "META-INF/timestamp.tst")],
            "asice.E009",
        ),
    ],
)
def test_what_a_container_has_too_much_too_little_or_elsewhere_is_refused(
    name: str, change: Callable[[dict[str, bytes]], object], expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        verify(changed(name, change))
    assert [each.id for each in refused.value.findings] == [expected]


PART = "(<{0}[^>]*>)(.*?)(</{0}>)"
"""An element of a signature, in a pattern."""


@pytest.mark.parametrize("name", [BATCH, PLAIN, CHAIN])
@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("ds:X509Certificate", r"asice\.E00[46]"),
        ("xades:EncapsulatedOCSPValue", r"asice\.E0(05|10)"),
        ("", r"asice\.E00[35]"),
    ],
)
def test_a_foreign_certificate_status_or_signature_proves_nothing(
    name: str, part: str, expected: str
) -> None:
    """Each comes from another container, which is genuine."""
    for other in sorted({BATCH, PLAIN, CHAIN} - {name}):
        with zipfile.ZipFile(CONTAINERS / other) as archive:
            foreign = archive.read(SIGNATURES)
        found = re.search(PART.format(part).encode(), foreign, re.DOTALL) if part else None
        change: Callable[[dict[str, bytes]], object]
        if found is not None:
            change = replaced(SIGNATURES, PART.format(part), rf"\g<1>{found[2].decode()}\g<3>")
        else:

            def change(files: dict[str, bytes], foreign: bytes = foreign) -> None:
                files[SIGNATURES] = foreign

        with pytest.raises(Refused, match=expected):
            verify(changed(name, change))


def test_an_answer_about_the_certificate_is_signed_by_who_gives_it() -> None:
    def spoil(files: dict[str, bytes]) -> None:
        text = files[SIGNATURES].decode()
        found = re.search(r"(<xades:EncapsulatedOCSPValue[^>]*>)(.*?)<", text, re.DOTALL)
        assert found
        answer = bytearray(base64.b64decode(found[2]))
        at = answer.index(b"20241127035629Z")
        answer[at + 3] ^= 1  # another year
        files[SIGNATURES] = text.replace(found[2], base64.b64encode(answer).decode()).encode()

    with pytest.raises(Refused, match=r"asice\.E010.*signature"):
        verify(changed(PLAIN, spoil))


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each, content in entries:
            archive.writestr(each, content)
    return made.getvalue()


def test_an_entry_is_there_once_and_none_is_hidden() -> None:
    with zipfile.ZipFile(CONTAINERS / PLAIN) as archive:
        entries = [(each, archive.read(each)) for each in archive.namelist()]
    genuine = zipped(entries)
    assert verify(genuine), "however it is packed, and in whatever order"
    assert verify(zipped(entries[::-1]))
    hidden = zipped([("message.xml", b"<a/>")])
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    for broken in (
        zipped([*entries, ("message.xml", b"<a/>")]),
        hidden + genuine,
        genuine + b"more",
        genuine[:-30],
        genuine[: genuine.index(b"PK\x01\x02")],
    ):
        with pytest.raises(Refused, match=r"asice\.E001"):
            verify(broken)


def test_what_is_no_container_is_refused() -> None:
    for content in (b"", b"PK\x03\x04", b"<xml/>"):
        with pytest.raises(Refused, match=r"asice\.E001"):
            verify(content)


@pytest.mark.parametrize(
    ("file", "pattern", "by", "expected"),
    [
        ("requete.xml", "</query:QueryRequest>", "", "oots.E001"),
        ("requete.xml", "urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0", "urn:x", "oots.E002"),
        ("requete.xml", 'name="Procedure"', 'name="Other"', "oots.E003"),
        ("requete.xml", 'name="Procedure"', 'name="IssueDateTime"', "oots.E005"),
        ("requete.xml", "2026-08-06T10:00:00.000Z", "yesterday", "oots.E004"),
        ("requete.xml", "oots-edm:v2.0", "oots-edm:v9.0", "oots.E007"),
        ("erreur.xml", "ResponseStatusType:Failure", "ResponseStatusType:Success", "oots.E005"),
        ("reponse.xml", "urn:uuid:4ffb", "4ffb", "oots.E004"),
        ("requete.entete.xml", "ExecuteQueryRequest", "Execute", "oots.E004"),
    ],
)
def test_a_message_that_is_not_as_the_model_has_it_is_refused_by_name(
    file: str, pattern: str, by: str, expected: str
) -> None:
    text = (MESSAGES / file).read_text("utf-8")
    assert pattern in text
    with pytest.raises(Refused) as refused:
        oots.read(text.replace(pattern, by, 1).encode())
    assert [each.id for each in refused.value.findings] == [expected]


def test_messages_of_the_once_only_system_are_understood() -> None:
    found = {each.name: oots.read(each.read_bytes()) for each in MESSAGES.glob("*.xml")}
    kinds = {name: message.kind for name, message in found.items()}
    assert kinds["requete.xml"] == "request"
    assert kinds["reponse.xml"] == "response"
    assert [code for code, _ in found["erreur.xml"].errors] == ["EDM:ERR:0004"]
    assert {kind for name, kind in kinds.items() if name.endswith(".entete.xml")} == {"header"}


@pytest.mark.parametrize("name", sorted(each.name for each in CONTAINERS.glob("valid*.asice")))
def test_a_changed_byte_of_a_time_stamp_is_found_wherever_it_lies(name: str) -> None:
    """Its certificate is signed by name: what is changed in that does not pass either."""
    with zipfile.ZipFile(CONTAINERS / name) as archive:
        stamp = "META-INF/timestamp.tst"
        if stamp not in archive.namelist():
            pytest.skip("its time stamp lies within the signature")
        size = len(archive.read(stamp))
    for at in range(0, size, max(1, size // 40)):

        def flip(files: dict[str, bytes], at: int = at) -> None:
            content = bytearray(files[stamp])
            content[at] ^= 1
            files[stamp] = bytes(content)

        with pytest.raises(Refused, match=r"asice\.E009"):
            verify(changed(name, flip))


def test_a_media_type_that_is_none_is_found() -> None:
    spoiled = replaced("META-INF/manifest.xml", '"text/xml"', '"text.xml"')
    with pytest.raises(Refused, match=r"asice\.E002"):
        verify(changed(PLAIN, spoiled))
