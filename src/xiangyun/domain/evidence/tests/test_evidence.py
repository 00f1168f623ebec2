"""The evidence of a case checks itself, here and in a browser; a flipped bit is found and named."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from importlib.resources import files as resources
from io import BytesIO

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import signing
from xiangyun.domain.cases.tests import signed
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, written_draft
from xiangyun.domain.evidence import actions, archive, checking
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.ports import signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def signed_application(who):
    """An application that its applicant signed by passkey."""
    device, draft = signed.device(who), written_draft(who, MORNING, brand="样证")

    def send(given):
        return cases.submit_case(draft, actor=who, at=MORNING, signature=given)

    with acting_as(who):
        return send(signed.by(device, signing.ask(send, signed.HERE, who, MORNING)))


@pytest.fixture
def taken():
    case = signed_application(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    with acting_as(SYSTEM) as platform:
        made = actions.evidence(case.number, actor=platform, at=timezone.now(), signer=signer())
    return case.number, made


@pytest.fixture
def trusted():
    return signer().trusted


def test_the_evidence_of_a_case_is_whole_and_holds(taken, trusted):
    number, data = taken
    found = checking.check(data, trusted)
    assert [each.part for each in found if not each.holds] == []
    files = archive.read(data)
    kinds = {name.partition("/")[0] for name in files}
    assert kinds >= {"manifest.json", "verify.html", "case.json", "certificates", "journal", "keys"}
    told = json.loads(files["case.json"])
    assert told["number"] == number
    assert told["decisions"][0]["rules"]["version"] == told["version"]
    with acting_as(SYSTEM):
        assert journal.history(number)[-1].verb == "evidence.taken"
    with zipfile.ZipFile(BytesIO(data)) as opened:
        assert opened.testzip() is None


def places(data):
    """A place within the content of each file, in its header, and in the directory."""
    at = 0
    for name, content in archive.read(data).items():
        head = 30 + len(name.encode())
        yield name, at + head + len(content) // 2
        yield name, at + 14
        at += head + len(content)
    yield "central directory", at + 20
    yield "central directory", len(data) - 4


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


def test_a_flipped_bit_in_each_file_is_found_and_named(taken, trusted):
    _, data = taken
    for name, at in places(data):
        wrong = [each.part for each in checking.check(flipped(data, at), trusted) if not each.holds]
        assert wrong == [name]


def test_a_part_that_was_replaced_with_care_is_found(taken, trusted):
    _, data = taken
    files = archive.read(data)
    for name in ("case.json", "verify.html", "journal/receipt.json", "manifest.json"):
        changed = archive.written({**files, name: files[name].replace(b"e", b"f", 1)})
        wrong = [each.part for each in checking.check(changed, trusted) if not each.holds]
        assert wrong == [name]
    fewer = {name: content for name, content in files.items() if name != "case.json"}
    wrong = [
        each.part for each in checking.check(archive.written(fewer), trusted) if not each.holds
    ]
    assert wrong == ["case.json"]
    more = archive.written({**files, "more.json": b"{}"})
    assert "more.json" in [each.part for each in checking.check(more, trusted) if not each.holds]


def test_evidence_signed_by_somebody_else_proves_nothing(taken):
    _, data = taken
    assert [each.holds for each in checking.check(data, {})] == [False]


def test_there_is_no_evidence_of_no_case():
    with acting_as(SYSTEM) as platform, pytest.raises(actions.NoCase):
        actions.evidence("0", actor=platform, at=timezone.now(), signer=signer())


HARNESS = """
const { readFileSync } = require("fs");
const data = new Uint8Array(readFileSync(process.argv[2]));
const places = JSON.parse(process.argv[3]);
const wrong = bytes => check(bytes).found.filter(each => !each.holds).map(each => each.part);
const alone = [];
const answers = [[...new Set(check(data).found.map(each => each.part))].length, wrong(data)];
for (const at of places) {
  const changed = data.slice();
  changed[at] ^= 4;
  answers.push(wrong(changed));
}
const pems = process.argv.slice(4).map(name => readFileSync(name, "utf8"));
const holds = bytes => checkAlone(bytes, pems).found[0].holds;
for (const [name, content] of check(data) && unpacked(data)) {
  if (!name.startsWith("certificates/") && name !== "journal/receipt.json") continue;
  const changed = content.slice();
  changed[content.length >> 1] ^= 1;
  alone.push([holds(content), holds(changed), checkAlone(content, []).found[0].holds]);
}
const whole = unpacked(data).get("journal/receipt.json"), missed = [];
for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 60)) {
  const changed = whole.slice();
  changed[at] ^= 1;
  if (holds(changed)) missed.push([at, text(whole.slice(Math.max(0, at - 40), at + 20))]);
}
const receiptSaid = text(unpacked(data).get("journal/receipt.json"));
const spoiled = change => {
  const all = JSON.parse(receiptSaid), entry = all.entries.find(each => passkey(each));
  const leaf = JSON.parse(entry.leaf);
  change(leaf.data, entry.opened);
  entry.leaf = JSON.stringify(leaf);
  return passkeys(JSON.stringify(all));
};
const signatures = [passkeys(receiptSaid), ...[
  data => { data.signature = data.signature.slice(0, -8) + "AAAAAAAA"; },
  data => { data.host = "phishing.example.net"; },
  data => { data.origin = "https://phishing.example.net"; },
  (data, opened) => { opened["private.document"].value += " "; },
].map(spoiled)];
console.log(JSON.stringify({ answers, alone, missed, signatures }));
"""


def test_the_page_inside_finds_the_same_without_us(taken, trusted, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    _, data = taken
    page = resources("xiangyun.domain.evidence").joinpath("verify.html")
    script = re.search(r"<script>\n(.*)</script>", page.read_text("utf-8"), re.DOTALL)[1]
    (tmp_path / "check.js").write_text(script + HARNESS, encoding="utf-8")
    (tmp_path / "evidence.zip").write_bytes(data)
    named = list(places(data))
    keys = [tmp_path / f"{key}.pem" for key in trusted]
    for file, pem in zip(keys, trusted.values(), strict=True):
        file.write_text(pem)
    command = [
        *(node, str(tmp_path / "check.js"), str(tmp_path / "evidence.zip")),
        json.dumps([at for _, at in named]),
        *map(str, keys),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    parts, good, *wrong = told["answers"]
    assert told["alone"] == [[True, False, False]] * 2
    assert told["missed"] == []  # wherever a receipt alone was changed, its details included
    assert told["signatures"] == [
        {"good": 1, "bad": 0, "unknown": 0},
        *[{"good": 0, "bad": 1, "unknown": 0}] * 4,
    ]
    assert parts == len(archive.read(data)) - 1  # the list and its signature are one part
    assert good == []
    assert wrong == [[name] for name, _ in named]
