"""Standard ways: proved once, and an item is one file then."""

from __future__ import annotations

import hashlib
import re

import pytest

from xiangyun.kernel.language import COMPLETE
from xiangyun.kernel.pack import check_pack, letter, read_pack, rehearse
from xiangyun.kernel.pack.standard import WAYS, drawings
from xiangyun.kernel.pack.standard.words import words
from xiangyun.kernel.pack.tests import shipped

ITEMS = {
    "standard/immediate": "records/extract",
    "standard/promised": "construction/road-occupation",
    "standard/report": "market/stall-report",
}
ANSWERS = """
filed_at: 2026-05-12 10:00
division: {code: "222404000000", path: [吉林省, 延边朝鲜族自治州, 珲春市]}
filing: {desk: null, by: 金样一}
answers:
  {applicant_name: 金样一, applicant_id: "222404199203150027", home: "222404001001",
   promise: true, %s}
"""
PAPER = "%s: 图.pdf"
LAST = {
    "standard/immediate": ("decide", "approve-at-once"),
    "standard/promised": ("decide", "approve-application"),
    "standard/report": ("decide", "put-on-file"),
}


def item(way: str) -> dict[str, str]:
    return shipped.files(ITEMS[way])


def example(way: str, name: str) -> str:
    """A citizen's situation of a way, as an author would write it into the pack."""
    files = item(way)
    paper = next(q.key for q in read_pack(files).form.questions if q.key not in
                 ("applicant_name", "applicant_id", "home", "promise"))  # fmt: skip
    accepted = way == "standard/promised"
    first = "accept" if accepted else "decide"
    received = ["letter_received"] if way == "standard/report" else []
    letters = ["received"] if received else []
    task, approve = LAST[way]
    refuse = f"  - {{task: {first}, action: refuse-application, by: 朴样受, note: 不归本县管。}}\n"
    ask = f"  - {{task: {first}, action: ask-correction, by: 朴样受, note: 示意图看不清。}}\n"
    done = f"  - {{task: {task}, action: {approve}, by: 崔样定}}\n"
    accept = "  - {task: accept, action: accept-application, by: 朴样受}\n" if accepted else ""
    way_in = ["accept", "letter_accepted"] if accepted else []
    told = {
        "done": (accept + done, [*way_in, "decide", "letter_issued", "end_issued"],
                 [*(["accepted"] if accepted else []), "issued"], "issued"),
        "corrected": (
            ask + "  - {task: correct, action: resubmit, by: 金样一}\n" + accept + done,
            [first, "letter_correction", "correct", *way_in, "decide", "letter_issued",
             "end_issued"],
            ["correction", *(["accepted"] if accepted else []), "issued"], "issued"),
        "lapsed": (ask + "  - {timer: overdue}\n",
                   [first, "letter_correction", "correct", "end_lapsed"],
                   ["correction"], "lapsed"),
        "refused": (refuse,
                    [first, "letter_refused", "end_refused"], ["refused"], "refused"),
        "withdrawn": ("  - {message: withdraw, by: 金样一}\n", [first, "end_withdrawn"], [],
                      "withdrawn"),
    }  # fmt: skip
    steps, path, sent, outcome = told[name]
    return (
        "title: {zh-Hans: 情形, en: Situation}\nsituation: {zh-Hans: 样例。, en: A sample.}"
        + ANSWERS % (PAPER % paper)
        + f"steps:\n{steps}expected:\n  findings: []\n  path: [{', '.join([*received, *path])}]\n"
        f"  letters: [{', '.join([*letters, *sent])}]\n  outcome: {outcome}\n"
    )


@pytest.mark.parametrize("name", ["done", "corrected", "lapsed", "refused", "withdrawn"])
@pytest.mark.parametrize("way", WAYS)
def test_every_end_of_a_standard_way_is_reached(way: str, name: str) -> None:
    pack = read_pack({**item(way), "examples/01-one.yaml": example(way, name)})
    made = rehearse(pack, pack.examples[0])
    assert [str(finding.message) for finding in made.findings] == []


@pytest.mark.parametrize("way", WAYS)
def test_an_item_of_a_standard_way_is_one_file_and_passes_the_check(way: str) -> None:
    files = item(way)
    assert list(files) == ["service.yaml"]
    assert [f for f in check_pack(files, ITEMS[way]) if f.severity == "error"] == []
    assert read_pack(files).service.process == way


@pytest.mark.parametrize("way", WAYS)
def test_the_form_asks_for_each_paper_and_what_is_a_must_cannot_be_left_out(
    way: str,
) -> None:
    pack = read_pack(item(way))
    asked = {question.key: question for question in pack.form.questions}
    for material in pack.service.materials:
        assert material.question == material.key
        assert asked[material.key].label.zh == material.name.zh
        assert asked[material.key].label.en == material.name.en
        assert asked[material.key].required == (material.necessity == "required")


