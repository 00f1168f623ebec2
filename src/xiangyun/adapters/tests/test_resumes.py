"""Resumes: planted faults are found, clean ones are left alone, nothing is invented."""

from __future__ import annotations

import io
import json
import re
from random import Random

import pytest
from docx import Document

from xiangyun.adapters import documents, resumes
from xiangyun.adapters.wordlists import word_rules
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.wording import (
    Diagnosis,
    WordRules,
    apply,
    asked_by,
    changes,
    diagnose,
    invented,
    lines_of,
    lines_of_json,
    numbered,
    to_json_resume,
)
from xiangyun.kernel.wording.months import spans

from .made_up_resumes import PLANTED, clean

NOW = numbered(2026, 11)


@pytest.fixture(scope="module")
def rules() -> WordRules:
    return word_rules("jobs/resume-lab:resume")


def look(text: str, rules: WordRules) -> Diagnosis:
    return diagnose(lines_of(text), rules, NOW)


def ids(text: str, rules: WordRules) -> list[str]:
    return [each.id for each in look(text, rules).remarks]


def test_clean_resumes_are_left_alone(rules: WordRules) -> None:
    told = {seed: found for seed in range(150) if (found := ids(clean(seed).text(), rules))}
    assert len(told) <= 2, told


@pytest.mark.parametrize("kind", PLANTED)
def test_planted_faults_are_found(kind: str, rules: WordRules) -> None:
    missed = []
    for seed in range(60):
        made = clean(1000 + seed)
        PLANTED[kind](made, Random(seed), rules)
        if kind not in ids(made.text(), rules):
            missed.append(made.text())
    assert len(missed) <= 3, "\n\n".join(missed[:2])


def test_every_confusion_of_the_list_is_found_and_mended(rules: WordRules) -> None:
    for each in rules.confusions:
        text = f"某某，{each.wrong}，某某" if not each.wrong.isascii() else f"so {each.wrong} it"
        found = [r for r in look(text, rules).remarks if r.id == "typing.confusion"]
        assert [(r.text, r.better) for r in found] == [(each.wrong, each.right)]


def test_the_right_words_of_the_list_are_never_told_as_wrong(rules: WordRules) -> None:
    text = "\n".join(f"某，{w}，某" for e in rules.confusions for w in (e.right, *e.unless))
    told = [r.text for r in look(text, rules).remarks if r.id == "typing.confusion"]
    assert told == []


def test_the_place_of_a_finding_is_where_its_text_stands(rules: WordRules) -> None:
    for seed in range(40):
        made = clean(seed)
        PLANTED["typing.confusion"](made, Random(seed), rules)
        text = made.text()
        for remark in look(text, rules).remarks:
            if remark.text:
                line, column = map(int, remark.place.split(":"))
                assert text.splitlines()[line - 1][column - 1 :].startswith(remark.text)


def test_changes_add_no_figure_date_or_name(rules: WordRules) -> None:
    for seed in range(60):
        made = clean(seed)
        for kind in ("typing.confusion", "repetition.line"):
            PLANTED[kind](made, Random(seed), rules)
        text = made.text()
        better = apply(text, changes(look(text, rules), rules))
        assert sorted(set(re.findall(r"\d+", better))) == sorted(set(re.findall(r"\d+", text)))
        assert made.name in better
        assert "typing.confusion" not in ids(better, rules)


def test_each_change_is_accepted_or_left_by_itself(rules: WordRules) -> None:
    text = clean(1).text() + "\n- 绘制帐号和帐户的架够图12张"
    proposed = [each for each in changes(look(text, rules), rules) if "账" in each.after]
    assert [each.before for each in proposed] == ["帐号", "帐户"]
    better = apply(text, proposed[1:])
    assert "帐号" in better
    assert "账户" in better


@pytest.mark.parametrize(
    ("after", "what"),
    [
        ("响应时间降到 90 毫秒", "90"),
        ("用 Kafka 实现消息队列", "Kafka"),
        ("在清华大学实现接口", "清华大学"),
        ("带领三人实现接口", "三"),
    ],
)
def test_what_a_proposal_invents_is_named(after: str, what: str) -> None:
    source = "在样云公司用 Redis 实现接口和消息队列，带领小组，响应时间从 800 毫秒降到 120 毫秒"
    assert what in invented(after, source)
    assert invented("用 Redis 实现消息队列", source) == []


