"""An amount is written as its question declares: on pages, in letters and on certificates."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from xiangyun.kernel.formspec import kind_of
from xiangyun.kernel.language import CHINESE, ENGLISH
from xiangyun.kernel.pack import Pack, check_pack, letter, read_pack
from xiangyun.kernel.pack.tests.shipped import errors, files
from xiangyun.kernel.packfile.display import Format, written
from xiangyun.kernel.service.certificate import content

AMOUNT = Decimal("794958.9")


def made(form: str = "money", more: str = "") -> dict[str, str]:
    """The shipped service, whose capital (of four decimals) is written in a format everywhere."""
    found = dict(files())
    asked = json.loads(found["form.json"])

    def declare(components: list[dict[str, object]]) -> None:
        for each in components:
            if each.get("key") == "capital":
                each["properties"] = {**each.get("properties", {}), "format": form}  # type: ignore[dict-item]
            declare(each.get("components", []))  # type: ignore[arg-type]

    declare(asked["components"])
    found["form.json"] = json.dumps(asked, ensure_ascii=False)
    for tag in ("zh-Hans", "en"):
        name = f"texts/{tag}.yaml"
        found[name] += "letter.sum.title: Sum\nletter.sum.body: '{application.capital}'\n"
    field = "fields:\n  - key: sum\n    label: {zh-Hans: 金额, en: Sum}\n"
    found["certificate.yaml"] = found["certificate.yaml"].replace(
        "fields:\n", f"{field}    value: =application.capital\n{more}", 1
    )
    return found


def pack(form: str = "money", more: str = "") -> Pack:
    return read_pack(made(form, more))


def variables(of: Pack) -> dict[str, object]:
    answers = {question.key: None for question in of.form.questions}
    return {**of.unset, "application": {**answers, "capital": AMOUNT}}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("money", "794,958.9000"),
        ("money_in_words", "柒拾玖万肆仟玖佰伍拾捌元玖角整"),
        ("plain", "794958.9"),
    ],
)
def test_a_declared_amount_reads_alike_on_page_letter_and_certificate(form, words) -> None:
    one = pack(form)
    question = one.form.question("capital")
    assert kind_of(question).words(question, AMOUNT) == words
    for language in (CHINESE, ENGLISH):
        assert letter(one, "sum", variables(one), language).body == words
    assert one.certificate is not None
    lines = content(one.certificate, one.form, variables(one), date(2026, 4, 9)).fields
    assert next(line.shown for line in lines if line.key == "sum") == words


def test_a_format_of_the_certificate_goes_before_that_of_the_form() -> None:
    one = pack("plain", "    format: money\n")
    assert one.certificate is not None
    lines = content(one.certificate, one.form, variables(one), date(2026, 4, 9)).fields
    assert next(line.shown for line in lines if line.key == "sum") == "794,958.90"


def test_days_may_be_written_for_machines() -> None:
    assert written(date(2026, 4, 9), Format("iso"), ENGLISH) == "2026-04-09"
    assert written(date(2026, 4, 9), Format(), ENGLISH) == "9 April 2026"
    assert written(None, Format("money"), CHINESE) == ""


def test_a_format_that_is_none_is_refused_with_its_place() -> None:
    found = errors(check_pack(made("money", "    format: dollars\n")))
    assert ("certificate.yaml", "pack.E006") in {(e.place.file, e.id) for e in found}
