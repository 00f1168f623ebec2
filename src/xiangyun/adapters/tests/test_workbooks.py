"""Workbooks are read as a spreadsheet program writes them; whatever else comes is refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangyun.adapters.workbooks import NoWorkbook, first_sheet
from xiangyun.domain.evidence import archive
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.record.takeover import read_takeover

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="rId7" Target="worksheets/x.xml"/></Relationships>',
    "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>编号</t></si>"
    "<si><r><t>样</t></r><r><t>云</t></r><rPh><t>x</t></rPh></si></sst>",
    "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    "</styleSheet>",
    "xl/worksheets/x.xml": f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
    '<c r="C1" t="inlineStr"><is><t>费</t></is></c></row><row r="3"><c r="A3" t="s"><v>1</v></c>'
    '<c r="B3" s="1"><v>43528</v></c><c r="C3"><v>0.10000000000000001</v></c>'
    '<c r="D3"><v>220000000000</v></c><c r="E3" t="b"><v>1</v></c></row></sheetData></worksheet>',
}


def book(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return made.getvalue()


def read(content: bytes) -> list[tuple[int, list[str]]]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.xlsx"
        file.write_bytes(content)
        return list(first_sheet(file))


def test_cells_are_text_days_and_numbers_at_their_places() -> None:
    assert read(book(PARTS)) == [
        (1, ["编号", "", "费"]),
        (3, ["样云", "2019-03-04", "0.1", "220000000000", "true"]),
    ]


@pytest.mark.parametrize("number", [14, 22, 27, 28, 29, 30, 31, 36, 50, 51, 54, 57, 58])
def test_a_day_in_a_format_that_no_file_spells_out_is_a_day(number: int) -> None:
    styles = PARTS["xl/styles.xml"].replace('"14"', f'"{number}"')
    assert "2019-03-04" in read(book({**PARTS, "xl/styles.xml": styles}))[1][1]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('m"月"d"日";@', "2019-03-04"),
        ("[$-804]yyyy/m/d", "2019-03-04"),
        ('0.00" daily"', "43528"),
        ("[Red]0", "43528"),
    ],
)
def test_a_format_of_ones_own_is_of_days_where_it_names_a_day_or_a_year(
    code: str, shown: str
) -> None:
    own = f"<numFmts><numFmt numFmtId='176' formatCode='{code}'/></numFmts><cellXfs>"
    styles = PARTS["xl/styles.xml"].replace('"14"', '"176"').replace("<cellXfs>", own)
    assert shown in read(book({**PARTS, "xl/styles.xml": styles}))[1][1]


def test_a_workbook_that_counts_from_1904_has_its_own_days() -> None:
    said = PARTS["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert "2023-03-05" in read(book({**PARTS, "xl/workbook.xml": said}))[1][1]


@pytest.mark.parametrize("left_out", ["xl/workbook.xml", "xl/worksheets/x.xml"])
def test_what_is_no_workbook_is_refused(left_out: str) -> None:
    with pytest.raises(NoWorkbook):
        read(book({name: text for name, text in PARTS.items() if name != left_out}))
    with pytest.raises(NoWorkbook):
        read(b"no zip at all")


def test_an_entity_brings_nothing_in() -> None:
    evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + PARTS["xl/sharedStrings.xml"]
    rows = read(book({**PARTS, "xl/sharedStrings.xml": evil.replace("编号", "&e;")}))
    assert "root:" not in str(rows)


@given(st.sampled_from(sorted(PARTS)), st.integers(0, 400), st.binary(max_size=6))
@settings(max_examples=60)
def test_whatever_stands_in_a_workbook_is_read_or_refused(name: str, at: int, put: bytes) -> None:
    raw = PARTS[name].encode()
    broken = raw[:at] + put + raw[at + len(put) :]
    parts = {**PARTS, name: broken.decode("utf-8", errors="replace")}
    with contextlib.suppress(NoWorkbook):
        read(book(parts))


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_whatever_is_no_evidence_is_refused_as_broken(content: bytes) -> None:
    with contextlib.suppress(archive.Broken):
        assert archive.written(archive.read(content)) == content


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_whatever_text_is_no_mapping_is_told(text: str) -> None:
    found: list[object] = []
    root = read_yaml(text, "takeovers/x.yaml", found.append)
    if root is not None:
        read_takeover(root, found.append)
    assert found
