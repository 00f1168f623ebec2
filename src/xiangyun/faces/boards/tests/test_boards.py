"""An official sees the figures of the own place and below, down to the rows behind them."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from xiangyun.domain.datasets import figures
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.look import charts
from xiangyun.faces.look.charts import Point
from xiangyun.kernel.findings import Text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def official() -> Client:
    now = timezone.now()
    figures.compute(timezone.localdate(now), at=now)
    client = Client()
    client.post("/login", {"login": "duban", "password": PASSWORD})
    return client


def test_a_board_shows_the_figures_of_the_place_as_text_in_drawings(official: Client) -> None:
    page = official.get("/office/figures/").content.decode()
    assert "登记在册企业" in page
    assert "延边朝鲜族自治州" in page
    one = official.get("/office/figures/companies").content.decode()
    assert '<svg class="chart map"' in one
    assert "示意图" in one
    assert "珲春市" in one


def test_a_figure_leads_to_what_it_is_made_of(official: Client) -> None:
    month = timezone.localdate().strftime("%Y-%m")
    rows = official.get(f"/office/figures/companies/facts?period={month}").content.decode()
    assert "珲春" in rows
    made = official.get(f"/office/figures/companies_growth/facts?period={month}").content.decode()
    assert "companies_year_before" in made
    assert official.get("/office/figures/companies/facts?period=2026-99").status_code == 404
    assert official.get("/office/figures/nothing").status_code == 404


def test_where_more_is_better_places_that_have_nothing_stand_first(official: Client) -> None:
    month = timezone.localdate().strftime("%Y-%m")
    page = official.get(f"/office/figures/companies?period={month}").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    names = [name for name in ("延吉市", "珲春市", "安图县") if name in table]
    assert sorted(names, key=table.index) == ["延吉市", "安图县", "珲春市"]


def test_nobody_sees_the_board_of_another_place(official: Client) -> None:
    assert official.get("/office/figures/?place=220184000000").status_code == 404
    assert official.get("/office/figures/?place=222404000000").status_code == 200
    assert Client().get("/office/figures/").status_code in (302, 403, 404)


def test_a_chart_says_its_figures_as_text_and_leaves_gaps() -> None:
    points = [Point(Text.given(str(n), str(n)), value) for n, value in enumerate([1, None, 3, 4])]
    drawn = charts.line(points, title=Text.given("图<", "A chart<"))
    assert drawn.count("<circle") == 3
    assert drawn.count('class="curve"') == 1
    assert "图&lt;" in drawn
    assert "还没有数据" in charts.line([], title=Text.given("图", "A chart"))
    assert charts.bars(points, title=Text.given("图", "A chart")).count("<rect") == 4


def test_a_tile_is_darker_for_more_and_says_its_figure() -> None:
    points = [
        Point(Text.given(str(n), str(n)), n, code=222401000000 + n * 1000000) for n in range(1, 6)
    ]
    drawn = charts.tiles(points, title=Text.given("图", "A map"))
    assert [f"q{n}" in drawn for n in range(1, 6)] == [True] * 5
    assert ">5</text>" in drawn


def test_the_boards_of_port_and_culture_are_alive_in_the_demonstration() -> None:
    now = timezone.make_aware(datetime(2026, 11, 20, 9))
    wanted = (
        "port_waiting", "port_extension_hours", "port_vehicles", "port_rail_tons", "port_trains",
        "port_railway_hours", "port_policies_explained", "culture_events",
    )  # fmt: skip
    for id_ in wanted:
        figures.compute(timezone.localdate(now), at=now, only=id_)
    client = Client()
    client.post("/login", {"login": "diaodu", "password": PASSWORD})
    for id_ in wanted:
        page = client.get(f"/office/figures/{id_}?place=222404000000&period=2026-10")
        assert page.status_code == 200, id_
        rows = client.get(f"/office/figures/{id_}/facts?place=222404000000&period=2026-10")
        if id_ != "port_railway_hours":  # its roster begins in November
            assert "（虚构）" in rows.content.decode() or "222404" in rows.content.decode(), id_


@pytest.mark.usefixtures("official")
def test_everybody_sees_open_figures_and_nothing_else_of_them() -> None:
    everybody = Client()
    page = everybody.get("/figures/").content.decode()
    assert "累计放款" in page
    assert "登记在册企业" not in page  # which does not say that it is open
    lent = everybody.get("/figures/financing_lent_total/").content.decode()
    assert "274.20" in lent
    assert everybody.get("/figures/companies/").status_code == 404
    assert everybody.get("/figures/?place=999999999999").status_code == 404


@pytest.mark.usefixtures("official")
def test_a_scheme_ranks_places_and_says_what_would_change_the_rank() -> None:
    everybody = Client()
    page = everybody.get("/figures/schemes/city_credit/").content.decode()
    assert page.count("<li><h2>") == 9
    assert "城市信用" in page
    assert "网站监测未接入" in page  # a source that is missing is named
    counties = everybody.get("/figures/schemes/city_credit/?level=county").content.decode()
    assert counties.count("<li><h2>") == 60  # statistical zones have no rank
    place = everybody.get("/figures/schemes/city_credit/222400000000/").content.decode()
    assert "怎样改变名次" in place
    assert "到期没有答复的申请" in place  # the figures behind a leaf
    assert everybody.get("/figures/schemes/city_credit/222404001000/").status_code == 404
    assert everybody.get("/figures/schemes/companies/").status_code == 404


def test_a_month_is_a_report_of_its_own_with_what_lies_below(official: Client) -> None:
    board = official.get("/office/figures/").text
    assert "/office/figures/report.pdf" in board
    answer = official.get("/office/figures/report.pdf?place=222400000000")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    read = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for said in ("月度监督报告", "延边朝鲜族自治州", "登记在册企业", "珲春市"):
        assert said in read
    before = timezone.localdate().replace(day=1) - timedelta(days=1)
    told = official.get(f"/office/figures/report.pdf?place=222400000000&period={before:%Y-%m}")
    assert told.content == answer.content, "it tells the month that is over, and of no other"
    assert official.get("/office/figures/report.pdf?period=2026-13").status_code == 404
    assert official.get("/office/figures/report.pdf?place=220184000000").status_code == 404
