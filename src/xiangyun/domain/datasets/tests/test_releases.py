"""Releases: built by one, published by another, compared, late, withdrawn, never half done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as known
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.datasets import actions, listing, releases
from xiangyun.domain.datasets.models import Listing, Release
from xiangyun.domain.datasets.ports import workshop
from xiangyun.domain.registers import actions as registers
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.findings import Forbidden, NotFound, Refused

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
ON = date(2026, 3, 5)
SET = """
code: stations
name: {zh-Hans: 监测站, en: Stations}
summary: {zh-Hans: 监测站。, en: Stations.}
department: ecology
group: {code: environment, name: {zh-Hans: 环境, en: Environment}}
keywords: [空气]
licence: CC-BY-4.0
catalogue: departmental
catalogue_code: 3060120/00002
sharing: unconditional
open: unconditional
update: monthly
file: data/stations.csv
columns:
  - {name: code, type: text, words: {zh-Hans: 编号, en: Code}}
  - {name: place, type: division, words: {zh-Hans: 区划, en: Place}}
  - {name: value, type: number, words: {zh-Hans: 值, en: Value}, unit: {zh-Hans: 微克, en: ug}}
  - {name: since, type: date, words: {zh-Hans: 始于, en: Since}}
""".lstrip()
ROWS = """
code,place,value,since
007,222404000000,1.5,2026-01-01
008,222401000000,,
"0,9",222401000000,2,2026-01-02
""".lstrip()
CHANGES = "# Changes\n\n## 1 (2026-01-01)\n- First version.\n- 首版。\n"


def put(rows: str = ROWS, dataset: str = SET) -> None:
    files = {"datasets/stations.yaml": dataset, "data/stations.csv": rows, "CHANGES.md": CHANGES}
    with acting_as(SYSTEM) as actor:
        catalogue.publish("ecology/stations", files, actor=actor, at=AT)


def steward(login: str) -> Actor:
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login=login, password=PASSWORD, name=login, kind="official", division=220000000000
        )
        accounts.give_mandate(
            account, role="data_steward", division=220000000000, desk="数据局（演示）"
        )
    found = known.actor_by_login(login)
    assert found is not None
    return found


@pytest.fixture
def two(demonstration: None) -> tuple[Actor, Actor]:
    put()
    return steward("yi"), steward("er")


def test_a_release_is_published_by_another_than_who_built_it(two: tuple[Actor, Actor]) -> None:
    one, other = two
    built = actions.build_release("stations", actor=one, at=AT, on=ON)
    assert built is not None
    assert (built.number, built.rows, built.state) == (1, 3, "built")
    assert releases.standing("stations", ON).latest is None  # type: ignore[union-attr]
    with pytest.raises(Forbidden, match="does not publish it"):
        actions.publish("stations", actor=one, at=AT)
    assert actions.publish("stations", actor=other, at=AT).state == "published"
    with pytest.raises(NotFound):
        actions.publish("stations", actor=other, at=AT)
    wang = known.actor_by_login("wang")
    assert wang is not None
    with pytest.raises(Forbidden):
        actions.build_release("stations", actor=wang, at=AT, on=ON)


def test_codes_keep_their_noughts_and_empty_is_nothing(two: tuple[Actor, Actor]) -> None:
    built = actions.build_release("stations", actor=two[0], at=AT, on=ON)
    assert built is not None
    rows = workshop().rows(workshop().local(built.digest), "SELECT code, value FROM t")
    assert rows == [("007", 1.5), ("008", None), ("0,9", 2.0)]


def test_the_next_release_says_which_rows_and_columns_differ(two: tuple[Actor, Actor]) -> None:
    one, other = two
    actions.build_release("stations", actor=one, at=AT, on=ON)
    actions.publish("stations", actor=other, at=AT)
    assert actions.build_release("stations", actor=one, at=AT, on=ON) is None
    put(ROWS.replace("008", "018") + "010,222404000000,3,2026-02-01\n")
    second = actions.build_release("stations", actor=one, at=AT, on=ON)
    assert second is not None
    assert second.difference is not None
    assert (second.difference["came"], second.difference["went"]) == (2, 1)
    wider = SET + "  - {name: note, type: text, words: {zh-Hans: 备注, en: Note}}\n"
    put(ROWS.replace("since\n", "since,note\n").replace("-01\n", "-01,x\n").replace(",,\n", ",,,\n")
        .replace("-02\n", "-02,\n"), wider)  # fmt: skip
    third = actions.build_release("stations", actor=one, at=AT, on=ON)
    assert third is not None
    assert third.difference is not None
    assert third.difference["columns_added"] == ("note",)
    with acting_as(SYSTEM):
        assert Release.objects.get(pk=second.pk).state == "rejected"


@pytest.mark.parametrize(
    ("rows", "id", "line"),
    [
        ("code,place,value\n", "dataset.E021", 1),
        (ROWS.replace("1.5", "many"), "dataset.E022", 2),
        (ROWS.replace("2026-01-02", "2026-13-02"), "dataset.E022", 4),
        (ROWS + "short,222404000000\n", "dataset.E022", 5),
    ],
)
def test_a_wrong_file_is_told_by_its_lines_and_leaves_nothing(
    two: tuple[Actor, Actor], rows: str, id: str, line: int
) -> None:
    put(rows)
    with pytest.raises(Refused) as refused:
        actions.build_release("stations", actor=two[0], at=AT, on=ON)
    (finding, *_) = refused.value.findings
    assert finding.id == id
    assert finding.place is not None
    assert finding.place.line == line
    with acting_as(SYSTEM):
        assert not Release.objects.filter(dataset="stations").exists()


def test_a_file_in_another_encoding_is_refused(two: tuple[Actor, Actor], tmp_path: Path) -> None:
    file = tmp_path / "stations.csv"
    file.write_bytes(ROWS.replace("007", "监测站点").encode("gb18030"))
    with pytest.raises(Refused) as refused:
        actions.build_release("stations", actor=two[0], at=AT, on=ON, file=file)
    assert refused.value.findings[0].id == "dataset.E020"


def test_what_follows_on_schedule_is_published_by_itself_and_lateness_shows(
    two: tuple[Actor, Actor],
) -> None:
    one, other = two
    assert [
        made for code, made in actions.publish_what_is_due(ON, at=AT) if code == "stations"
    ] == [None]
    actions.build_release("stations", actor=one, at=AT, on=ON)
    actions.publish("stations", actor=other, at=AT)
    late = releases.standing("stations", date(2026, 4, 11))
    assert late is not None
    assert late.late is not None
    assert late.late.code == "2026-03"
    in_time = releases.standing("stations", date(2026, 4, 10))
    assert in_time is not None
    assert in_time.late is None
    made = dict(actions.publish_what_is_due(date(2026, 4, 2), at=AT))
    assert made["stations"].state == "published"  # type: ignore[union-attr]
    put(ROWS.replace(",2026-01-02", ","), SET.replace("type: date", "type: text"))
    assert dict(actions.publish_what_is_due(date(2026, 5, 2), at=AT))["stations"] is None


def test_a_withdrawn_release_leaves_a_stone(two: tuple[Actor, Actor]) -> None:
    one, other = two
    actions.build_release("stations", actor=one, at=AT, on=ON)
    actions.publish("stations", actor=other, at=AT)
    with pytest.raises(Refused):
        actions.withdraw("stations", 1, " ", actor=one, at=AT)
    actions.withdraw("stations", 1, "数值有误", actor=one, at=AT)
    standing = releases.standing("stations", ON)
    assert standing is not None
    assert standing.latest is None
    assert [r.withdrawn_why for r in standing.releases] == ["数值有误"]
    assert releases.digests_named([standing.releases[0].digest]) == {standing.releases[0].digest}


def test_the_catalogue_names_what_its_entries_lack(two: tuple[Actor, Actor]) -> None:
    assert listing.relist_all() > 3
    with acting_as(SYSTEM):
        entry = Listing.objects.get(pk="stations")
    assert [each["zh"] for each in entry.told["missing"]] == ["还没有发布"]
    assert entry.score == 90


SHOPS = """
code: shops-by-kind
name: {zh-Hans: 各类店数, en: Shops by kind}
summary: {zh-Hans: 店数。, en: Shops.}
department: market-supervision
group: {code: economy, name: {zh-Hans: 经济, en: Economy}}
licence: CC-BY-4.0
catalogue: departmental
sharing: unconditional
open: unconditional
update: irregular
over: {register: stall}
levels: [prefecture, county]
disclosure: {threshold: 3, protect: 20}
columns:
  - {name: place, type: division, of: =division, words: {zh-Hans: 区划, en: Place}}
  - {name: kind, type: text, of: =kind, total: true, words: {zh-Hans: 种类, en: Kind}}
  - {name: shops, type: integer, measure: count, words: {zh-Hans: 家, en: Shops}}
