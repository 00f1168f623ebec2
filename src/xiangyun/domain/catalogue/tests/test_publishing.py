"""What packs declare is published in versions; what would break something is refused whole."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries
from xiangyun.domain.catalogue.models import DeclarationVersion
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.findings import Forbidden, Refused

pytestmark = pytest.mark.django_db
PACK, OTHER = "culture/instruments", "culture/loans"
REGISTER = """\
code: instrument
name: {zh-Hans: 乐器库, en: Instruments}
department: culture_tourism
key: number
laws: [{law: {zh-Hans: 测试, en: A test}, article: 第一条, verified: true}]
fields:
  - {name: number, type: text, required: true, words: {zh-Hans: 编号, en: Number}}
  - {name: maker, type: text, searched: code, words: {zh-Hans: 制作人, en: Maker}}
prefill: all
examples: [{data: {number: "001"}}]
"""
FILES = {"registers/instrument.yaml": REGISTER}
MORE = REGISTER.replace(
    "prefill: all", "  - {name: year, type: integer, words: {zh-Hans: 年, en: Year}}\nprefill: all"
)


def publish(files: dict[str, str], pack: str = PACK) -> list[tuple[str, str, int]]:
    with acting_as(SYSTEM) as system:
        done = catalogue.publish(pack, files, actor=system, at=MORNING)
        return [(each.kind, each.code, each.number) for each in done.versions]


def rows() -> list[tuple[int, bool]]:
    found = DeclarationVersion.objects.filter(code="instrument").order_by("number")
    return list(found.values_list("number", "current"))


def test_a_pack_without_a_service_is_published_and_read_by_everybody() -> None:
    assert publish(FILES) == [("register", "instrument", 1)]
    with acting_as(ANONYMOUS):
        (row,) = [row for row in queries.current_declarations("register") if row.pack == PACK]
    assert (row.code, row.name_zh, row.name_en) == ("instrument", "乐器库", "Instruments")
    with acting_as(SYSTEM):
        assert Entry.objects.filter(subject="register/instrument").count() == 1


def test_the_same_content_makes_no_version_and_another_makes_the_next() -> None:
    publish(FILES)
    assert publish(FILES) == [("register", "instrument", 1)]
    assert publish({"registers/instrument.yaml": MORE}) == [("register", "instrument", 2)]
    with acting_as(SYSTEM):
        assert rows() == [(1, False), (2, True)]
        assert registers.used("instrument").declaration.by_name.keys() >= {"year"}
    assert publish(FILES) == [("register", "instrument", 1)]
    with acting_as(SYSTEM):
        assert rows() == [(1, True), (2, False)]
        assert "year" not in registers.used("instrument").declaration.by_name


def test_a_broken_declaration_is_refused_whole() -> None:
    publish(FILES)
    broken = {
        "registers/instrument.yaml": MORE,
        "registers/bow.yaml": REGISTER.replace("instrument", "bow").replace(
            "key: number", "key: x"
        ),
    }
    with pytest.raises(Refused, match=r"record\.E002"):
        publish(broken)
    with acting_as(SYSTEM):
        assert rows() == [(1, True)]


def test_a_code_of_another_pack_is_refused() -> None:
    publish(FILES)
    with pytest.raises(Refused, match=r"pack\.E054"):
        publish(FILES, OTHER)


def test_what_a_pack_declares_no_more_is_current_no_more_and_keeps_its_versions() -> None:
    publish(FILES)
    publish({"registers/bow.yaml": REGISTER.replace("code: instrument", "code: bow")})
    with acting_as(SYSTEM):
        assert rows() == [(1, False)]
        assert [each.code for each in queries.declaration_versions("register", "bow")] == ["bow"]


@pytest.mark.usefixtures("demonstration")
def test_who_is_no_publisher_publishes_nothing() -> None:
    with acting_as(actor("wang")) as wang, pytest.raises(Forbidden):
        catalogue.publish(PACK, FILES, actor=wang, at=MORNING)


@pytest.mark.usefixtures("demonstration")
def test_a_register_cannot_lose_what_a_published_service_shows() -> None:
    with acting_as(SYSTEM):
        (row,) = queries.declaration_versions("register", "person")
    text = row.files["registers/person.yaml"]
    for old in ("name: mobile", "mobile: ", "refused: mobile"):
        text = text.replace(old, old.replace("mobile", "telephone"))
    renamed = {"registers/person.yaml": text}
    none = {"registers/other.yaml": REGISTER.replace("code: instrument", "code: other")}
    for changed in (renamed, none):
        with pytest.raises(Refused, match=r"pack\.E056"):
            publish(changed, row.pack)
    with acting_as(SYSTEM):
        assert [each.number for each in queries.declaration_versions("register", "person")] == [1]


@pytest.mark.usefixtures("demonstration")
def test_a_service_that_names_what_nobody_published_is_refused() -> None:
    with acting_as(SYSTEM) as system:
        version = queries.current_version("eldercare/basic-services")
        files = dict(type(version).objects.get(pk=version.pk).files)
        files["form.json"] = files["form.json"].replace('"person.mobile"', '"instrument.maker"')
        (own,) = (row.files for row in queries.declaration_versions("register", "eldercare"))
        with pytest.raises(Refused, match=r"pack\.E050"):
            catalogue.publish(version.code, {**files, **own}, actor=system, at=MORNING)


def test_several_packs_are_published_in_the_order_in_which_they_need_each_other() -> None:
    with acting_as(SYSTEM) as system:
        packs = {"a/broken": {"registers/x.yaml": "code: x"}, PACK: FILES}
        done, refused = catalogue.publish_all(packs, actor=system, at=MORNING)
    assert ([each.code for each in done], list(refused)) == ([PACK], ["a/broken"])
