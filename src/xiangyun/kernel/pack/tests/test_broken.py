"""A broken pack is refused: the right id, the file, the line, a hint, and all faults in one run."""

from __future__ import annotations

import re
from functools import cache

import pytest

from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.pack import check_pack, read_pack
from xiangyun.kernel.pack.tests.shipped import broken, errors, files, line_of

ITEM, FIGURES, FORM = "service.yaml", "parameters.yaml", "form.json"
PROCESS, RULES, LICENCE = "process.bpmn", "rules.dmn", "certificate.yaml"
ZH, EN = "texts/zh-Hans.yaml", "texts/en.yaml"
FIRST = "examples/01-issued-same-day.yaml"
LAST = "examples/18-state-words-refused.yaml"

# (file, what stands there, what is written instead, id, words on the line that is named)
BREAKS = {
    "a broken YAML": (ITEM, "visits: 0", "visits: [0", "pack.E002", None),
    "a key written twice": (
        ITEM,
        "state: in_force",
        "code: x\nstate: in_force",
        "pack.E003",
        "code: x",
    ),
    "a misspelt key": (ITEM, "hours:", "houres:", "pack.E004", "houres:"),
    "a missing key": (ITEM, "quota: null", "", "pack.E005", None),
    "a number in words": (ITEM, "visits: 0 ", "visits: none ", "pack.E006", "visits: none"),
    "an unknown level": (ITEM, 'level: "4"', 'level: "9"', "pack.E006", 'level: "9"'),
    "a promise longer than the law": (ITEM, "days: 1", "days: 9", "pack.E006", "time_limit:"),
    "a limit that depends on the day of looking": (
        ITEM,
        "days: 1\n",
        "days: =day of year(today())\n",
        "pack.E015",
        "day of year",
    ),
    "a visit without a reason": (ITEM, "visits: 0", "visits: 1", "pack.E005", "visits: 1"),
    "a basic code that is cut short": (
        ITEM,
        'basic_code: "000131127004"',
        'basic_code: "00013112700"',
        "pack.E007",
        "basic_code:",
    ),
    "an authority tied to one county": (
        ITEM,
        'zh-Hans: "{division}市场监督管理局（演示）"',
        'zh-Hans: "珲春市市场监督管理局（演示）"',
        "pack.E006",
        '  name: {zh-Hans: "珲春市',
    ),
    "a beginning that no organisation code has": (
        ITEM,
        "organisation: XY",
        "organisation: XI",
        "pack.E006",
        "organisation:",
    ),
    "a level whose towns six digits do not tell apart": (
        ITEM,
        'level: "4"',
        'level: "5"',
        "pack.E006",
        'level: "5"',
    ),
    "an example filed with an office that is not competent": (
        FIRST,
        'code: "222404000000"',
        'code: "222401000000"',
        "pack.E042",
        None,
    ),
    "an example in no division": (
        FIRST,
        'code: "222404000000"',
        'code: "2224"',
        "code.E050",
        'code: "2224"',
    ),
    "a decision without words": (ZH, "decision.precheck: 预审\n", "", "pack.E031", None),
    "a figure without a legal basis": (
        FIGURES,
        "      basis: 《公司法》（2023年修订）第四十二条\n",
        "",
        "pack.E010",
        "value: 50",
    ),
    "a time limit with an empty basis": (
        ITEM,
        "basis: 《市场主体登记管理条例》第十九条\n",
        'basis: ""\n',
        "pack.E010",
        'basis: ""',
    ),
    "a rule row without a legal basis": (
        RULES,
        "<text>《企业名称登记管理规定》(国务院令第734号, 2021-03-01 施行)第七条</text>",
        "<text></text>",
        "pack.E011",
        '<rule id="name.prefix.outside">',
    ),
    "a row whose finding has another id": (
        RULES,
        '<text>"name.prefix.outside"</text>',
        '<text>"name.prefix.other"</text>',
        "pack.E012",
        '<rule id="name.prefix.outside">',
    ),
    "a rule input that no case has": (
        RULES,
        '<inputData id="filed_on"',
        '<inputData id="wind" name="wind"><variable name="wind" /></inputData>'
        '<inputData id="filed_on"',
        "pack.E020",
        'name="wind"',
    ),
    "a decision that does not exist": (
        PROCESS,
        'decisionId="precheck"',
        'decisionId="prechek"',
        "pack.E021",
        'id="rule_precheck"',
    ),
    "a role nobody has": (
        PROCESS,
        'candidateGroups="reviewer"',
        'candidateGroups="rewiever"',
        "pack.E022",
        'id="review"',
    ),
    "a service nobody answers": (
        PROCESS,
        'type="register.lookup"',
        'type="register.look"',
        "pack.E023",
        'id="lookup_name"',
    ),
    "a certificate that is not there": (
        PROCESS,
        'value="business-licence"',
        'value="driving-licence"',
        "pack.E024",
        'id="issue_licence"',
    ),
    "a rule about a question not asked": (
        RULES,
        "application.own_income_proof",
        "application.own_income_prof",
        "pack.E025",
        "own_income_prof ",
    ),
    "a finding about a question not asked": (
        RULES,
        '<text>"name_form"</text>',
        '<text>"name_shape"</text>',
        "pack.E025",
        '<rule id="name.form.joint_stock">',
    ),
    "a material without its question": (
        ITEM,
        "question: articles_file",
        "question: articles_fil",
        "pack.E025",
        "question: articles_fil",
    ),
    "an unknown stage": (
        PROCESS,
        'key="stage" value="review"',
        'key="stage" value="revue"',
        "pack.E026",
        'id="review"',
    ),
    "an unknown outcome": (
        PROCESS,
        'name="outcome" value="refused"',
        'name="outcome" value="rejected"',
        "pack.E027",
        'id="end_refused"',
    ),
    "a task without actions": (
        PROCESS,
        'key="actions" value="agree,disagree"',
        'key="actoins" value="agree,disagree"',
        "pack.E028",
        'id="review"',
    ),
    "a task kept apart from one that is not there": (
        PROCESS,
        'key="not_by" value="review"',
        'key="not_by" value="revue"',
        "pack.E028",
        'id="decide"',
    ),
    "a task kept apart from itself": (
        PROCESS,
        'key="not_by" value="review"',
        'key="not_by" value="decide"',
        "pack.E028",
        'id="decide"',
    ),
    "one person who reviews and decides": (
        FIRST,
        "{task: decide, action: approve, by: 王样四}",
        "{task: decide, action: approve, by: 李样三}",
        "pack.E041",
        "{task: decide",
    ),
    "a figure nobody defined": (
        PROCESS,
        "parameters.correction_days",
        "parameters.correction_day",
        "pack.E029",
        "correction_day)",
    ),
    "words that are missing": (ZH, "stage.review: 审查\n", "", "pack.E031", None),
    "words in one language": (
        EN,
        "letter.issued.title: ",
        "letter.isued.title: ",
        "pack.E031",
        None,
    ),
    "braces that people would read": (
        EN,
        "letter.issued.title: Registration granted",
        "letter.issued.title: Registration granted {{ case_number }}",
        "pack.E600",
        None,
    ),
    "English words of the form": (EN, "form.brand.label: Trade name\n", "", "pack.E030", None),
    "an unknown name in a gate": (
        PROCESS,
        '=decision.action = "approve"',
        '=desision.action = "approve"',
        "feel.E002",
        "desision.action",
    ),
    "an unknown name in the licence": (
        LICENCE,
        "value: =precheck.name",
        "value: =prechek.name",
        "feel.E002",
        "=prechek.name",
    ),
    "an unknown name in a letter": (
        EN,
        "“{precheck.name}” is registered",
        "“{prechek.name}” is registered",
        "feel.E002",
        "{prechek.name}",
    ),
    "an unknown name in a rule": (
        RULES,
        "<text>&gt; latest_paid_in_day</text>",
        "<text>&gt; last_paid_in_day</text>",
        "feel.E002",
        "last_paid_in_day",
    ),
    "an example that expects otherwise": (
        LAST,
        "outcome: refused",
        "outcome: issued",
        "pack.E040",
        "outcome: issued",
    ),
    "an example with a task that is not open": (
        LAST,
        "task: accept",
        "task: review",
        "pack.E041",
        "task: review",
    ),
    "an example with a late answer of what is no service task": (
        LAST,
        "like: 01-issued-same-day",
        "late: [accept]\nlike: 01-issued-same-day",
        "pack.E041",
        None,
    ),
    "an example with an answer that nobody waits for": (
        LAST,
        "{task: accept,",
        "{answer: lookup_name}\n  - {task: accept,",
        "pack.E041",
        "answer: lookup_name",
    ),
    "an example like none before": (
        LAST,
        "like: 01-issued-same-day",
        "like: 01-issued",
        "pack.E041",
        "like:",
    ),
    "an example that the form refuses": (
        FIRST,
        "industry: G59",
        "industry: Z99",
        "pack.E042",
        None,
    ),
}

