"""Who a resume is of and how to reach the person; and what a resume should not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xiangyun.kernel.findings import Text

from .document import HAN, Line
from .months import spans
from .remark import Looked, Remark
from .resume import Resume

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w@])", re.A)
_MAIL_LIKE = re.compile(r"\S*[\w.+-]+\s?(?:@|＠|\(at\)|\[at\])\s?\S*", re.I)
_MAIL_LABEL = re.compile(r"(?:电\s*子\s*)?邮\s*(?:箱|件)(?:地址)?|e-?mail(?: address)?", re.I)
_LABELLED = re.compile(r"[\s:：*_]+([\w.+#%&-]{3,}\.\w{2,})(?!\S*@)", re.A)
"""What stands behind a label and is written nearly as an address is."""
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.@+#/-])(?!(?:19|20)\d\d(?!\d))"
    r"(?:\(?\+|\()?\d(?:(?:[ .-]|\)[ -]?| ?\()?\d){5,17}(?![\d@A-Za-z])"
)
"""What may be a telephone number: digits in groups, not beginning with a year."""
_LABEL = re.compile(
    r"手\s*机(?:\s*号\s*码?)?|(?:联\s*系\s*)?电\s*话|联系方式"
    r"|\b(?:phone|tel(?:ephone)?|mobile|cell(?:phone)?)\b",
    re.I,
)
_LEAST, _MOST = 10, 15
"""Digits of an international number, its country with it."""
_NAME_LABEL = re.compile(
    r"(?:姓\s*名|\bname)(?:\s*[:：]\s*|\s{2,}|\u3000+)"
    r"([\u3400-\u9fff](?:\s+[\u3400-\u9fff]){1,2}(?![^\s|｜])|\S+(?: [A-Z]\S*)*)",
    re.I,
)
_NO_NAME = re.compile(
    r"(?:姓\s*名|求职意向|应聘岗位|性\s*别|年\s*龄|民\s*族|籍\s*贯|现\s*居|住\s*址|地\s*址|学\s*历|电\s*话|手\s*机|邮\s*箱|微\s*信|生日)地?"
    r"|.*[省市县区州]"
)
"""What stands at the top and is written like a name: a label, a place."""
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}(?:[·・][\u3400-\u9fff]{1,8})?")
_SPACED = re.compile(
    r"^[\u3400-\u9fff]\s+[\u3400-\u9fff](?:\s+(?![男女])[\u3400-\u9fff])?(?![^\s|｜/,，(（])"
)
"""A name spaced out to the width of others, as forms have it."""
_LATIN_NAME = re.compile(r"[A-Z][\w'’-]*(?:[ .]+[A-Z][\w'’-]*){1,3}|[A-Z]{2,}(?: [A-Z]{2,}){1,3}")
_TITLE = re.compile(
    r"^(?:个人|求职)?简\s*历(?:[:：\s—|-]+|$)|(?:的)?(?:个人)?简\s*历$"
    r"|^(?:curriculum vitae|resume|résumé|cv)\b(?: of\b)?|\b(?:resume|cv)$",
    re.I,
)
_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\w)"
)
_TOP = 6
"""Lines at the top in which a name is looked for."""


def is_private(text: str) -> bool:
    """Whether a line says how to reach somebody, or an identity number."""
    return _has_phone(text) or any(each.search(text) for each in (_MAIL_LIKE, _IDENTITY))


def contact(looked: Looked) -> Iterator[Remark]:
    """Who it is, and how to reach the person; and what a resume should not say."""
    lines = looked.resume.lines
    if not name_in(looked.resume):
        yield Remark(
            "contact.name", "1:1", "",
            Text("开头没有姓名。", "No name stands at the top."),
            Text("请在第一行写姓名。", "Write your name in the first line."),
        )  # fmt: skip
    top = " ".join(line.text for line in lines[:_TOP])  # a column may have broken a number
    yield from _reached(lines, "phone", any(map(_has_phone, [top, *(one.text for one in lines)])))
    yield from _reached(lines, "email", any(_MAIL.search(line.text) for line in lines))
    for line in lines:
        if match := _IDENTITY.search(line.text):
            yield Remark(
                "contact.private", line.at(match.start()), match[0],
                Text("简历不需要身份证号码，会被冒用。", "A resume needs no identity number."),
                Text("请删去。", "Remove it."),
            )  # fmt: skip


def _reached(lines: Sequence[Line], by: str, there: bool) -> Iterator[Remark]:
    words = Text("电话", "telephone number") if by == "phone" else Text("邮箱", "e-mail address")
    wrong = list(_wrong_phones(lines) if by == "phone" else _wrong_mails(lines))
    for place, cited in wrong:
        yield Remark(
            f"contact.wrong_{by}", place, cited,
            Text("这个{what}不对。", "This {what} cannot be right.", what=words),
            Text("请核对每一位。", "Check it sign by sign."),
        )  # fmt: skip
    if not there and not wrong:
        yield Remark(
            f"contact.{by}", "1:1", "",
            Text("没有{what}。", "There is no {what}.", what=words),
            Text("请写上{what}，否则联系不到您。", "Nobody can reach you: add one.", what=words),
        )  # fmt: skip


def _has_phone(text: str) -> bool:
    return any(_is_phone(match[0]) for match in _NUMBER.finditer(text))


def _is_phone(written: str) -> bool:
    """Whether digits can be a telephone number of China, or of elsewhere as people write them."""
    # Before it a postal code may stand: Seattle, WA 98101 206.555.0188.
    before, _, number = written.partition(" ")
    if re.fullmatch(r"\d{5,6}", before) and _is_phone(number):
        return True
    digits = re.sub(r"\D", "", written)
    if written.lstrip("(").startswith("+") or digits.startswith("00"):
        whole = digits.removeprefix("00")
        if whole.startswith("86"):
            land = re.fullmatch(r"86(?:10|[2-9]\d{1,2})\d{7,8}", whole)
            return _is_chinese(whole[2:]) or land is not None
        return len(whole) == 11 if whole.startswith("1") else _LEAST <= len(whole) <= _MOST
    if digits.startswith("861") and len(digits) == 13:
        return _is_chinese(digits[2:])
    groups = [len(each) for each in re.findall(r"\d+", written)]
    return (
        _is_chinese(digits)
        or (digits.startswith("0") and 9 <= len(digits) <= 12)
        or (groups == [3, 3, 4] and digits[0] not in "01")
        or (groups == [4, 4] and digits[0] in "23456789")
        or (groups[:1] == [3] and digits.startswith(("400", "800")) and len(digits) == 10)
    )


def _is_chinese(digits: str) -> bool:
    return re.fullmatch(r"1[3-9]\d{9}|0[1-9]\d{8,10}", digits) is not None


def _wrong_phones(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    top = " ".join(line.text for line in lines[:_TOP])
    if not any(map(_has_phone, [top, *(line.text for line in lines)])):
        yield from _bare_digits(lines[:8])
    for line in lines:
        if _has_phone(line.text):
            continue
        for label in _LABEL.finditer(line.text):
            found = _NUMBER.search(line.text, label.end(), label.end() + 26)
            if found is not None and not spans(line.text, 0):
                yield line.at(found.start()), found[0].strip()
                break
        else:
            if (found := _NUMBER.search(line.text)) and re.match(r"\(?\+86", found[0]):
                yield line.at(found.start()), found[0].strip()


def _bare_digits(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """What stands at the top like a telephone number, without a label, and cannot be one."""
    for line in lines:
        if _LABEL.search(line.text) or spans(line.text, 0):
            continue
        for part in re.finditer(
            r"[^|｜/·,，;；\u3000]+?(?=\s{2,}|\s\S*@|[|｜/·,，;；\u3000]|$)", line.text
        ):
            said = part[0].strip()
            whole = _NUMBER.fullmatch(said)
            if whole and (not said.isdigit() or len(said) > 6) and not said.startswith("+86"):
                yield line.at(part.start() + part[0].index(said)), said


def _wrong_mails(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if _MAIL.search(line.text):
            continue
        found = _MAIL_LIKE.search(line.text) if re.search("[@＠]", line.text) else None
        if found is not None:
            yield line.at(found.start()), found[0].strip()
            continue
        label = _MAIL_LABEL.search(line.text)
        rest = _LABELLED.match(line.text, label.end()) if label else None
        if rest is not None:
            yield line.at(rest.start(1)), rest[1]


def name_in(resume: Resume) -> str:
    """The name at the top of a resume; empty where none is found."""
    top = resume.lines[:_TOP]
    for line in top:
        if match := _NAME_LABEL.match(line.text):
            return _together(match[1].strip("*_"))
    # A title of four characters, or the school below it, is written as a name is.
    head = [
        line
        for part in resume.parts
        if part.section is None or part.section.key in ("contact", "target")
        for line in part.lines
        if line in top
    ]
    reached = False
    for line in head[:_TOP]:
        if found := _as_name(_bare(line.text), latin=not reached, first=line is resume.lines[0]):
            return found
        # Below a telephone number two words with capitals are a town.
        reached = reached or is_private(line.text)
    return _above_contact(resume)


def _above_contact(resume: Resume) -> str:
    """A name right above the telephone or the address, where a column beside was read first."""
    titles = {part.title for part in resume.parts}
    for line, below in zip(resume.lines, resume.lines[1:], strict=False):
        if is_private(below.text) and line not in titles and not is_private(line.text):
            bare = _bare(line.text)
            if found := _as_name(bare, latin=True, first=False):
                return found
    return ""


def _bare(text: str) -> str:
    """What a line says first, without a title such as “Curriculum vitae” and without signs."""
    said = _together(_TITLE.sub("", text.strip(" *_#")).strip())
    return re.split(r"[|｜丨/,，(（\u3000]|\s{2,}", said)[0].strip(" ·-—的:：*_")


def _together(said: str) -> str:
    """A text whose first word is no longer spaced out: 周  远."""
    return _SPACED.sub(lambda match: re.sub(r"\s+", "", match[0]), said)


def _as_name(bare: str, *, latin: bool, first: bool) -> str:
    """A text as a name, in one language or in two side by side; empty where it is none."""
    if not bare or _NO_NAME.fullmatch(bare):
        return ""
    if _HAN_NAME.fullmatch(bare.replace(" ", "")):
        return bare
    if latin and _LATIN_NAME.fullmatch(bare):
        return bare
    both = re.fullmatch(rf"([^{HAN}]+?)\s*([{HAN}·]+)|([{HAN}·]+)\s*([^{HAN}]+)", bare)
    if both is not None and latin:
        han, other = both[2] or both[3], both[1] or both[4]
        if _HAN_NAME.fullmatch(han) and _LATIN_NAME.fullmatch(other.strip()):
            return bare
    word = bare.split(" ")[0]
    return word if first and _HAN_NAME.fullmatch(word) else ""
