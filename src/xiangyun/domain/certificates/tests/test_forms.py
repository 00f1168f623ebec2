"""One issuance, five forms: the same facts and status, each checked offline."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files as resources
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.certificates import actions, copies, queries, statuses, wallets
from xiangyun.domain.certificates.checking import Asked, check_file, form_of
from xiangyun.domain.certificates.forms import FORMS
from xiangyun.domain.certificates.models import StatusEntry
from xiangyun.domain.certificates.ports import signer as key_of
from xiangyun.domain.certificates.trust import Trust, read_trust
from xiangyun.domain.journal import algorithms, libcrypto
from xiangyun.kernel.credential import integrity, sdjwt
from xiangyun.kernel.findings import Refused

from .conftest import APPROVER, AT, LI, WANG, licence

NOW = timezone.now().replace(microsecond=0)
needs_sm2 = pytest.mark.skipif(not libcrypto.is_there(), reason="libcrypto here has no SM2")
OTHERS = [pytest.param(form, marks=needs_sm2) if form == "ofd" else form for form in FORMS][1:]


@pytest.fixture
def published(issued):
    with acting_as(SYSTEM):
        statuses.publish(NOW, key_of("ES256"))
        return issued


@pytest.fixture
def file(published):
    def made(form):
        with acting_as(WANG):
            return copies.file_of(published, form, at=NOW).content

    return made


@pytest.fixture
def asked(published):
    for form in FORMS.values():  # each key is made when it is first asked for
        if form.algorithm != "SM2SM3" or libcrypto.is_there():
            key_of(form.algorithm)
    return Asked(queries.own_trust(), NOW, queries.published_list)


@pytest.mark.parametrize("form", OTHERS)
def test_every_form_says_the_same_and_is_valid(file, asked, published, form):
    verdict = check_file(file(form), asked)
    assert (verdict.answer, str(verdict.headline.en)) == (
        "valid",
        "Valid: signed, in its term, not revoked.",
    )
    shown = verdict.content
    assert form_of(file(form)) == form
    assert shown["identifier"] == published.identifier
    assert shown["number"] == published.number
    assert shown["holder"]["name"] == published.holder_name
    assert {line["key"]: line["value"]["zh"] for line in shown["fields"]} == {
        line["key"]: line["value"]["zh"] for line in published.content["fields"]
    }


@pytest.mark.parametrize("form", OTHERS)
def test_a_form_of_a_revoked_certificate_is_not_valid(file, asked, published, form):
    content = file(form)
    with acting_as(APPROVER):
        actions.revoke(published.identifier, reason="05", actor=APPROVER, at=NOW)
    with acting_as(SYSTEM):
        assert statuses.publish(NOW + timedelta(minutes=1), key_of("ES256")) == [1]
    verdict = check_file(content, asked)
    assert verdict.answer == "revoked"
    assert verdict.headline.en == "The credential has been revoked."


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"find_list": lambda uri: None}, "The status list is not at hand"),
        ({"trust": Trust()}, "The key of the issuer is not trusted"),
        ({"at": NOW + timedelta(days=2)}, "The status list is too old"),
    ],
)
def test_what_cannot_be_established_is_never_valid(file, asked, form, how, said):
    verdict = check_file(file(form), asked._replace(**how))
    assert verdict.answer == "unknown"
    assert said in verdict.headline.en


@pytest.mark.parametrize("form", OTHERS)
def test_a_change_anywhere_in_a_form_is_found(file, asked, form):
    content = file(form)
    step = max(1, len(content) // 40)
    for at in range(0, len(content), step):
        changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        verdict = check_file(changed, asked)
        # Bytes of a ZIP that say nothing of its parts, such as times, may change.
        assert verdict.answer != "valid" or form == "ofd"


@needs_sm2
def test_an_ofd_is_read_by_another_reader(file, tmp_path):
    ofdkit = pytest.importorskip("ofdkit")
    (tmp_path / "licence.ofd").write_bytes(file("ofd"))
    text = ofdkit.extract_text(str(tmp_path / "licence.ofd"))
    assert "营业执照" in text
    assert "长春市云帆虚构科技有限公司" in text


def test_a_pdf_has_a_signature_that_a_common_reader_knows(file, tmp_path):
    (tmp_path / "licence.pdf").write_bytes(file("pdf"))
    try:
        command = ["pdfsig", str(tmp_path / "licence.pdf")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    assert "Signature is Valid" in done.stdout
    assert "ETSI.CAdES.detached" in done.stdout
    assert "Total document signed" in done.stdout


OFFLINE = """
const fs = require("fs"), [, , keys, ...files] = process.argv;
const now = Number(process.env.NOW), pems = Object.values(JSON.parse(fs.readFileSync(keys)));
const told = (data, when) => checkAlone(data, pems, when).found.map(each => each.holds);
const answers = files.map(file => {
  const data = new Uint8Array(fs.readFileSync(file)), missed = [];
  for (let at = 0; at < data.length; at += Math.max(1, Math.floor(data.length / 25))) {
    const other = data.slice(); other[at] ^= 1;
    if (told(other, now)[0]) missed.push(at);
  }
  const none = checkAlone(data, [], now).found.map(each => each.holds);
  const [early, late] = [told(data, 0), told(data, now + 32 * 86400)];
  return { now: told(data, now), early, late, missed, none };
});
const twice = fs.readFileSync(files[1], "utf8").replace("{", '{"name":"other",');
console.log(JSON.stringify({ answers, twice: told(new TextEncoder().encode(twice), now) }));
"""


@needs_sm2
def test_the_page_that_works_offline_checks_or_names_every_form(file, copy, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    page = resources("xiangyun.domain.evidence").joinpath("verify.html").read_text("utf-8")
    script = re.search(r"<script>\n(.*)</script>", page, re.DOTALL)[1]
    (tmp_path / "check.js").write_text(script + OFFLINE, encoding="utf-8")
    forms = ["sd-jwt", "w3c", "pdf", "ofd", "copy", "other"]
    for form in forms[:4]:
        (tmp_path / form).write_bytes(file(form))
    (tmp_path / "copy").write_bytes(copy[1].content)
    (tmp_path / "other").write_text("import this")
    (tmp_path / "keys.json").write_text(json.dumps(dict(key_of("ES256").trusted)))
    command = [node, *(str(tmp_path / name) for name in ("check.js", "keys.json", *forms))]
    environment = {**os.environ, "NOW": str(NOW.timestamp())}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    told = json.loads(done.stdout)
    jwt, vc, pdf, ofd, page_of_copy, other = told["answers"]
    assert page_of_copy["now"] == [True, True, True], "signed, in its term, for its use"
    assert page_of_copy["late"] == [True, True, False], "its last day has passed"
    assert page_of_copy["missed"] == []
    assert other["now"] == [None], "neither good nor bad"
    for each in (jwt, vc):
        assert each["now"] == [True, True]
        assert each["missed"] == [], "a changed byte is found"
        assert each["none"] == [False], "a key that is not trusted"
        assert each["early"] == [True, False], "before its term"
    assert told["twice"] == [False], "a name that stands there twice"
    assert [pdf["now"], ofd["now"]] == [[None], [None]], "said by name, neither good nor bad"


def test_a_holder_shows_two_facts_and_keeps_the_others(file, asked):
    credential = sdjwt.read(file("sd-jwt").decode())
    chosen = sdjwt.chosen(credential, sdjwt.all_of([("holder",), ("fields", "scope")]))
    verdict = check_file(sdjwt.presentation_of(credential.issued, chosen).encode(), asked)
    assert verdict.answer == "valid"
    assert verdict.content["holder"]["name"] == "长春市云帆虚构科技有限公司"
    assert [line["key"] for line in verdict.content["fields"]] == ["scope"]
    assert verdict.content["number"] is None
    assert "91220104MA0000019Q" not in json.dumps(verdict.to_json())


def test_two_copies_in_a_wallet_share_neither_index_nor_salt(published):
    key = {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}
    with acting_as(WANG):
        texts = [copies.for_wallet(published, key, at=NOW) for _ in range(5)]
    indices = {sdjwt.read(text).jws.payload["status"]["status_list"]["idx"] for text in texts}
    assert len(indices) == 5
    parts = [set(text.split("~")[1:-1]) for text in texts]
    assert not parts[0] & parts[1]
    times = {sdjwt.read(text).jws.payload["iat"] for text in texts}
    assert len(times) == 1


def test_indices_are_drawn_and_not_counted(published):
    with acting_as(SYSTEM):
        drawn = [statuses.draw(published, "wallet", NOW).index for _ in range(30)]
    assert len(set(drawn)) == 30
    steps = [later - earlier for earlier, later in pairwise(drawn)]
    assert any(step < 0 for step in steps)
    assert max(map(abs, steps)) > 1000


def test_a_full_list_is_followed_by_the_next(published, monkeypatch):
    monkeypatch.setattr(statuses, "SIZE", 2)
    with acting_as(SYSTEM):
        for _ in range(4):
            statuses.draw(published, "wallet", NOW)
        assert StatusEntry.objects.filter(list__gt=1).exists()


def test_a_list_is_signed_anew_only_when_something_changed_or_it_grows_old(published):
    with acting_as(SYSTEM):
        assert statuses.publish(NOW + timedelta(minutes=10), key_of("ES256")) == []
        assert statuses.publish(NOW + timedelta(hours=7), key_of("ES256")) == [1]


# Copies for one use


@pytest.fixture
def copy(published):
    with acting_as(WANG):
        until = timezone.localdate(NOW) + timedelta(days=30)
        return copies.for_use(
            published.identifier, purpose="仅供银行开户", until=until, actor=WANG, at=NOW
        )


def test_a_copy_says_what_it_is_for_and_ends_by_itself(copy, asked):
    _, file = copy
    assert "仅供银行开户" in file.content.decode()
    asked = asked._replace(find_standing=queries.standing)
    found = check_file(file.content, asked)
    assert found.answer == "valid"
    assert any("仅供银行开户" in step.text.zh for step in found.steps)
    late = check_file(file.content, asked._replace(at=NOW + timedelta(days=32)))
    assert (late.answer, "passed" in late.headline.en) == ("revoked", True)


def test_a_copy_that_was_withdrawn_is_found_within_a_minute(copy, asked):
    entry, file = copy
    with acting_as(WANG):
        copies.withdraw(entry.pk, actor=WANG, at=NOW + timedelta(seconds=1))
        assert [each.purpose for each in copies.copies_of(entry.certificate_id, WANG)] == [
            "仅供银行开户"
        ]
    later = NOW + timedelta(minutes=1)
    with acting_as(SYSTEM):
        statuses.publish(later, key_of("ES256"))
    asked = asked._replace(at=later, find_standing=queries.standing)
    found = check_file(file.content, asked)
    assert found.answer == "revoked"
    assert found.steps[-1].passed is False, "what failed stands among what was checked"


def test_the_code_of_a_copy_says_what_it_is_for_and_ends_with_it(copy):
    entry, _ = copy
    found = queries.verdict_of_code(f"{entry.short_code[:5]}-{entry.short_code[5:]}")
    assert found.answer == "valid"
    assert "仅供银行开户" in found.steps[-1].text.zh
    late = queries.verdict_of_code(entry.short_code, on=entry.until + timedelta(days=1))
    assert (late.answer, late.steps[-1].passed) == ("revoked", False)
    assert queries.verdict_of_code("2222222222") is None


def test_a_copy_for_the_year_is_said_in_both_languages(published, asked):
    with acting_as(WANG):
        entry, file = copies.annual(published.identifier, actor=WANG, at=NOW)
    said = check_file(file.content, asked._replace(find_standing=queries.standing)).steps[-2].text
    assert said.en == f"Copy for {entry.until.year}, until {entry.until}"
    assert f"{entry.until.year}年度副本" in said.zh


def test_what_expired_is_neither_copied_nor_put_into_a_wallet(db, signer):
    yesterday = timezone.localdate(NOW) - timedelta(days=1)
    what = licence(valid_to=yesterday)
    old = actions.issue(
        what, owner=WANG.account, case_number="1", actor=APPROVER, at=AT, signer=signer
    )
    day = timezone.localdate(NOW)
    with acting_as(WANG):
        with pytest.raises(Refused, match=r"certificates\.E008"):
            copies.for_use(old.identifier, purpose="开户", until=day, actor=WANG, at=NOW)
        with pytest.raises(Refused, match=r"certificates\.E008"):
            wallets.offer(old.identifier, actor=WANG, at=NOW)


def test_a_page_of_an_organisation_in_the_trust_list_is_genuine(issued, asked):
    listed = replace(queries.own_trust(), pems={})
    found = check_file(issued.page.encode(), asked._replace(trust=listed))
    assert found.answer == "valid"
    gone = timezone.localdate(NOW) - timedelta(days=1)
    late = asked._replace(
        trust=Trust(tuple(replace(each, until=gone) for each in listed.organisations))
    )
    assert check_file(issued.page.encode(), late).answer == "unknown"


def test_who_names_a_key_believes_it_whatever_address_it_issues_at(file, asked):
    pems = queries.own_trust().pems
    content, address = file("sd-jwt"), "http://elsewhere.example"
    strict = asked._replace(trust=Trust().with_instance(pems, address))
    assert check_file(content, strict).headline.en == "The key of the issuer is not trusted."
    named = asked._replace(trust=Trust().with_instance(pems, address, by_key=True))
    assert check_file(content, named).answer == "valid"


def test_a_copy_for_the_year_ends_with_it_and_takes_the_earlier_one_back(published, asked):
    made = []
    for hours in (0, 1):
        with acting_as(WANG):
            at = AT + timedelta(hours=hours)
            made.append(copies.annual(published.identifier, actor=WANG, at=at))
    (first, _), (second, file) = made
    assert (second.kind, second.until) == ("annual", date(AT.year, 12, 31))
    assert file.content.decode().count(f"{AT.year}年度副本")
    with acting_as(WANG):
        found = copies.copies_of(published.identifier, WANG)
    assert {each.pk: each.ended_at is not None for each in found} == {
        first.pk: True,
        second.pk: False,
    }


def test_nobody_else_makes_or_withdraws_a_copy(copy, published):
    entry, _ = copy
    day = timezone.localdate(NOW)
    for actor in (LI, APPROVER):
        with acting_as(actor):
            with pytest.raises(type(published).DoesNotExist):
                copies.for_use(published.identifier, purpose="x", until=day, actor=actor, at=NOW)
            with pytest.raises((type(published).DoesNotExist, StatusEntry.DoesNotExist)):
                copies.withdraw(entry.pk, actor=actor, at=NOW)


@pytest.mark.parametrize(
    ("purpose", "days", "why"), [(" ", 1, "E006"), ("开户", -1, "E007"), ("开户", 400, "E007")]
)
def test_a_copy_without_purpose_or_term_is_refused(published, purpose, days, why):
    day = timezone.localdate(NOW) + timedelta(days=days)
    with acting_as(WANG), pytest.raises(Refused, match=rf"certificates\.{why}"):
        copies.for_use(published.identifier, purpose=purpose, until=day, actor=WANG, at=NOW)


# Codes that people type


def test_a_short_code_leads_to_the_certificate_and_a_slip_to_none(published):
    with acting_as(WANG):
        code = published.entries.get(kind="certificate").short_code
    assert len(code) == 10
    spelt = f"{code[:5].lower()}-{code[5:]}"
    assert queries.identifier_of(spelt) == published.identifier
    for at, letter in enumerate(code):
        other = "2" if letter != "2" else "3"
        assert queries.identifier_of(code[:at] + other + code[at + 1 :]) is None
    assert queries.identifier_of("") is None
    assert queries.identifier_of("字" * 10) is None


def test_holders_code_and_number_together_lead_to_the_certificate(published):
    pair = (published.holder_code, published.number)
    assert queries.identifier_of_holder(*pair) == published.identifier
    assert queries.identifier_of_holder(pair[0], "another") is None
    assert queries.identifier_of_holder("another", pair[1]) is None
    assert queries.identifier_of_holder("", "") is None


# Other issuers


FOREIGN = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://vc.example/context/v1"],
    "type": ["VerifiableCredential", "AlumniCredential"],
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "grade": 1.5},
}


def test_another_issuer_is_believed_by_the_trust_list_and_not_without(db):
    private = Ed25519PrivateKey.generate()
    did = integrity.did_key(private.public_key().public_bytes_raw())
    key = did.removeprefix("did:key:")
    options = {
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"{did}#{key}",
        "proofPurpose": "assertionMethod",
    }
    signed = json.dumps(integrity.secured(FOREIGN, options, private.sign)).encode()
    listed = {
        "name": {"zh": "示例学院", "en": "The School of Examples"},
        "issuers": [FOREIGN["issuer"]],
        "keys": [key],
        "until": "2099-12-31",
    }
    text = json.dumps({"format": "xiangyun-trust/1", "organisations": [listed]})
    asked = Asked(read_trust(text), NOW, lambda uri: None)
    assert check_file(signed, asked).answer == "valid"
    assert check_file(signed, asked._replace(trust=Trust())).answer == "unknown"
    assert check_file(signed.replace(b"1.5", b"1.6"), asked).answer == "altered"
    over = replace(asked.trust.organisations[0], until=date(2000, 1, 1))
    assert check_file(signed, asked._replace(trust=Trust((over,)))).answer == "unknown"
    stranger = json.loads(signed) | {"issuer": "https://other.example"}
    assert check_file(json.dumps(stranger).encode(), asked).answer == "unknown"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "xiangyun-trust/1"}',
        '{"format": "xiangyun-trust/1", "organisations": [{}]}',
        '{"format": "xiangyun-trust/1", "organisations": [{"name": {"zh": "a", "en": "a"},'
        ' "issuers": [], "keys": ["z2"]}]}',
    ],
)
def test_a_trust_list_that_cannot_be_read_is_refused(text):
    with pytest.raises(Refused, match=r"trust\.E001"):
        read_trust(text)


def test_a_key_of_three_kinds_is_named_alike_as_pem_and_jwk(db):
    for algorithm in ("Ed25519", "ES256", *(["SM2SM3"] if libcrypto.is_there() else [])):
        key = key_of(algorithm)
        jwk = algorithms.jwk_of(key.public_key_pem)
        assert algorithms.pem_of(jwk) == key.public_key_pem
        assert algorithms.holds(
            jwk, {"Ed25519": "EdDSA"}.get(algorithm, algorithm), b"m", key.sign(b"m")
        )
        assert key.key_id in key.trusted


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"ey~", b'{"@context": 1}', b"\xff"]
)
def test_no_file_makes_the_check_stumble(db, data):
    assert check_file(data, Asked(Trust(), NOW, lambda uri: None)).answer != "valid"