def test_what_was_not_looked_at_is_named_and_gives_no_points(rules: WordRules) -> None:
    text = clean(4).text()
    without = look(text, rules)
    assert [each.kind for each in without.unchecked] == ["post"]
    asked = asked_by(lines_of("岗位要求：熟悉 Redis、Python 和 Kafka"), rules)
    with_post = diagnose(lines_of(text), rules, NOW, asked)
    assert with_post.of == without.of + 15
    assert not with_post.unchecked
    lacking = {each.text for each in with_post.remarks if each.id == "post.lacks"}
    assert {"Redis", "Kafka"} <= lacking


def test_a_post_in_other_spellings_is_understood(rules: WordRules) -> None:
    asked = asked_by(lines_of("Requires golang, CET-6 and K8s"), rules)
    text = clean(2).text() + "\n- 英语六级，Go语言，Kubernetes"
    assert not [r for r in diagnose(lines_of(text), rules, NOW, asked).remarks if r.kind == "post"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2021.09-2025.06", (2021, 9), (2025, 6)),
        ("2021年9月—2025年6月", (2021, 9), (2025, 6)),
        ("2021/09 – 2025/06", (2021, 9), (2025, 6)),
        ("2021-09 至 2025-06", (2021, 9), (2025, 6)),
        ("Sep 2021 - June 2025", (2021, 9), (2025, 6)),
        ("09/2021 to 06/2025", (2021, 9), (2025, 6)),
        ("2021.9~2025.6", (2021, 9), (2025, 6)),
        ("Sep 2021 \u2012 Jun 2025", (2021, 9), (2025, 6)),
        ("2021-09-01 - 2025-06-30", (2021, 9), (2025, 6)),
        ("2021.09-至今", (2021, 9), (2026, 11)),
        ("September 2021 – Present", (2021, 9), (2026, 11)),
        ("Sep '21 – Jun ’25", (2021, 9), (2025, 6)),
        ("202109-202506", (2021, 9), (2025, 6)),
        ("2021 / 9 到 2025 / 6", (2021, 9), (2025, 6)),
    ],
)
def test_months_are_read_in_every_spelling(
    text: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    (span,) = spans(f"样省大学 {text}", NOW)
    assert (span.first[0], span.last[1]) == (numbered(*first), numbered(*last))


def test_json_resumes_are_read_with_paths_and_written_by_the_schema(rules: WordRules) -> None:
    made = to_json_resume(look(clean(4).text(), rules).resume)
    assert made["basics"]["email"] == "sample4@example.com"
    assert re.fullmatch(r"\d{4}-\d\d", made["work"][0]["startDate"])
    made["work"][0]["highlights"][0] = "绘制架够图12张"
    found = diagnose(lines_of_json(json.dumps(made, ensure_ascii=False)), rules, NOW)
    assert [(e.id, e.place, e.text) for e in found.remarks] == [
        ("typing.confusion", "work[0].highlights[0]", "架够")
    ]


def test_what_is_no_resume_in_json_is_refused() -> None:
    with pytest.raises(Refused, match=r"wording\.E010"):
        lines_of_json('{"name": "x"}')


@pytest.mark.parametrize("layout", resumes.LAYOUTS)
def test_a_resume_comes_back_from_its_pdf(layout: str, rules: WordRules) -> None:
    text = clean(4).text()
    made = resumes.pdf(look(text, rules).resume, layout)
    again, lines = documents.read(made)
    assert "sample4@example.com" in again
    assert not [r.id for r in diagnose(lines, rules, NOW).remarks]


def test_a_resume_comes_back_from_its_word_document(rules: WordRules) -> None:
    made = resumes.docx(look(clean(4).text(), rules).resume)
    _, lines = documents.read(made)
    assert not [r.id for r in diagnose(lines, rules, NOW).remarks]


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (b"\0\x01binary", "E012"),
        (b"%PDF-1.7 nothing", "E012"),
        (b"PK\x03\x04nothing", "E012"),
        (b"x" * (documents.MOST_BYTES + 1), "E011"),
        (b"  \n", "E012"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content: bytes, id: str) -> None:
    with pytest.raises(Refused, match=rf"wording\.{id}"):
        documents.read(content)


def test_a_text_in_the_national_encoding_is_read() -> None:
    assert "简历" in documents.read("某某的简历".encode("gb18030"))[0]


ENGLISH = """Jordan Example
Phone: {phone} | Email: a.b@example.org

Education
September 2019 – June 2023  Example University  B.Sc. Statistics

Work Experience
July 2023 – {until}  Sample Foods Ltd  Operations Analyst
- {first}
- {second}

Skills
Python, SQL
"""


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, set()),
        ({"phone": "+86 1397927697"}, {"contact.wrong_phone"}),  # a digit is missing
        ({"phone": "+86 139792769712"}, {"contact.wrong_phone"}),
        ({"until": "February 2029"}, {"timeline.future"}),
        ({"until": "March 2027"}, set()),  # a contract that ends soon
        ({"first": "Assisted the manager"}, {"doing.weak"}),
        ({"first": "Organized the archive", "second": "Wrote press texts"}, {"doing.figure"}),
    ],
)
def test_short_lines_and_near_misses_are_looked_at_too(
    changed: dict[str, str], found: set[str], rules: WordRules
) -> None:
    usual = {
        "phone": "+86 13912017365",
        "until": "Present",
        "first": "Audited 31 invoices for 12 shops",
        "second": "Trained 4 new nurses",
    }
    text = ENGLISH.format(**usual | changed)
    remarks = diagnose(lines_of(text), rules, numbered(2026, 11)).remarks
    assert {each.id for each in remarks} - {"length.short"} == found


