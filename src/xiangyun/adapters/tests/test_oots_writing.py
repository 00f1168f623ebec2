"""Messages of the OOTS that are written are read again; every refusal leaves by an error's name."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from xiangyun.adapters import oots
from xiangyun.adapters import ootswriting as writing
from xiangyun.adapters.ootswriting import Agent, Document, Person
from xiangyun.kernel.findings import Finding, Refused, Text

ID = UUID("1a2b3c4d-0000-4000-8000-000000000001")
AT = datetime(2026, 4, 9, 8, 40, tzinfo=UTC)
BUREAU = Agent("99220000MB00000001", "urn:cn:gb32100", "Bureau (fictitious)")
OFFICE = Agent("99210000MB00000002", "urn:cn:gb32100", "Office (fictitious)")
DOCUMENT = Document(ID, "urn:kind:birth", "Birth", "application/pdf", "2020-01-01", "a@example")


def asked(preview: bool = False) -> bytes:
    person = Person("CN/DE/1", "Yang", "Yun", "1992-03-15")
    return writing.request(
        ID,
        ("urn:requirement:birth", "Proof of birth"),
        ("urn:kind:birth", "Birth"),
        person,
        by=BUREAU,
        to=OFFICE,
        procedure="T3",
        preview=preview,
        at=AT,
    )


def test_a_request_that_is_written_is_read_as_it_was_meant() -> None:
    found = oots.read(asked(preview=True))
    assert (found.kind, found.id, found.sender, found.recipient) == (
        "request",
        ID.urn,
        BUREAU.identifier,
        OFFICE.identifier,
    )
    assert found.requirements == ("urn:requirement:birth",)
    assert found.preview


def test_evidence_answers_the_request_and_without_it_the_error_says_so() -> None:
    given = writing.answer(asked(), lambda it: [DOCUMENT], ID, provider=OFFICE, at=AT)
    found = oots.read(given)
    assert (found.kind, found.id, found.recipient) == ("response", ID.urn, BUREAU.identifier)
    assert found.evidence == (ID.urn,)
    nothing = oots.read(writing.answer(asked(), lambda it: [], ID, provider=OFFICE, at=AT))
    assert [code for code, _ in nothing.errors] == ["EDM:ERR:0004"]


def test_the_citizen_looks_before_the_evidence_is_sent() -> None:
    seen: list[str] = []

    def found(message: oots.EvidenceMessage) -> list[Document]:
        seen.append(message.id)
        return [DOCUMENT]

    where = "https://office.example/preview/1"
    first = writing.answer(
        asked(preview=True), found, ID, provider=OFFICE, at=AT, preview=lambda it: where
    )
    assert [code for code, _ in oots.read(first).errors] == ["EDM:ERR:0002"]
    assert oots.read(first).look_at == where
    assert where.encode() in first
    assert not seen, "nothing is looked up before"
    then = writing.answer(asked(preview=True), found, ID, provider=OFFICE, at=AT)
    assert oots.read(then).kind == "response"


@pytest.mark.parametrize("type_", sorted(oots.ERRORS))
def test_every_error_is_written_and_understood(type_: str) -> None:
    given = writing.error(ID.urn, ID, type_, "why", provider=OFFICE, at=AT)
    [(code, words)] = oots.read(given).errors
    assert code == oots.CODES[type_]
    assert words == oots.ERRORS[type_]


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("exchange.E007", "EDM:ERR:0001"),
        ("exchange.E051", "EDM:ERR:0002"),
        ("exchange.E061", "EDM:ERR:0005"),
        ("exchange.E033", "EDM:ERR:0005"),
        ("exchange.E070", "EDM:ERR:0006"),
        ("exchange.E037", "EDM:ERR:0006"),
        ("connector.E012", "EDM:ERR:0003"),
    ],
)
def test_a_refusal_inside_leaves_as_an_error_of_the_model(id: str, code: str) -> None:
    def refuse(message: oots.EvidenceMessage) -> list[Document]:
        raise Refused([Finding(id, "error", Text("不行。", "No."))])

    found = oots.read(writing.answer(asked(), refuse, ID, provider=OFFICE, at=AT))
    assert [each for each, _ in found.errors] == [code]
    assert id.encode() in writing.answer(asked(), refuse, ID, provider=OFFICE, at=AT)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<no/>", "EDM:ERR:0008"),
        (b"no xml", "EDM:ERR:0008"),
        (asked().replace(b"v2.0", b"v9.0"), "EDM:ERR:0007"),
        (asked().replace(b">true<", b">false<"), "EDM:ERR:0002"),
        (writing.error(ID.urn, ID, "Query", "?", provider=OFFICE, at=AT), "EDM:ERR:0008"),
    ],
)
def test_what_is_no_request_is_answered_by_an_error(content: bytes, code: str) -> None:
    found = oots.read(writing.answer(content, lambda it: [DOCUMENT], ID, provider=OFFICE, at=AT))
    assert [each for each, _ in found.errors] == [code]


LOOK = "https://office.example/preview/1"
PREVIEW = writing.error(ID.urn, ID, "", "Look.", provider=OFFICE, at=AT, preview=LOOK).decode()
QUERY = writing.error(ID.urn, ID, "Query", "Why.", provider=OFFICE, at=AT).decode()


@pytest.mark.parametrize(
    ("message", "old", "new", "expected"),
    [
        (QUERY, "EDM:ERR:0008", "EDM:ERR:0009", "oots.E004"),
        (QUERY, "EDM:ERR:0008", "", "oots.E003"),
        (QUERY, "EDM:ERR:0008", "EDM:ERR:0004", "oots.E005"),
        (QUERY, "query:QueryExceptionType", "rs:QuotaExceededExceptionType", "oots.E005"),
        (QUERY, "query:QueryExceptionType", "", "oots.E003"),
        (QUERY, "Why.", "", "oots.E003"),
        (QUERY, "ErrorSeverityType:Error", "ErrorSeverityType:Warning", "oots.E004"),
        (QUERY, oots.SEVERITY, oots.PREVIEW_SEVERITY, "oots.E005"),
        (QUERY, 'name="Timestamp"', 'name="Time"', "oots.E003"),
        (PREVIEW, 'name="PreviewLocation"', 'name="Location"', "oots.E003"),
        (PREVIEW, LOOK, "javascript:alert(1)", "oots.E004"),
        (PREVIEW, "2026-04-09T", "soon", "oots.E004"),
    ],
)
def test_an_error_that_is_not_as_the_code_list_has_it_is_refused_by_name(
    message: str, old: str, new: str, expected: str
) -> None:
    assert old in message
    with pytest.raises(Refused) as refused:
        oots.read(message.replace(old, new, 1).encode())
    assert [each.id for each in refused.value.findings] == [expected]


def test_both_spellings_of_the_list_of_severities_ask_for_a_preview() -> None:
    older = PREVIEW.replace("oots.tech.ec.europa.eu", "oots.tech.europa.eu")
    assert older != PREVIEW
    assert oots.read(older.encode()).look_at == LOOK