OTHER_LANGUAGE = {
    "words that are missing": EN,
    "words in one language": ZH,
    "a decision without words": EN,
}
"""Words that one language lacks are told where the other one has them."""


@cache
def checked(name: str) -> list[Finding]:
    path, old, new, _, _ = BREAKS[name]
    return check_pack(broken(path, old, new))


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_has_its_id_file_line_and_hint(name):
    path, old, new, id, words = BREAKS[name]
    told = OTHER_LANGUAGE.get(name, path)
    found = [f for f in errors(checked(name)) if f.id == id and f.place.file == told]
    assert found, [str(f) for f in checked(name)]
    assert all(f.message.zh and f.message.en for f in found)
    if words:
        changed = broken(path, old, new)
        assert line_of(changed, path, words) in {f.place.line for f in found}


def test_a_suggestion_comes_with_a_misspelt_name():
    changed = broken(ITEM, "hours:", "houres:")
    hints = [f.hint.en for f in check_pack(changed) if f.id == "pack.E004"]
    assert hints == ["Did you mean “hours”?"]


@pytest.mark.parametrize(
    "path", [ITEM, PROCESS, FIGURES, FORM, ZH, EN, "CHANGES.md", RULES, LICENCE]
)
def test_a_missing_file_is_named(path):
    left = {name: text for name, text in files().items() if name != path}
    assert (path, "pack.E001") in {(f.place.file, f.id) for f in errors(check_pack(left))}