@pytest.mark.parametrize(
    "titles",
    [
        ("2. Education", "3) Work Experience", "4. Skills"),
        ("■ 教育背景", "■ 工作/实习经历", "■ 专业技能"),
        ("EDUCATION 教育背景", "EXPERIENCE 工作经历", "SKILLS 专业技能"),
        ("Education & Training", "Employment", "Key Skills:"),
    ],
)
def test_titles_are_known_with_signs_numbers_and_a_second_language(
    titles: tuple[str, str, str], rules: WordRules
) -> None:
    text = ENGLISH.format(
        phone="+86 13912017365", until="Present", first="Audited 31 invoices", second="Won 2 bids"
    )
    for usual, title in zip(("Education", "Work Experience", "Skills"), titles, strict=True):
        text = text.replace(f"\n{usual}\n", f"\n{title}\n")
    assert set(ids(text, rules)) <= {"length.short"}


def test_a_line_without_a_sign_tells_and_is_no_name_of_a_post(rules: WordRules) -> None:
    text = ENGLISH.format(
        phone="+86 13912017365", until="Present", first="整理客户资料", second="Maintained lists"
    ).replace("\n- ", "\n")
    assert "doing.figure" in ids(text, rules)
    # What is counted was done, whether or not a list has its verb.
    assert "doing.verb" not in ids(text.replace("整理客户资料", "Embroidery of 31 flags"), rules)


@pytest.mark.parametrize(
    ("top", "found"),
    [
        ("Jordan Example\n555-013 a.b@example.org", {"contact.wrong_phone"}),
        ("Jordan Example\n613-555-0188 | a.b@example.org | 130012", set()),
        ("样小云（虚构）\n电话  13912017365\n邮箱  a.b@example.org", set()),
        ("姓名  样小云\n电话  13912017365\n邮箱  a.b@example.org", set()),
        ("现居  样省样市\n电话  13912017365\n邮箱  a.b@example.org", {"contact.name"}),
        ("13912017365\na.b@example.org\nSan Francisco, CA", {"contact.name"}),
    ],
)
def test_the_top_is_read_without_labels_too(top: str, found: set[str], rules: WordRules) -> None:
    text = ENGLISH.partition("\n\n")[2].format(
        until="Present", first="Audited 31 invoices for 12 shops", second="Trained 4 new nurses"
    )
    assert set(ids(f"{top}\n\n{text}", rules)) - {"length.short"} == found


@pytest.mark.parametrize(
    ("seed", "said"), [(3, "Led a team and "), (4, "完成客户走访并记录反馈，")]
)
def test_a_sentence_that_a_pdf_breaks_into_lines_is_one_again(
    seed: int, said: str, rules: WordRules
) -> None:
    made = clean(seed)
    made.jobs[0][3][0] = said * 22 + "8"
    content = resumes.pdf(look(made.text(), rules).resume, "classic")
    found = {r.id for r in diagnose(documents.read(content)[1], rules, NOW).remarks}
    assert "length.sentence" in found
    assert "structure.missing" not in found


def test_what_was_done_to_somebody_is_something_done(rules: WordRules) -> None:
    text = ENGLISH.format(
        phone="+86 13912017365", until="Present", first="给89名患者换药，零差错",
        second="Trained 4 new nurses",
    )  # fmt: skip
    assert "doing.verb" not in ids(text, rules)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("0803 555 0147", set()),
        ("070-555 01 23", set()),
        ("+48 22 555 01 99", set()),
        ("(+86) 139-1201-7365", set()),
        ("+1 613-555-0188", set()),
        ("+1 613-555-018", {"contact.wrong_phone"}),
        ("+351 91255", {"contact.wrong_phone"}),
        ("(+86) 139-1201-736", {"contact.wrong_phone"}),
    ],
)
def test_numbers_of_elsewhere_are_known_and_a_missing_digit_is_told(
    written: str, found: set[str], rules: WordRules
) -> None:
    text = ENGLISH.format(
        phone=written, until="Present", first="Audited 31 invoices", second="Won 2 bids"
    )
    assert set(ids(text, rules)) - {"length.short"} == found
    assert set(ids(text.replace("Phone: ", ""), rules)) - {"length.short"} == found


