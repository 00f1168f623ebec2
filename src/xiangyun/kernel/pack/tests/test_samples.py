"""Samples and blank forms: what a pack names is there, is filled in, and comes of an example."""

from __future__ import annotations

import pytest

from xiangyun.kernel.pack import check_pack, published_pack, read_pack
from xiangyun.kernel.pack.samples import result_sample
from xiangyun.kernel.pack.tests.shipped import broken, files

MARKET = "market/company-registration"
CONSENT = "papers/neighbours-consent.yaml"


def said(changed: dict[str, str], code: str = MARKET) -> list[tuple[str, str, int]]:
    found = check_pack(changed, code)
    return [
        (each.id, each.place.file, each.place.line)
        for each in found
        if each.place and (each.id.startswith("pack.E67") or each.id == "pack.W002")
    ]


def test_one_file_is_the_blank_form_and_the_sample() -> None:
    pack = read_pack(files(MARKET))
    paper = pack.papers["neighbours-consent"]
    room = [line for line in paper.lines if line.sample is not None]
    assert len(room) == 5
    assert room[-1].signed
    assert paper.lines[0].sample is None


@pytest.mark.parametrize(
    ("path", "old", "new", "id"),
    [
        ("service.yaml", "blank: neighbours-consent ", "blank: neighbors-consent ", "pack.E670"),
        ("service.yaml", "sample: lease ", "sample: leese ", "pack.E670"),
        ("service.yaml", "sample: 01-issued-same-day", "sample: 01-issued", "pack.E672"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_its_line(
    path: str, old: str, new: str, id: str
) -> None:
    changed = broken(path, old, new)
    found = [(one, line) for one, file, line in said(changed) if file == path]
    assert found == [(id, changed[path][: changed[path].index(new)].count("\n") + 1)]


def test_a_paper_without_a_line_to_fill_in_is_none() -> None:
    changed = files(MARKET)
    changed[CONSENT] = (
        "title: {zh-Hans: 说明, en: Note}\nlines: [{words: {zh-Hans: 一, en: One}}]\n"
    )
    assert ("pack.E671", CONSENT, 1) in said(changed)


def test_a_paper_that_no_material_names_is_not_used() -> None:
    changed = files(MARKET)
    changed["papers/other.yaml"] = changed[CONSENT]
    assert ("pack.W002", "papers/other.yaml", 0) in said(changed)


def test_a_line_is_words_a_field_or_a_signature_and_nothing_else() -> None:
    changed = broken(CONSENT, "  - sign:", "  - stamp:")
    ids = {each.id for each in check_pack(changed, MARKET) if each.place.file == CONSENT}
    assert "pack.E004" in ids


def test_an_example_of_which_nothing_comes_is_no_sample() -> None:
    code, example = "children/child-visit", "01-calm"
    changed = broken("service.yaml", "sample: null", f"sample: {example}", files(code))
    assert ("pack.E673", f"examples/{example}.yaml", 2) in said(changed, code)
    assert result_sample(published_pack(changed), {}) is None


def test_the_sample_is_what_the_example_was_issued_on_its_day() -> None:
    found = result_sample(read_pack(files(MARKET)), {})
    assert found is not None
    assert found.certificate is not None
    assert found.letter is None
    assert found.certificate.name.en == "Business licence"
    assert "虚构" in found.certificate.note.zh


def test_without_a_certificate_it_is_the_last_letter() -> None:
    found = result_sample(published_pack(files("credit/repair")), {})
    assert found is not None
    assert found.certificate is None
    assert found.letter is not None
    assert found.letter.body


def test_a_service_that_names_none_has_none() -> None:
    assert result_sample(read_pack(files("market/stall-report")), {}) is None