""".lstrip()
STALLS = """
code: stall
name: {zh-Hans: 摊位, en: Stalls}
department: market-supervision
class: ordinary
subject: none
key: code
place: division
laws:
  - {law: {zh-Hans: 《条例》, en: The regulation}, article: 第三条, verified: false}
fields:
  - {name: code, type: text, required: true, words: {zh-Hans: 代码, en: Code}}
  - {name: division, type: text, format: division, words: {zh-Hans: 区划, en: Division}}
  - {name: kind, type: text, words: {zh-Hans: 种类, en: Kind}}
readers: [stalls/open]
writers: [stalls/open]
prefill: []
examples:
  - {data: {code: A1, division: "222404000000"}}
""".lstrip()


def stalls(*counts: tuple[int, str, int], first: int = 0) -> None:
    number = first
    for place, kind, count in counts:
        for _ in range(count):
            number += 1
            with acting_as(SYSTEM):
                registers.enter_record(
                    register="stall",
                    key=f"S{number}",
                    division=place,
                    data={"code": f"S{number}", "division": f"{place:012}", "kind": kind},
                    source="试验",
                    on=date(2026, 1, 1),
                )


def rows_of(release: Release | None) -> dict[tuple[str, str], object]:
    assert release is not None
    found = workshop().rows(
        workshop().local(release.digest), "SELECT place, kind, shops, suppressed FROM t"
    )
    return {(str(a), str(b)): None if hidden else value for a, b, value, hidden in found}


def test_small_figures_are_hidden_with_what_would_give_them_away(
    two: tuple[Actor, Actor],
) -> None:
    one, other = two
    files = {
        "registers/stall.yaml": STALLS,
        "datasets/shops-by-kind.yaml": SHOPS,
        "CHANGES.md": CHANGES,
    }
    with acting_as(SYSTEM) as actor:
        catalogue.publish("stalls/open", files, actor=actor, at=AT)
    hunchun, yanji = 222404000000, 222401000000
    stalls((hunchun, "food", 1), (hunchun, "cloth", 6), (yanji, "food", 7), (yanji, "cloth", 8))
    built = actions.build_release("shops-by-kind", actor=one, at=AT, on=ON)
    shown = rows_of(built)
    assert shown["222404000000", "food"] is None
    assert shown["222404000000", "cloth"] is None
    assert shown["222401000000", "food"] is None
    assert shown["222400000000", "*"] == 22
    assert built is not None
    assert built.hidden is not None
    assert built.hidden["primary"] == 1
    actions.publish("shops-by-kind", actor=other, at=AT)
    # What was hidden once stays hidden while it is the same.
    stalls((yanji, "cloth", 3), first=100)
    again = rows_of(actions.build_release("shops-by-kind", actor=one, at=AT, on=ON))
    assert again["222404000000", "food"] is None
    assert again["222404000000", "cloth"] is None


def test_a_figure_that_was_out_already_is_refused_by_its_name(two: tuple[Actor, Actor]) -> None:
    one, other = two
    loose = SHOPS.replace("threshold: 3", "threshold: 1")
    files = {"registers/stall.yaml": STALLS, "CHANGES.md": CHANGES}
    with acting_as(SYSTEM) as actor:
        catalogue.publish(
            "stalls/open", {**files, "datasets/shops-by-kind.yaml": loose}, actor=actor, at=AT
        )
    stalls((222404000000, "food", 1), (222404000000, "cloth", 6))
    actions.build_release("shops-by-kind", actor=one, at=AT, on=ON)
    actions.publish("shops-by-kind", actor=other, at=AT)
    with acting_as(SYSTEM) as actor:
        catalogue.publish(
            "stalls/open", {**files, "datasets/shops-by-kind.yaml": SHOPS}, actor=actor, at=AT
        )
    with pytest.raises(Refused, match="kind=food") as refused:
        actions.build_release("shops-by-kind", actor=one, at=AT, on=ON)
    assert refused.value.findings[0].id == "dataset.E008"