def test_letters_name_the_item_and_what_is_missing() -> None:
    way = "standard/promised"
    pack = read_pack({**item(way), "examples/01-one.yaml": example(way, "lapsed")})
    variables = rehearse(pack, pack.examples[0]).variables
    zh, en = (
        letter(pack, "correction", variables, COMPLETE[tag]).body for tag in ("zh-Hans", "en")
    )
    for words_ in ("临时占用城市道路许可", "示意图看不清。", "15 日"):
        assert words_ in zh
    assert "Permit to occupy a road for a time" in en
    assert "‹" not in zh + en


def test_what_the_item_says_itself_stands_before_what_the_way_says() -> None:
    files = item("standard/promised")
    own = {
        **files,
        "parameters.yaml": "correction_days:\n  name: {zh-Hans: 补正期限, en: Days}\n  values:\n"
        "    - {value: 5, in_force_from: 2020-01-01, basis: 本省规定, verified: false}\n",
        "texts/zh-Hans.yaml": "guide.before: 带上图纸。\n",
        "texts/en.yaml": "guide.before: Bring the drawing.\n",
    }
    pack = read_pack(own)
    assert [f for f in check_pack(own) if f.severity == "error"] == []
    assert pack.parameters.all[0].figures[0].value == 5
    assert pack.texts["zh-Hans"]["guide.before"].words == "带上图纸。"
    assert "stages" not in files["service.yaml"]
    assert pack.service.stages == ("submit", "accept", "correct", "decide", "issue")


def test_a_way_that_ends_with_a_certificate_issues_it() -> None:
    files = item("standard/promised")
    service = files["service.yaml"].replace("kind: document", "kind: certificate")
    service = service.replace("certificate:", "certificate: road")
    text = shipped.files()["certificate.yaml"]
    head = re.sub(r"^id: .*", "id: road", text[: text.index("holder:")], flags=re.M)
    own = head + (
        "holder: {name: =application.applicant_name, code: =application.applicant_id, "
        "code_kind: resident-id}\ndivision: =division.code\nvalid_from: =issued_on\n"
        "valid_to: null\n"
        "ended_by: [approver]\nfields:\n  - {key: name, label: {zh-Hans: 申请人, en: Applicant}, "
        "value: =application.applicant_name, place: top}\n"
        "note: {zh-Hans: 演示。, en: A demonstration.}\n"
    )
    way = example("standard/promised", "done").replace(
        "letter_issued", "issue_certificate, letter_issued"
    )
    way += "  certificate: {name: 金样一}\n"
    all_ = {"service.yaml": service, "certificate.yaml": own, "examples/01-one.yaml": way}
    assert [str(f.message) for f in check_pack(all_) if f.severity == "error"] == []


@pytest.mark.parametrize("written", ['"a\\"<b"', "a&amp;b", "{x}", "1", "[]"])
def test_what_is_no_id_of_a_certificate_is_told_and_breaks_nothing(written: str) -> None:
    one = item("standard/promised")
    one["service.yaml"] = one["service.yaml"].replace("certificate:", f"certificate: {written}")
    assert any(finding.severity == "error" for finding in check_pack(one))


@pytest.mark.parametrize(
    "broken", ["", "process: standard/promised\n", "process: [standard/promised]\n",
               "process: standard/promised\nname: 3\nmaterials: {a: 1}\nresult: x\n"]
)  # fmt: skip
def test_what_is_no_item_at_all_is_told(broken: str) -> None:
    assert any(finding.severity == "error" for finding in check_pack({"service.yaml": broken}))


@pytest.mark.parametrize(
    ("name", "files", "id"),
    [
        ("standard/fast", {}, "pack.E270"),
        ("standard/promised", {"process.bpmn": "<x/>"}, "pack.E271"),
        ("standard/promised", {"rules.dmn": "<x/>"}, "pack.E271"),
    ],
)
def test_a_way_that_is_none_and_a_drawing_beside_a_way_are_told(
    name: str, files: dict[str, str], id: str
) -> None:
    one = item("standard/promised")
    one["service.yaml"] = one["service.yaml"].replace("standard/promised", name)
    assert id in {finding.id for finding in check_pack({**one, **files})}


def test_an_own_form_must_ask_what_the_letters_say() -> None:
    form = (
        '{"type": "default", "id": "f", "components": [{"type": "textfield", "key": "home",'
        ' "label": "地方", "properties": {"format": "division"}}]}'
    )
    files = {**item("standard/immediate"), "form.json": form}
    told = {f.id: str(f.message) for f in check_pack(files) if f.severity == "error"}
    assert "applicant_name" in told["pack.E272"]


FROZEN = {
    "standard/immediate": "20cb1b12420f2955",
    "standard/promised": "591b20d9f24b64da",
    "standard/report": "106f10ae1ac2bc39",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_has_landed_is_never_changed(way: str) -> None:
    """Cases run by it: what is to be better becomes a further way."""
    found = WAYS[way]
    drawn = [getattr(drawings, found.key)(id) for id in ("", "one")]
    said = repr((found.service, words(found.key, found.asked, found.why), drawn))
    assert hashlib.sha256(said.encode()).hexdigest()[:16] == FROZEN[way]
