"""Lists as files: the same rows in the same sight, typed, harmless, and in the journal."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from xiangyun.adapters.workbooks import first_sheet
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor, submitted
from xiangyun.domain.journal.models import Entry
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.look import downloads
from xiangyun.kernel.cells import FORMULA
from xiangyun.kernel.findings import Text

LISTS = {
    "/office/": "shencha",
    "/office/find": "shencha",
    "/office/find/done": "shencha",
    "/office/overdue": "duban",
    "/office/duties": "duban",
    "/office/people": "renshi",
    "/office/registers/company": "shencha",
    "/office/supervision/": "duban",
    "/office/supervision/cases/?state=open": "duban",
    "/office/supervision/ended/?meaning=granted": "duban",
    "/office/supervision/orders/": "duban",
    "/office/enquiries/": "shencha",
    "/office/post/": "shouli",
    "/office/materials/": "shencha",
    "/office/payments/": "shoufei",
}
TABLE: downloads.Table[tuple[object, ...]] = downloads.Table(
    "odd",
    Text("样表", "A sample"),
    tuple((Text(f"列{at}", f"column {at}"), lambda row, at=at: row[at]) for at in range(5)),  # type: ignore[misc]
    personal=False,
)
ROW = ("=1+1", Decimal("-12.50"), date(2026, 4, 9), datetime(2026, 4, 9, 6, 5, tzinfo=UTC), None)


def asked(form: str) -> object:
    request = RequestFactory().get("/", {"as": form, "after": "x", "q": "样"})
    request.actor = SYSTEM  # type: ignore[attr-defined]
    return request


def answered(form: str, fetch: downloads.Fetch[tuple[object, ...]]) -> tuple[bytes, str]:
    answer = downloads.answer(asked(form), TABLE, fetch)  # type: ignore[arg-type]
    return answer.content, answer.headers["Content-Disposition"]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_text_never_becomes_a_formula_and_days_and_numbers_keep_their_types(
    tmp_path: Path,
) -> None:
    content, _ = answered("csv", downloads.whole([ROW]))
    local = timezone.localtime(datetime(2026, 4, 9, 6, 5, tzinfo=UTC)).strftime("%Y-%m-%d %H:%M")
    assert rows_of(content)[1] == ["'=1+1", "-12.50", "2026-04-09", local, ""]
    book = tmp_path / "odd.xlsx"
    book.write_bytes(answered("xlsx", downloads.whole([ROW]))[0])
    [_, (_, cells)] = list(first_sheet(book))
    assert cells[:3] == ["=1+1", "-12.5", "2026-04-09"]
    many = answered("xlsx", downloads.whole([ROW] * 1000))[0]
    assert len(many) < 20_000  # as it is said, its parts are compressed


@pytest.mark.parametrize("first", FORMULA)
def test_every_beginning_of_a_formula_is_taken_away_from_csv(first: str) -> None:
    content, _ = answered("csv", downloads.whole([(f"{first}x", None, None, None, None)]))
    assert rows_of(content)[1][0] == f"'{first}x"


def test_a_file_cut_short_says_so_in_its_name_and_an_endless_search_ends() -> None:
    many = [ROW] * (downloads.MOST + 1)
    content, name = answered("csv", downloads.whole(many))
    assert len(rows_of(content)) == downloads.MOST + 1
    assert f"odd-first-{downloads.MOST}.csv" in name
    assert "odd-first" in answered("csv", lambda after: ((), "further"))[1]
    assert 'filename="odd.csv"' in answered("csv", downloads.whole([ROW]))[1]


def test_another_form_is_not_found() -> None:
    with pytest.raises(Http404):
        downloads.wanted(asked("pdf"))  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_every_list_of_officials_leaves_as_csv_and_as_a_workbook(tmp_path: Path) -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样列表")
    book = tmp_path / "list.xlsx"
    for address, login in LISTS.items():
        client = Client()
        client.post("/login", {"login": login, "password": PASSWORD})
        page = client.get(address)
        assert page.status_code == 200, address
        mark = "&" if "?" in address else "?"
        answer = client.get(f"{address}{mark}as=csv")
        assert answer.status_code == 200, address
        assert answer.headers["Content-Type"].startswith("text/csv"), address
        rows = rows_of(answer.content)
        if len(rows) > 1:
            assert "as=xlsx" in page.content.decode(), address
        book.write_bytes(client.get(f"{address}{mark}as=xlsx").content)
        assert len(list(first_sheet(book))) == len(rows), address
        if address == "/office/supervision/cases/?state=open":
            assert any(made.number in row for row in rows), address


@pytest.mark.django_db
@pytest.mark.usefixtures("demonstration")
def test_a_file_has_what_its_reader_sees_under_the_filters_of_the_page() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样可见")
    seen = {}
    for login in ("duban", "minzheng"):  # another department's official sees no such case
        client = Client()
        client.post("/login", {"login": login, "password": PASSWORD})
        content = client.get("/office/find", {"as": "csv", "text": made.number}).content
        seen[login] = [row[1] for row in rows_of(content)[1:]]
        none = client.get("/office/find", {"as": "csv", "text": "没有这样的办件"}).content
        assert len(rows_of(none)) == 1
    assert seen == {"duban": [made.number], "minzheng": []}
    with acting_as(SYSTEM):
        [entry] = Entry.objects.filter(verb="list.exported", data__rows=1)
    assert (entry.actor_name, entry.data["form"]) == (actor("duban").name, "csv")
    assert entry.private == {"asked": {"text": made.number}}
