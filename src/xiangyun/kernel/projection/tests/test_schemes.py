"""Schemes of points: every node is a figure, what has no source is named, sums are held."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack.tests.shipped import files
from xiangyun.kernel.projection import Indicator, read_indicators

TEXT = files("credit/city-credit")["indicators.yaml"]


def read(text: str) -> tuple[tuple[Indicator, ...], list[Finding]]:
    findings: list[Finding] = []
    return read_indicators(text, findings.append), findings


def test_the_shipped_scheme_has_a_hundred_points_in_four_levels() -> None:
    found, findings = read(TEXT)
    assert findings == []
    (scheme,) = (each for each in found if each.scheme)
    leaves = [leaf for part in scheme.scheme for leaf in part.leaves]
    assert len(leaves) == 40
    assert sum(leaf.points for leaf in leaves) == 100
    assert scheme.edition == "2020"
    assert all((leaf.share is None) is (leaf.missing is not None) for leaf in leaves)
    made = {each.id for each in found if each.under == scheme.id}
    assert {leaf.id for leaf in leaves if leaf.share is not None} <= made
    assert not {leaf.id for leaf in leaves if leaf.share is None} & made


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("points: 100", "points: 99", "pack.E451"),
        ("points: 1.5, missing", "points: 2.5, missing", "pack.E451"),
        ("[4, 15, 25, 40]", "[4, 15, 25, 41]", "pack.E452"),
        ('share: "credit_reports', 'missing: {zh-Hans: 甲, en: a}, share: "credit_reports', "E453"),
    ],
)
def test_a_scheme_that_does_not_come_out_is_refused(old: str, new: str, id: str) -> None:
    written = old.replace('share: "', 'share: "=')
    assert written in TEXT
    _, findings = read(TEXT.replace(written, new.replace('share: "', 'share: "='), 1))
    assert any(each.id.endswith(id) for each in findings)


def test_points_are_cut_at_both_ends_and_nothing_known_gives_nothing() -> None:
    found, _ = read(TEXT)
    leaf = next(each for each in found if each.name.en == "Penalties published in time")
    late = [Decimal(value) for value in (0, 25, 100, 250)]
    assert leaf.of is not None
    given = [leaf.of.value({"penalties_late": value}) for value in late]
    assert given == [2, Decimal("1.5"), 0, 0]
    assert leaf.of.value({"penalties_late": None}) is None
