"""An official sees the figures of the own place and below, down to the rows behind them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

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
