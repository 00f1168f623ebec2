"""What programs get of open data: CKAN's actions, DCAT-AP as RDF, SQL that reaches nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from xiangyun.adapters import openquery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
SHARED = Path(os.environ.get("XIANGYUN_SHARED") or Path(__file__).resolve().parents[6] / "shared")
SHAPES = SHARED / "suites" / "dcat-ap-3.0.1" / "shapes.ttl"


def act(name: str, **given: Any) -> Any:
    answer = Client().post(
        f"/api/3/action/{name}", json.dumps(given), content_type="application/json"
    )
    told = answer.json()
    assert told["success"] is (answer.status_code == 200), told
    return told["result"] if told["success"] else (answer.status_code, told["error"])


def test_packages_are_listed_shown_and_searched() -> None:
    names = act("package_list")
    assert {"companies-by-county", "company-register"} <= set(names)
    package = act("package_show", id="company-register")
    assert act("package_show", id=package["id"])["name"] == "company-register"
    assert package["organization"]["name"] == "market_supervision"
    assert [r["format"] for r in package["resources"]] == ["CSV", "XLSX", "JSONL", "Parquet"]
    found = act(
        "package_search",
        q="企业",
        fq='organization:market_supervision +tags:"companies"',
        **{"facet.field": '["organization", "groups", "res_format"]'},
    )
    assert found["count"] == 2
    assert found["facets"]["organization"] == {"market_supervision": 2}
    assert found["search_facets"]["organization"]["items"][0]["display_name"] == "市场监督管理厅"
    assert act("package_search", q="*:*", rows=1)["results"]
    assert act("package_show", id="nothing")[0] == 404
    assert act("package_search", fq="nothing:1")[0] == 409
    tags = {"facet.field": '["tags"]'}
    few, many = (act("package_search", **tags, **{"facet.limit": n}) for n in (1, "-1"))
    assert len(few["facets"]["tags"]) == 1 < len(many["facets"]["tags"])
    assert act("package_search", **tags, **{"facet.limit": "many"})[0] == 409
    assert act("package_show")[1]["__type"] == "Validation Error"


def test_rows_are_searched_by_filters_words_and_order() -> None:
    found = act("datastore_search", resource_id="company-register-csv", limit=2, sort="code")
    codes = [each["code"] for each in found["records"]]
    assert codes == sorted(codes)
    assert len(codes) == min(2, found["total"]) > 0
    assert found["fields"][0] == {"id": "_id", "type": "int"}
    one = found["records"][0]
    again = act("datastore_search", resource_id="company-register", filters={"code": one["code"]})
    assert (again["total"], again["records"][0]["name"]) == (1, one["name"])
    assert act("datastore_search", resource_id="company-register", q=one["name"])["total"] >= 1
    assert act("datastore_search", resource_id="company-register", filters={"x": 1})[0] == 409
    assert act("datastore_search", resource_id="nothing")[0] == 404
    assert act("datastore_info", id="company-register")["meta"]["count"] == found["total"]


def test_sql_reads_open_tables_and_nothing_else() -> None:
    found = act(
        "datastore_search_sql",
        sql='SELECT place, count(*) AS n FROM "company-register-csv" GROUP BY 1 ORDER BY n DESC',
    )
    assert found["records"][0]["n"] >= 1
    for wrong in (
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT 1; SELECT 2",
        'DROP TABLE "company-register"',
        "COPY \"company-register\" TO '/tmp/x'",
        "SELECT getenv('HOME')",
        "SELECT * FROM information_schema.tables",
        'SELECT nothing FROM "company-register"',
        "SELECT * FROM (WITH x AS (SELECT 1 AS a) SELECT * FROM x) AS y, x",
        "SELEC",
    ):
        status, error = act("datastore_search_sql", sql=wrong)
        assert (status, error["__type"]) == (409, "Validation Error"), wrong


def test_a_query_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = openquery.ask
    monkeypatch.setattr(openquery, "ask", lambda a, t, most: ask(a, t, most=most, seconds=0.3))
    endless = (
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    )
    status, error = act("datastore_search_sql", sql=endless)
    assert status == 409
    assert error["ids"][0] in ("open.E010", "open.E011")
    monkeypatch.undo()
    assert act("datastore_search_sql", sql='SELECT 1 AS a FROM "company-register" LIMIT 1')[
        "records"
    ]


def test_other_actions_of_ckan_answer() -> None:
    assert act("status_show")["ckan_version"].startswith("2.")
    assert act("site_read") is True
    assert {"digital_government", "market_supervision"} <= set(act("organization_list"))
    office = act("organization_show", id="market_supervision", include_datasets=True)
    names = {each["name"] for each in office["packages"]}
    assert names >= {
        *("companies-by-county", "company-register"),
        *("penalty-decisions", "inspection-results"),
    }
    assert "economy" in act("group_list")
    assert act("group_show", id="economy")["package_count"] >= 2
    assert "companies" in act("tag_list")
    assert act("tag_show", id="companies", include_datasets=True)["packages"]
    assert act("resource_show", id="company-register-csv")["datastore_active"] is True
    assert Client().get("/api/3/action/nothing").status_code == 400
    assert Client().get("/api/3/").json() == {"version": 3}


class Through(BaseHTTPRequestHandler):
    """Hands what comes over HTTP to the site as the test has it, and its answer back."""

    def do_GET(self) -> None:
        self._answer(Client().get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(Client().post(self.path, body, content_type=self.headers["Content-Type"]))

    def _answer(self, answer: Any) -> None:
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """The site over HTTP, in a thread that sees what this test wrote."""
    connection = connections["default"]
    connection.inc_thread_sharing()
    server = HTTPServer(("127.0.0.1", 0), Through)

    def serve() -> None:
        connections["default"] = connection
        server.serve_forever(poll_interval=0.05)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    connection.dec_thread_sharing()


def test_the_real_client_of_ckan_reads_and_is_refused(site: str) -> None:
    ckanapi = pytest.importorskip("ckanapi")
    with ckanapi.RemoteCKAN(site, user_agent="test") as remote:
        assert "company-register" in remote.action.package_list()
        found = remote.action.package_search(q="企业", rows=1)
        assert found["count"] >= 1
        with pytest.raises(ckanapi.NotFound):
            remote.action.package_show(id="nothing")
        with pytest.raises(ckanapi.ValidationError):
            remote.action.datastore_search_sql(sql="DROP TABLE x")


@pytest.mark.parametrize(
    ("format", "media"), [("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")]
)
def test_the_catalogue_is_the_same_graph_in_three_forms(format: str, media: str) -> None:
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=Client().get(f"/catalog.{format}").content, format=media)
    turtle = rdflib.Graph().parse(data=Client().get("/catalog.ttl").content, format="turtle")
    assert len(graph) > 100
    assert {*map(str, graph.subjects())} == {*map(str, turtle.subjects())}
    assert len(graph) == len(turtle)


def test_the_catalogue_is_given_in_what_is_accepted() -> None:
    client = Client()
    assert (
        client.get("/catalog", HTTP_ACCEPT="text/turtle")
        .headers["Content-Type"]
        .startswith("text/turtle")
    )
    assert (
        "ld+json"
        in client.get("/catalog", HTTP_ACCEPT="application/ld+json").headers["Content-Type"]
    )
    assert (
        "rdf+xml"
        in client.get("/catalog", HTTP_ACCEPT="application/rdf+xml").headers["Content-Type"]
    )
    assert client.get("/catalog", HTTP_ACCEPT="text/html,*/*;q=0.1").status_code == 303
    assert client.get("/catalog.xml").status_code == 404


def test_the_catalogue_breaks_no_shape_of_dcat_ap() -> None:
    if not SHAPES.exists():
        pytest.skip("the shapes of DCAT-AP stand beside the checkout")
    pyshacl = pytest.importorskip("pyshacl")
    conforms, _, said = pyshacl.validate(
        Client().get("/catalog.ttl").content.decode(),
        shacl_graph=str(SHAPES),
        data_graph_format="turtle",
        shacl_graph_format="turtle",
    )
    assert conforms, said


def test_a_dump_by_the_command_of_ckanapi_holds_every_package(site: str, tmp_path: Path) -> None:
    pytest.importorskip("ckanapi")
    for what, count in (("datasets", 2), ("organizations", 2), ("groups", 1)):
        out = tmp_path / f"{what}.jsonl"
        # Its workers are started by its own name.
        path = str(Path(sys.executable).parent)
        done = subprocess.run(
            ["ckanapi", "dump", what, "--all", "-O", str(out), "-q", "-r", site],
            capture_output=True, text=True, env=os.environ | {"PATH": path},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        assert len(lines) >= count
