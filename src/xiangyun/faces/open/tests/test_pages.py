"""What people see of open data: search, a chart with its table, downloads in every form."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import duckdb
import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions as registers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def body(answer: object) -> bytes:
    return b"".join(answer) if getattr(answer, "streaming", False) else answer.content  # type: ignore[attr-defined, arg-type]


def test_the_catalogue_finds_by_words_of_names_columns_and_narrows_down() -> None:
    client = Client()
    everything = client.get("/data/").content.decode()
    assert "各县（市、区）企业数" in everything
    registers = client.get("/data/?kind=register&q=企业登记").content.decode()
    assert "企业登记库" in registers  # a register with how it is shared
    found = client.get("/data/", {"q": "统一社会信用", "kind": "dataset"}).content.decode()
    assert "企业登记信息" in found
    assert "各县（市、区）企业数" not in found
    assert "没有找到" in client.get("/data/", {"q": "没有这种数据啊"}).content.decode()
    assert client.get("/data/organizations/market_supervision").status_code == 200


def test_a_data_set_shows_its_chart_first_then_the_table_and_downloads() -> None:
    page = Client().get("/data/companies-by-county").content.decode()
    assert '<svg class="chart' in page
    order = [
        page.index(e) for e in ("<figcaption>", '<svg class="chart', "/1.csv", 'id="q"', "<table")
    ]
    assert order == sorted(order), "what it shows, the chart, downloads, then the table"
    assert "latest" not in page
    assert "/data/companies-by-county/1.parquet" in page
    assert '"@type": "Dataset"' in page
    assert Client().get("/data/nothing").status_code == 404
    embedded = Client().get("/data/companies-by-county/embed")
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded.headers


def test_a_table_is_filtered_sorted_and_searched_by_its_address() -> None:
    client = Client()
    whole = client.get("/data/company-register").content.decode()
    assert "第 1 至" in whole
    one = client.get("/data/company-register", {"place": "222404000000"}).content.decode()
    assert "珲春市" in one
    none = client.get("/data/company-register", {"capital__gt": "99999999999"}).content.decode()
    assert "共 0 行" in none
    wrong = client.get("/data/company-register", {"nothing": "1"})
    assert wrong.status_code == 422
    assert "没有列“nothing”" in wrong.content.decode()
    ordered = client.get("/data/company-register", {"sort": "capital desc"})
    assert ordered.status_code == 200
    assert client.get("/data/company-register", {"sort": "capital; drop"}).status_code == 422


def test_what_was_asked_for_stands_in_its_address_and_what_is_embedded() -> None:
    client, asked = Client(), "?place=222404000000&code__ne=1"
    page = client.get(f"/data/company-register{asked}").content.decode()
    kept = asked.replace("&", "&amp;")
    assert f'href="/data/company-register{kept}"' in page, "the permalink"
    assert f'href="/data/company-register/embed{kept}"' in page
    assert 'href="?place=222404000000"' in page, "without the code"
    embedded = client.get(f"/data/company-register/embed{asked}").content.decode()
    assert "珲春市" in embedded
    assert "第 1 至" in embedded


@pytest.fixture
def elsewhere(demonstration: None) -> None:
    """Companies in a second prefecture and in a second county, before anything is published."""
    for code, place in ELSEWHERE.items():
        data = {"code": code, "name": f"样{code[-4:]}", "division": f"{place:012}"}
        with acting_as(SYSTEM):
            registers.enter_record(
                register="company",
                key=code,
                division=place,
                data={**data, "status": "registered", "founded": "2020-01-01"},
                source="试验",
                on=date(2020, 1, 1),
            )


ELSEWHERE = {"91220101MA0XYNTE17": 220102000000, "91220101MA0XYBN251": 222401000000}


@pytest.mark.usefixtures("elsewhere", "published")
def test_a_map_leads_from_prefectures_to_counties_and_their_rows() -> None:
    client, at = Client(), "/data/companies-by-county"
    page = client.get(at).content.decode()
    assert 'class="chart map' in page
    assert 'href="?place__starts=2224"' in page
    counties = client.get(at, {"place__starts": "2224"}).content.decode()
    assert 'href="?place__starts=222404"' in counties
    one = client.get(at, {"place__starts": "222404"}).content.decode()
    assert 'class="chart map' not in one, "one place is no map"
    assert "区划代码以 222404 开头" in one


def test_downloads_hold_the_rows_with_schema_and_licence_inside() -> None:
    client = Client()
    csv = body(client.get("/data/company-register/1.csv")).decode()
    head, first, *_ = csv.splitlines()
    assert head == "code,name,industry,place,status,founded,capital"
    lines = body(client.get("/data/company-register/1.jsonl")).decode().splitlines()
    about = json.loads(lines[0])["@context"]
    assert about["licence"] == "CC-BY-4.0"
    assert json.loads(lines[1])["code"] == first.split(",")[0]
    book = zipfile.ZipFile(io.BytesIO(body(client.get("/data/company-register/1.xlsx"))))
    assert first.split(",")[0] in book.read("xl/worksheets/sheet1.xml").decode()
    assert "CC-BY-4.0" in book.read("xl/worksheets/sheet2.xml").decode()


def test_parquet_keeps_its_notes_and_types(tmp_path: object) -> None:
    content = body(Client().get("/data/company-register/1.parquet"))
    file = f"{tmp_path}/one.parquet"
    with open(file, "wb") as out:
        out.write(content)
    with duckdb.connect() as database:
        notes = dict(
            database.execute("SELECT key, value FROM parquet_kv_metadata(?)", [file]).fetchall()
        )
        assert notes[b"licence"] == b"CC-BY-4.0"
        assert json.loads(notes[b"schema"])["fields"][0]["name"] == "code"
        types = database.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
    assert {row[0]: row[1] for row in types}["founded"] == "DATE"


def test_a_file_is_given_in_parts_by_ranges() -> None:
    client, at = Client(), "/data/company-register/1.parquet"
    whole = client.get(at)
    content = body(whole)
    part = client.get(at, HTTP_RANGE="bytes=4-9")
    assert (part.status_code, body(part)) == (206, content[4:10])
    assert part.headers["Content-Range"] == f"bytes 4-9/{len(content)}"
    assert body(client.get(at, HTTP_RANGE="bytes=-4")) == content[-4:] == b"PAR1"
    assert client.get(at, HTTP_RANGE=f"bytes={len(content)}-").status_code == 416
    assert client.get(at, HTTP_IF_NONE_MATCH=whole.headers["ETag"]).status_code == 304
    stale = client.get(at, HTTP_RANGE="bytes=4-9", HTTP_IF_RANGE='"another"')
    assert stale.status_code == 200


def test_feeds_schema_and_site_map_say_what_there_is() -> None:
    client = Client()
    feed = client.get("/data/feed.atom").content.decode()
    assert feed.count("<entry>") == 2
    assert (
        client.get("/data/feed.atom?series=economy-monthly").content.decode().count("<entry>") == 1
    )
    schema = client.get("/data/companies-by-county/schema.json").json()
    assert [field["name"] for field in schema["fields"]][:2] == ["month", "place"]
    package = client.get("/data/companies-by-county/datapackage.json").json()
    assert package["resources"][0]["schema"]["fields"] == schema["fields"]
    assert "/data/company-register" in client.get("/sitemap.xml").content.decode()
