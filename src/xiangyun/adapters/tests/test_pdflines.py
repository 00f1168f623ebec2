"""PDFs as students lay them out: columns, forms, fonts that write radicals for characters."""

from __future__ import annotations

import io
import os

import pytest
import typst
from pypdf import PdfReader

from xiangyun.adapters import documents, pdflines, pdfpieces
from xiangyun.adapters.fonts import chinese_fonts
from xiangyun.adapters.wordlists import word_rules
from xiangyun.kernel.wording import Diagnosis, WordRules, diagnose, numbered, to_json_resume

NOW = numbered(2026, 11)
SIDE = r"""
{name}
== 联系方式
电话 \ 13912017365 \ 邮箱 \ a.b\@example.org \ 现居：样省样市
== 专业技能
Python、SQL、Excel \ 英语六级 \ 普通话二级甲等
"""
MAIN = r"""
{name}
== 教育背景
样省大学 #h(1fr) 统计学 本科 #h(1fr) 2022.09-2026.06
== 实习经历
样云科技有限公司 #h(1fr) 数据实习生 #h(1fr) 2024.07-2024.10 \
清洗 120 万条记录，缺失率由 8% 降到 1%，步骤写成脚本，每日凌晨自动运行，替代 3 人手工核对数据 \
搭建 6 张看板，供 15 人每日使用 \
样例数据公司 #h(1fr) 运营实习生 #h(1fr) 2025.02-2025.05 \
撰写推文 24 篇，阅读量合计 9 万次
"""
NAME = r"#text(20pt)[样小云] \ 数据分析师"
FORM = r"""
#align(center, text(20pt)[个人简历])
#table(columns: (3cm, 1fr), align: horizon,
[姓名], [样小云], [电话], [13912017365], [邮箱], [a.b\@example.org],
[教育背景], [样省大学 #h(1fr) 统计学 本科 #h(1fr) 2022.09-2026.06 \ 成绩前 5%],
[实习经历], [样云科技有限公司 #h(1fr) 数据实习生 #h(1fr) 2024.07-2024.10 \
清洗 120 万条记录，缺失率由 8% 降到 1% \ 搭建 6 张看板，供 15 人每日使用],
[专业技能], [Python、SQL、Excel \ 英语六级])
"""


@pytest.fixture(scope="module")
def rules() -> WordRules:
    return word_rules("jobs/resume-lab:resume")


def printed(source: str) -> bytes:
    fonts, faces = chinese_fonts(os.environ.get("XIANGYUN_FONTS", ""))
    head = f'#set text(font: "{faces[0]}", size: 10.5pt, lang: "zh")\n#set page(margin: 1.5cm)\n'
    made: bytes = typst.compile((head + source).encode(), font_paths=fonts)
    return made


def looked(content: bytes, rules: WordRules) -> Diagnosis:
    return diagnose(documents.read(content)[1], rules, NOW)


@pytest.mark.parametrize("first", ["side", "main"])
@pytest.mark.parametrize("named", ["side", "main"])
def test_a_column_beside_is_read_whole_and_the_name_first(
    first: str, named: str, rules: WordRules
) -> None:
    side, main = (
        text.format(name=NAME if named == each else "")
        for each, text in (("side", SIDE), ("main", MAIN))
    )
    left, right, columns = (
        (side, main, "(5cm, 1fr)") if first == "side" else (main, side, "(1fr, 5cm)")
    )
    content = printed(f"#grid(columns: {columns}, column-gutter: 8mm, [{left}], [{right}])")
    found = looked(content, rules)
    assert {each.id for each in found.remarks} <= {"length.short"}
    basics = to_json_resume(found.resume)["basics"]
    assert (basics["name"], basics["phone"]) == ("样小云", "13912017365")
    text = documents.as_text(content)
    assert text.startswith("样小云")
    # What the edge of the column broke is one line again, and what it did not is not.
    assert "每日凌晨自动运行，替代 3 人手工核对数据\n搭建" in text


def test_the_label_of_a_form_stands_before_its_row(rules: WordRules) -> None:
    content = printed(FORM)
    text = documents.as_text(content)
    assert text.index("教育背景") < text.index("样省大学") < text.index("实习经历")
    assert text.index("实习经历") < text.index("样云科技") < text.index("专业技能")
    found = looked(content, rules)
    assert {each.id for each in found.remarks} <= {"length.short"}
    assert to_json_resume(found.resume)["basics"]["name"] == "样小云"


def test_months_beside_what_was_done_are_a_table_and_no_column() -> None:
    rows = "".join(f"[{year}.03-{year}.09], [样云公司 {year} \\ 完成 {year} 件]," for year in
                   range(2015, 2025))  # fmt: skip
    page = PdfReader(io.BytesIO(printed(f"#table(columns: (4cm, 1fr), {rows})"))).pages[0]
    [rows_of] = pdflines.blocks(page)
    assert rows_of[0].text.split("  ") == ["2015.03-2015.09", "样云公司 2015"]


def test_radicals_are_characters_and_ligatures_letters_again() -> None:
    assert pdflines.plain("⾼级⼯程师，⻓春⼾籍") == "高级工程师，长春户籍"
    assert pdflines.plain("proﬁle, workﬂow") == "profile, workflow"