INTERNSHIPS = """\
{name}
手    机：139 1201 7365　　邮箱：a.b@example.org

一、教育背景
2022.09-2026.06  样省大学  统计学  本科

二、{title}
样云科技有限公司  {first}  2024.07-2024.10
清洗 120 万条记录，缺失率由 8% 降到 1%
样例数据公司  {second}  {months}
搭建 6 张看板，供 15 人每日使用

三、证书与技能
Python、SQL，英语六级
"""


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, set()),
        ({"months": "2024.08-2025.05"}, {"timeline.overlap"}),
        ({"months": "2024.08-2025.05", "second": "家教（兼职）"}, set()),
        ({"months": "2024.08-2025.05", "title": "社团经历"}, set()),
        ({"months": "2025.05-2025.02"}, {"timeline.reversed"}),
        ({"name": "个人简历：样小云"}, set()),
        ({"name": "Xiaoyun Yang 样小云"}, set()),
        ({"name": "样小云　男　2003年生"}, set()),
        ({"name": "个人简历"}, {"contact.name"}),
        ({"name": "CURRICULUM VITAE"}, {"contact.name"}),
    ],
)
def test_internships_that_overlap_are_told_and_what_is_done_beside_is_not(
    changed: dict[str, str], found: set[str], rules: WordRules
) -> None:
    usual = {"name": "样小云", "title": "实习经历", "first": "数据实习生", "second": "运营实习生",
             "months": "2025.02-2025.05"}  # fmt: skip
    assert set(ids(INTERNSHIPS.format(**usual | changed), rules)) - {"length.short"} == found


def test_a_sentence_said_twice_and_a_short_line_said_twice_are_told(rules: WordRules) -> None:
    said = "做事细致，习惯用数据说话。能适应倒班。"
    text = INTERNSHIPS.format(
        name="样小云", title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    )
    assert not set(ids(f"{text}\n四、自我评价\n{said}\n", rules)) & {"repetition.sentence"}
    twice = f"{text}\n四、自我评价\n{said}做事细致，习惯用数据说话。\n"
    assert "repetition.sentence" in ids(twice, rules)
    better = apply(twice, changes(look(twice, rules), rules))
    assert better.count("做事细致") == 1
    short = text.replace("清洗 120 万条记录", "走访 9 户农家\n走访 9 户农家\n清洗 120 万条记录")
    assert "repetition.line" in ids(short, rules)