def test_a_gate_without_a_way_out_is_refused_at_its_line():
    changed = files()
    for flow in ("flow_gate_recheck__merge_accepted", "flow_gate_recheck__end_not_met"):
        changed[PROCESS] = changed[PROCESS].replace(f"<bpmn:outgoing>{flow}</bpmn:outgoing>", "")
        start = changed[PROCESS].index(f'<bpmn:sequenceFlow id="{flow}"')
        nearest = changed[PROCESS].find("<bpmn:sequenceFlow", start + 1)
        changed[PROCESS] = changed[PROCESS][:start] + changed[PROCESS][nearest:]
    line = line_of(changed, PROCESS, 'id="gate_recheck"')
    found = [f for f in errors(check_pack(changed)) if f.id.startswith("bpmn.")]
    assert line in {f.place.line for f in found}, [str(f) for f in found]


def test_all_faults_are_found_in_one_run():
    changed = files()
    wanted = set()
    for name in (
        "a misspelt key",
        "a figure without a legal basis",
        "a rule row without a legal basis",
        "a role nobody has",
        "a decision that does not exist",
        "an unknown name in a gate",
        "an unknown name in the licence",
        "a material without its question",
        "English words of the form",
        "an example like none before",
    ):
        path, old, new, id, _ = BREAKS[name]
        changed = broken(path, old, new, changed)
        wanted.add((path, id))
    del changed["CHANGES.md"]
    wanted.add(("CHANGES.md", "pack.E001"))
    assert wanted <= {(f.place.file, f.id) for f in errors(check_pack(changed))}