BESIDE = r"""
#grid(columns: (4.5cm, 1fr), column-gutter: 8mm, [
#text(20pt)[样小云]
== 联系方式
13912017365 \ a.b\@example.org \ 样省样市
== 专业技能
Python、SQL、Excel \ 英语六级
], [
== 教育背景
#grid(columns: (2.6cm, 1fr), row-gutter: 3mm,
[2018.09 ‒ 2022.06], [样省大学 · 统计学 \ 成绩前 5%],
[2022.09 ‒ 2025.06], [样山大学 · 统计学硕士 \ 论文 2 篇])
== 实习经历
#grid(columns: (2.6cm, 1fr), row-gutter: 3mm,
[2024.07 ‒ 2024.10], [样云科技有限公司 · 数据实习生 \ 清洗 120 万条记录，缺失率由 8% 降到 1%],
[2025.02 ‒ 2025.05], [样例数据公司 · 运营实习生 \ 撰写推文 24 篇，阅读量合计 9 万次])
])
"""


def test_months_that_a_narrow_column_breaks_stand_before_what_was_done(rules: WordRules) -> None:
    content = printed(BESIDE)
    found = looked(content, rules)
    assert {each.id for each in found.remarks} <= {"length.short"}
    work = to_json_resume(found.resume)["work"]
    assert [(each["name"], each["startDate"], each["endDate"]) for each in work] == [
        ("样云科技有限公司", "2024-07", "2024-10"),
        ("样例数据公司", "2025-02", "2025-05"),
    ]


LABELS = r"""
#text(20pt)[Grace Mwangi] \
#h(0pt) grace.m\@example.com · +254 712 345678
#grid(columns: (2.4cm, 1fr), row-gutter: 6mm, {align}
[Education], [Nairobi Sample University, BA Development #h(1fr) Sep 2019 – Nov 2023],
[Professional \ Experience], [Maji Example Foundation, Officer #h(1fr) Jan 2024 – Present \
Coordinated distribution of hygiene kits to 9,400 households \
Constructed 87 boreholes serving 112,000 people \
Recruited and trained 120 community volunteers],
[Technical \ Skills], [Kobo Toolbox, QGIS, Excel],
[Licenses and \ Certifications], [Project management, 2024 \ First aid, 2025])
"""


@pytest.mark.parametrize("align", ["", "align: horizon,"])
def test_a_label_of_two_lines_is_one(align: str, rules: WordRules) -> None:
    content = printed(LABELS.replace("{align}", align))
    text = documents.as_text(content)
    for label in ("Professional Experience", "Technical Skills", "Licenses and Certifications"):
        assert label in text
    assert {each.id for each in looked(content, rules).remarks} <= {"length.short"}


def test_letters_set_apart_are_words_again() -> None:
    made = pdfpieces.Piece("D a n i e l  O ' B r i e n", 40.0, 300.0, 700.0, 22.0)
    assert pdfpieces.unspaced(made).text == "Daniel O'Brien"
    usual = pdfpieces.Piece("Grades: A A B A", 40.0, 300.0, 700.0, 10.0)
    assert pdfpieces.unspaced(usual).text == "Grades: A A B A"


def test_signs_that_no_font_names_are_left_out_and_bullets_are_bullets() -> None:
    assert pdflines.plain("/g0 18643123456") == " 18643123456"
    assert pdflines.plain("\x7f Wrote 12 pages") == "• Wrote 12 pages"


def test_what_reaches_somebody_is_a_line_of_its_own(rules: WordRules) -> None:
    side = r"#grid(columns: (4.2cm, 1fr), column-gutter: 8mm, [{}], [{}])".format(
        r"#text(18pt)[Daniel Kim]"
        "\n== Contact\n"
        r"Seattle, WA 98101 \ 206.555.0188 \ daniel.kim\@example.com"
        "\n== Skills & \\ Interests\n" + r"Excel, Stata, Python \ jazz piano",
        "== Education\n"
        r"Cascade State University, Economics \ Sep 2021 – Jun 2025"
        "\n== Experience\n"
        r"Evergreen Credit Union, Intern \ Jun 2024 – Aug 2024 \ "
        r"Reconciled 1,100 loan records and resolved 63 discrepancies \ "
        r"Created a model that forecasts delinquencies within 4% of actuals",
    )
    content = printed(side)
    assert "\n206.555.0188\n" in documents.as_text(content)
    assert {each.id for each in looked(content, rules).remarks} <= {"length.short"}


def test_months_between_a_column_and_their_text_belong_to_what_stands_on_their_lines() -> None:
    bases = [float(700 - 20 * number) for number in range(12)]
    side = [pdfpieces.Piece("样省样市", 40.0, 80.0, base, 10.0) for base in bases]
    told = [pdfpieces.Piece("清洗 120 万条记录", 290.0, 380.0, base, 10.0) for base in bases]
    months = [pdfpieces.Piece("2024.07-2024.10", 200.0, 275.0, base, 10.0) for base in bases[::3]]
    assert pdflines._edge([*side, *months, *told]) == 200.0
