"""Citations of laws as rules carry them, in every language that the law's name is known in.

`《企业名称登记管理规定》(国务院令第734号)第六条` names a law whose English name stands in the
service's `legal_basis`, or in the list of national laws: `Provisions on the Registration of
Enterprise Names, Article 6`. A law that has no other name stays as it is written, and so does what
a citation says besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.nationallaws import NATIONAL

_CITED = re.compile(
    r"《(?P<name>[^》]+)》\s*(?:[(（][^)）]*[)）])?\s*(?P<articles>(?:第[^《；;，,。]+?[条款项][、至和]?)*)"
)
_BESIDES = re.compile(r"[（(](?P<bracket>[^（()）]*)[）)]|(?P<rest>[^；;，,、。（(]+)")
_ARTICLE = re.compile(r"(至?)第[(（]?([零〇一二三四五六七八九十百千\d]+)[)）]?(条|款|项)")
_DIGITS = {
    "零": 0,
    "〇": 0,
    **{numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)},
}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_PARTS = {
    "条": Text("第{n}条", "Article {n}"),
    "款": Text("第{n}款", "paragraph {n}"),
    "项": Text("第{n}项", "item {n}"),
}


STANDARD_WAY = Text("平台的标准办理方式", "The platform’s standard way")
"""What figures rest on that no law gives: the way the platform goes where a service names it."""


def cited(basis: str, laws: Iterable[Text]) -> Text:
    """A citation with the names of the laws in every language that they have."""
    if basis == STANDARD_WAY.zh:
        return STANDARD_WAY
    known = {**NATIONAL, **{_bare(law.zh): law.en for law in laws}}
    told: list[str] = []
    known_one, at = False, 0
    for each in _CITED.finditer(basis):
        _say_besides(told, basis[at : each.start()])
        at = each.end()
        law = known.get(_bare(each["name"]))
        known_one = known_one or law is not None
        parts = [part.en for part in _parts(each["articles"])]
        told.append(", ".join([law, *parts]) if law else each[0].strip())
    _say_besides(told, basis[at:])
    return Text.given(basis, "; ".join(told) if known_one else basis)


def _say_besides(told: list[str], words: str) -> None:
    """What stands between citations: nothing of it may be lost, also where nobody translates it."""
    for found in _BESIDES.finditer(words):
        if found["bracket"] is not None and told:
            told[-1] += f" ({found['bracket']})"
        elif rest := (found["rest"] or f"({found['bracket']})").strip(" 和及"):
            told.append(rest)


def article_words(articles: str) -> Text:
    """Articles as a service names them, `第三十条、第四十二条`; what is no article stays."""
    if _ARTICLE.sub("", articles).strip("、和及 "):
        return Text.given(articles, articles)
    parts = list(_parts(articles))
    return Text.given(articles, Text("{all}", "{all}", all=parts).en if parts else articles)


def _bare(name: str) -> str:
    """The name of a law without its state, its year and its number."""
    return re.sub(r"^中华人民共和国|[(（][^)）]*[)）]\s*$", "", name.strip()).strip()


def _parts(articles: str) -> Iterator[Text]:
    found: list[Text] = []
    for to, number, part in _ARTICLE.findall(articles):
        one = _PARTS[part].filled({"n": _number(number)})
        if to and found:
            one = Text("{first}至{last}", "{first} to {last}", first=found.pop(), last=one)
        found.append(one)
    yield from found


def _number(numeral: str) -> int:
    """A Chinese numeral below ten thousand."""
    if numeral.isascii():
        return int(numeral)
    total = digit = 0
    for sign in numeral:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