def test_a_document_is_read_from_tables_boxes_and_the_header_of_its_page(
    rules: WordRules,
) -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "样小云"
    table = document.add_table(0, 2)
    for title, *told in (
        ("联系方式", "电话 13912017365", "邮箱 a.b@example.org"),
        ("教育背景", "2022.09-2026.06  样省大学  统计学  本科"),
        ("实习经历", "样云公司  数据实习生  2024.07-2024.10", "清洗 120 万条记录，缺失率降到 1%"),
        ("技能", "Python、SQL，英语六级"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = title, "\n".join(told)
    packed = io.BytesIO()
    document.save(packed)
    _, lines = documents.read(packed.getvalue())
    found = diagnose(lines, rules, NOW)
    assert {each.id for each in found.remarks} <= {"length.short"}
    assert to_json_resume(found.resume)["basics"]["name"] == "样小云"


def test_a_name_of_an_employer_is_no_title_of_a_section(rules: WordRules) -> None:
    text = INTERNSHIPS.format(
        name="样小云", title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    ).replace("样云科技有限公司  实习生", "#### 样云教育集团 · 课程实习生")
    found = look(text, rules).resume
    assert len(list(found.entries("experience"))) == 2


@pytest.mark.parametrize("name", ["周  远", "周 远", "姓  名：周  远", "周  远  男  2003 年生"])
def test_a_name_that_is_spaced_out_is_whole(name: str, rules: WordRules) -> None:
    text = INTERNSHIPS.format(
        name=name, title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    )
    found = look(text, rules)
    assert to_json_resume(found.resume)["basics"]["name"] == "周远"
    assert "contact.name" not in {each.id for each in found.remarks}


def test_languages_below_the_title_of_skills_are_skills(rules: WordRules) -> None:
    text = ENGLISH.format(
        phone="+86 13912017365", until="Present", first="Audited 31 invoices", second="Won 2 bids"
    ).replace("\nSkills\n", "\nTechnical Skills\nLanguages: Go, Java\n")
    assert set(ids(text, rules)) <= {"length.short"}


def test_an_employer_above_its_post_and_its_months_begins_an_entry(rules: WordRules) -> None:
    text = INTERNSHIPS.format(
        name="样小云", title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    ).replace(
        "样例数据公司  实习生  2025.02-2025.05",
        "样山会计师事务所\n审计助理 | 2025年2月 — 2025年5月",
    )
    assert set(ids(text, rules)) <= {"length.short"}


@pytest.mark.parametrize("title", ["专业技能  Photoshop、Figma、Blender", "专业技能  Figma"])
def test_what_stands_beside_a_title_is_what_it_is_of(title: str, rules: WordRules) -> None:
    text = INTERNSHIPS.format(
        name="样小云", title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    )
    kept = re.sub(r"三、.*\n(?:.+\n)*", "", text)
    assert "structure.missing" in ids(kept, rules)
    assert not {each for each in ids(f"{kept}\n{title}\n", rules) if "structure" in each}


def test_a_telephone_number_behind_a_postal_code_is_one(rules: WordRules) -> None:
    text = ENGLISH.format(
        phone="Seattle, WA 98101 206.555.0188", until="Present", first="Audited 31 invoices",
        second="Won 2 bids",
    )  # fmt: skip
    assert set(ids(text, rules)) <= {"length.short"}


def test_skills_are_a_title_however_and_is_written(rules: WordRules) -> None:
    text = ENGLISH.format(
        phone="+86 13912017365", until="Present", first="Audited 31 invoices", second="Won 2 bids"
    ).replace("\nSkills\n", "\nSKILLS & INTERESTS  ")
    assert set(ids(text, rules)) <= {"length.short"}


def test_a_nurse_in_training_is_a_post(rules: WordRules) -> None:
    text = INTERNSHIPS.format(
        name="样小云", title="实习经历", first="实习生", second="实习生", months="2025.02-2025.05"
    ).replace("样例数据公司  实习生  2025.02-2025.05", "样省中医院\n实习护士\n2025.02-2025.05")
    assert set(ids(text, rules)) <= {"length.short"}


def test_the_description_of_a_project_says_what_it_is(rules: WordRules) -> None:
    project = {"name": "变点检测", "description": "时间序列在线检测的方法", "startDate": "2021-10",
               "endDate": "2023-03", "highlights": ["提出新方法，召回率提高 8.5%"]}  # fmt: skip
    read = json.dumps({"basics": {"name": "样小云"}, "projects": [project]}, ensure_ascii=False)
    found = diagnose(lines_of_json(read), rules, NOW)
    assert not [each for each in found.remarks if each.kind == "doing"]


WHOLE = """\
样小云
电话：13912017365 | 邮箱：a.b@example.org | 现居：样省样市 | github.com/example-yang

求职意向
后端开发工程师
期望城市：长春

教育背景
样省大学  2022.09 - 2025.06
软件工程（硕士）
样山大学  2018.09 - 2022.06
计算机科学与技术（本科）

工作经历
样云科技有限公司  数据工程师  2025.07 - 至今
清洗 120 万条记录，缺失率由 8% 降到 1%
搭建 6 张看板，供 15 人每日使用

技能
Python、SQL
"""


def test_nothing_of_a_resume_is_lost_when_it_is_written_anew(rules: WordRules) -> None:
    found = look(WHOLE, rules)
    assert set(ids(WHOLE, rules)) <= {"length.short"}
    written = Document(io.BytesIO(resumes.docx(found.resume)))
    said = re.sub(r"\s", "", "\n".join(each.text for each in written.paragraphs))
    for word in re.findall(r"[\w@.%：（）]+", WHOLE.replace("求职意向", "")):
        assert word in said, word


def test_places_profiles_and_degrees_have_their_keys_in_json_resume(rules: WordRules) -> None:
    made = to_json_resume(look(WHOLE, rules).resume)
    assert made["basics"]["location"] == {"address": "样省样市"}
    assert made["basics"]["profiles"] == [{"network": "GitHub", "username": "example-yang"}]
    assert [each["area"] for each in made["education"]] == [
        "软件工程（硕士）",
        "计算机科学与技术（本科）",
    ]


def test_months_spelled_alike_are_left_alone(rules: WordRules) -> None:
    assert changes(look(WHOLE, rules), rules) == []
    mixed = WHOLE.replace("2018.09 - 2022.06", "2018年9月 - 2022年6月")
    assert {each.id for each in changes(look(mixed, rules), rules)} == {"layout.months"}