def test_findings_come_by_file_and_line_and_none_twice():
    changed = broken(ITEM, "hours:", "houres:", broken(ITEM, "quota: null", ""))
    places = [(f.place.file, f.place.line, f.place.column) for f in check_pack(changed)]
    assert places == sorted(places)
    said = [(f.id, f.place, f.message.zh) for f in check_pack(changed)]
    assert len(said) == len(set(said))


def test_words_that_a_page_asks_for_are_missed_in_both_languages_at_once():
    for key in ("decision.precheck", "guide.answer.4", "stage.submit", "stage.follow_up"):
        changed = files()
        for path in (ZH, EN):
            changed = broken(path, f"\n{key}: ", f"\nguide.{key}: ", changed)
        assert [(f.id, key in f.message.en) for f in errors(check_pack(changed))] == [
            ("pack.E030", True)
        ]


def test_a_broken_pack_cannot_be_read_at_all():
    with pytest.raises(Refused) as refusal:
        read_pack(broken(PROCESS, 'candidateGroups="reviewer"', 'candidateGroups="x"'))
    assert [f.id for f in refusal.value.findings] == ["pack.E022"]


def test_an_empty_folder_names_every_file_it_needs():
    found = check_pack({})
    assert {f.id for f in found} == {"pack.E001"}
    assert {ITEM, PROCESS, FIGURES, FORM, ZH, EN, "CHANGES.md"} <= {f.place.file for f in found}


def test_a_file_that_nothing_uses_is_a_warning_and_no_error():
    found = check_pack({**files(), "notes.txt": "…"})
    assert [(f.id, f.severity) for f in found if f.severity != "note"] == [("pack.W002", "warning")]


@pytest.mark.parametrize(
    "garbage", ["", "x", "[]", "{}", "- a: 1\n- [b]", "a:\n  b: [{c: null}]", "<a/>"]
)
def test_garbage_in_any_file_gives_findings_and_no_exception(garbage):
    for path in (ITEM, FIGURES, FORM, PROCESS, RULES, LICENCE, ZH, FIRST):
        assert errors(check_pack({**files(), path: garbage})), path


def test_a_section_of_another_kind_gives_findings_and_no_exception():
    for key in (
        "authority:",
        "time_limit:",
        "fee:",
        "remedies:",
        "topics:",
        "materials:",
        "places:",
    ):
        changed = broken(ITEM, f"\n{key}", f"\n{key} 7\nrest_of_{key}")
        assert ITEM in {f.place.file for f in errors(check_pack(changed))}, key


def test_a_call_of_another_process_is_refused_by_name_and_line():
    process = files()["process.bpmn"]
    task = re.search(r'<bpmn:userTask id="review".*?</bpmn:userTask>', process, re.S)
    ways = re.findall(r"<bpmn:(?:incoming|outgoing)>.*?</bpmn:(?:incoming|outgoing)>", task[0])
    called = (
        '<bpmn:callActivity id="review" name="审查"><bpmn:extensionElements>'
        '<zeebe:calledElement processId="other" /></bpmn:extensionElements>'
        f"{''.join(ways)}</bpmn:callActivity>"
    )
    found = errors(check_pack({**files(), "process.bpmn": process.replace(task[0], called)}))
    [refused] = [finding for finding in found if finding.id == "pack.E019"]
    line = process[: task.start()].count("\n") + 1
    assert (refused.place.file, refused.place.line) == ("process.bpmn", line)
    assert "审查" in refused.message.zh
