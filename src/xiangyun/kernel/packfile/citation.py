"""Citations of laws as rules carry them, in every language that the law's name is known in.

`《企业名称登记管理规定》(国务院令第734号)第六条` names a law that the service rests on, whose
English name stands in its `legal_basis`: `Provisions on the Registration of Enterprise Names,
Article 6`. A law that has no other name there stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xiangyun.kernel.findings import Text

_CITED = re.compile(
    r"《(?P<name>[^》]+)》\s*(?:[(（][^)）]*[)）])?\s*(?P<articles>(?:第[^《；;，,。]+?[条款项][、至和]?)*)"
)
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


def cited(basis: str, laws: Iterable[Text]) -> Text:
    """A citation with the names of the laws in every language that they have."""
    known = {_bare(law.zh): law for law in laws}
    found = list(_CITED.finditer(basis))
    if not found or any(_bare(each["name"]) not in known for each in found):
        return Text.given(basis, basis)
    if _CITED.sub("", basis).strip("；;，,、。 和及"):
        return Text.given(basis, basis)  # it says more than citations: nothing may be lost
    told = [
        Text("{law} {parts}", "{law}, {parts}", law=known[_bare(each["name"])], parts=parts)
        if (parts := list(_parts(each["articles"])))
        else known[_bare(each["name"])]
        for each in found
    ]
    return Text.given(basis, Text("{all}", "{all}", all=told).en)


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
