"""The resume as a whole: its sections, its months, how to reach the person, its length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xiangyun.kernel.findings import Text

from .document import Line, sentences, size
from .months import Span, spans, spelled
from .remark import Looked, Remark
from .resume import Entry, Resume
from .rules import Section

_FAR = 12
"""Months from now: a contract may end later than today, hardly later than this."""
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w@])", re.A)
_MAIL_LIKE = re.compile(r"\S*[\w.+-]+\s?(?:@|＠|\(at\)|\[at\])\s?\S*", re.I)
_MAIL_LABEL = re.compile(r"(?:电子)?邮(?:箱|件)|e-?mail", re.I)
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d){8}(?!\d)")
_SHORT_OR_LONG = re.compile(r"(?<!\d)\+86[- ]?1[3-9](?:[- ]?\d){5,}(?!\d)")
"""A mobile number of China by its beginning; right ones have eleven digits."""
_PHONE_LABEL = re.compile(
    r"手机号?码?|(?:联系)?电话|\b(?:phone|tel(?:ephone)?|mobile|cell)\b", re.I
)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}"
    r"|\+\d{1,3}[- .]?\(?\d{1,4}\)?(?:[- .]?\d{2,4}){2,4}|\(?\d{3}\)?[- .]\d{3}[- .]\d{4})(?!\d)"
)
_NEARLY_PHONE = re.compile(r"(?=(?:\D*\d){6,14}\D*$)(?!(?:19|20)\d\d)(?:\+?\(?\d{3}.*|\d{7,})[\d)]")
_DIGITS = re.compile(r"\+?\d[\d \-()]{4,}\d")
_NAME_LABEL = re.compile(r"^(?:姓\s*名|name)(?:\s*[:：]\s*|\s{2,})\S", re.I)
_NO_NAME = re.compile(
    r"(?:性\s*别|年\s*龄|民\s*族|籍\s*贯|现\s*居|住\s*址|地\s*址|学\s*历|电\s*话|手\s*机|邮\s*箱|微\s*信|生日)地?"
    r"|.*[省市县区州]"
)
"""What stands at the top and is written like a name: a label, a place."""
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}(?:[·・][\u3400-\u9fff]{1,8})?")
_LATIN_NAME = re.compile(r"[A-Z][\w'’-]*(?:[ .]+[A-Z][\w'’-]*){1,3}|[A-Z]{2,}(?: [A-Z]{2,}){1,3}")
_TITLE = re.compile(
    r"(?:的)?(?:个人)?简\s*历$|^(?:curriculum vitae|resume|résumé|cv)\b|\b(?:resume|cv)$", re.I
)
_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\w)"
)
_SIDE = re.compile(
    r"兼职|实习|志愿|辅修|双学位|交换|联合培养|远程|自由职业|顾问"
    r"|part[- ]time|intern|exchange|minor|volunteer|freelance|consult|adjunct",
    re.I,
)


def structure(looked: Looked) -> Iterator[Remark]:
    """Sections that readers look for and do not find; titles with nothing below."""
    resume = looked.resume
    alternatives: dict[str, list[Section]] = {}
    for section in looked.rules.sections:
        alternatives.setdefault(section.key, []).append(section)
    for key, same in alternatives.items():
        if any(each.required for each in same) and not resume.has(key):
            empty = [
                p.title for p in resume.parts if p.section and p.section.key == key and p.title
            ]
            words = same[0].words
            if empty:
                yield Remark(
                    "structure.empty", empty[0].place, empty[0].text,
                    Text("“{part}”下面什么也没有。", "Nothing stands under “{part}”.", part=words),
                    Text("请写上内容，或者删去标题。", "Fill it, or remove its title."),
                )  # fmt: skip
            else:
                yield Remark(
                    "structure.missing", "1:1", "",
                    Text("没有找到“{part}”。", "No section “{part}” was found.", part=words),
                    Text("请加上“{part}”。", "Add “{part}”.", part=words),
                )  # fmt: skip


def timeline(looked: Looked) -> Iterator[Remark]:
    """Months that nobody accounts for, that are told twice, or that run backwards."""
    dated = [
        (section, entry, entry.span, entry.span_line)
        for section, entry in looked.resume.entries()
        if entry.span is not None and entry.span_line is not None
    ]
    sound: list[tuple[Section, Entry, Span, Line]] = []
    for section, entry, span, line in dated:
        place = line.at(span.offset)
        if span.reversed:
            yield Remark(
                "timeline.reversed", place, span.text,
                Text("结束早于开始。", "It ends before it begins."),
                Text("请核对这两个日期。", "Compare both dates."),
            )  # fmt: skip
            continue
        if span.first[0] > looked.now:
            yield Remark(
                "timeline.future", place, span.text,
                Text("开始的月份还没有到。", "It begins in a month that is still to come."),
                Text("请核对日期，或者写明“预计”。", "Check the date, or say that it is planned."),
            )  # fmt: skip
            continue
        if span.last[0] - looked.now > _FAR and section.key in ("experience", "projects"):
            yield Remark(
                "timeline.future", place, span.text,
                Text("结束的月份还很远。", "It ends in a month that is far away."),
                Text("请核对日期；还在做的写“至今”。", "Check the date; what goes on ends “now”."),
            )  # fmt: skip
        sound.append((section, entry, span, line))
    yield from _gaps([(span, line) for _, _, span, line in sound], looked)
    yield from _overlaps(sound, looked)


def _gaps(dated: Sequence[tuple[Span, Line]], looked: Looked) -> Iterator[Remark]:
    most = looked.rules.limits.get("gap_months", 6)
    ordered = sorted(dated, key=lambda each: (each[0].first[0], each[0].last[1]))
    reach: int | None = None
    for span, line in ordered:
        if reach is not None and span.first[0] - reach - 1 >= most:
            yield Remark(
                "timeline.gap", line.at(span.offset), span.text,
                Text(
                    "{first}到{last}没有说明在做什么。",
                    "Nothing is said of {first} to {last}.",
                    first=spelled(reach + 1), last=spelled(span.first[0] - 1),
                ),
                Text("请补上这段时间，一句话也好。", "Say what you did then; a line will do."),
            )  # fmt: skip
        reach = max(span.last[1], reach if reach is not None else span.last[1])


def _overlaps(
    dated: Sequence[tuple[Section, Entry, Span, Line]], looked: Looked
) -> Iterator[Remark]:
    most = looked.rules.limits.get("overlap_months", 1)
    told = [
        each for each in dated if each[0].key in ("education", "experience") and not _side(each)
    ]
    told.sort(key=lambda each: (each[2].first[0], each[2].last[0]))
    for number, (section, _, span, line) in enumerate(told):
        for before_section, _, before, before_line in told[:number]:
            if before_section.key != section.key or before_line is line:
                continue
            shared = min(before.last[0], span.last[0]) - span.first[1] + 1
            if shared > most:
                yield Remark(
                    "timeline.overlap", line.at(span.offset), span.text,
                    Text(
                        "与“{other}”重叠了{months}个月。",
                        "It overlaps “{other}” by {months} months.",
                        other=before.text, months=shared,
                    ),
                    Text("请核对；若确实同时，写明兼职。", "Check both, or say “part-time”."),
                )  # fmt: skip


def _side(each: tuple[Section, Entry, Span, Line]) -> bool:
    """What is done beside something else may overlap it."""
    section, entry, _, _ = each
    said = " ".join([line.text for line in entry.head])
    return bool(_SIDE.search(said)) and section.key != "projects"


def is_private(text: str) -> bool:
    """Whether a line says how to reach somebody, or an identity number."""
    return any(each.search(text) for each in (_PHONE, _MAIL_LIKE, _IDENTITY))


def contact(looked: Looked) -> Iterator[Remark]:
    """Who it is, and how to reach the person; and what a resume should not say."""
    lines = looked.resume.lines
    top = "1:1"
    if not _has_name(looked.resume):
        yield Remark(
            "contact.name", top, "",
            Text("开头没有姓名。", "No name stands at the top."),
            Text("请在第一行写姓名。", "Write your name in the first line."),
        )  # fmt: skip
    phones = [line for line in lines if _PHONE.search(line.text)]
    mails = [line for line in lines if _MAIL.search(line.text)]
    yield from _reached(lines, "phone", bool(phones))
    yield from _reached(lines, "email", bool(mails))
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


def _wrong_phones(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    if not any(_PHONE.search(line.text) for line in lines):
        yield from _bare_digits(lines[:8])
    for line in lines:
        if _SHORT_OR_LONG.search(line.text) and not _MOBILE.search(line.text):
            found = _SHORT_OR_LONG.search(line.text)
            assert found is not None  # as just asked
            yield line.at(found.start()), found[0]
            continue
        for label in _PHONE_LABEL.finditer(line.text):
            if _PHONE.search(line.text):
                continue
            rest = line.text[label.end() : label.end() + 24]
            if found := _DIGITS.search(rest):
                yield line.at(label.end() + found.start()), found[0]


def _bare_digits(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """What stands at the top like a telephone number, without a label, and cannot be one."""
    for line in lines:
        for part in re.finditer(r"[^|｜/·,，;；]+?(?=\s{2,}|\s\S*@|[|｜/·,，;；]|$)", line.text):
            said = part[0].strip()
            if _NEARLY_PHONE.fullmatch(said) and not spans(said, 0):
                yield line.at(part.start() + part[0].index(said)), said


def _wrong_mails(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if _MAIL.search(line.text):
            continue
        found = _MAIL_LIKE.search(line.text) if "@" in line.text else None
        if found is not None:
            yield line.at(found.start()), found[0].strip()
        elif label := _MAIL_LABEL.search(line.text):
            rest = re.match(r"\s*[:：]\s*([\w.+-]+(?:\.\w+)+)", line.text[label.end() :], re.A)
            if rest:
                yield line.at(label.end() + rest.start(1)), rest[1]


def _has_name(resume: Resume) -> bool:
    lines = resume.lines
    if any(_NAME_LABEL.match(line.text) for line in lines[:6]):
        return True
    # A title of four characters, or the school below it, is written as a name is.
    head = [
        line
        for part in resume.parts
        if part.section is None or part.section.key in ("contact", "target")
        for line in part.lines
    ]
    reached = False
    for line in head[:6]:
        if line not in lines[:6]:
            continue
        bare = _TITLE.sub("", re.split(r"[|｜丨/,，(（]|\s{2,}", line.text)[0].strip()).strip()
        bare = bare.strip(" ·-—的")
        if _NO_NAME.fullmatch(bare):
            continue
        if _HAN_NAME.fullmatch(bare.replace(" ", "")):
            return True
        if not reached and _LATIN_NAME.fullmatch(bare):
            return True
        # Below a telephone number two words with capitals are a town.
        reached = reached or is_private(line.text)
        first = bare.split(" ")[0] if bare else ""
        if first and _HAN_NAME.fullmatch(first) and line is lines[0]:
            return True
    return False


def _passed(lines: Sequence[Line], most: int) -> tuple[str, str]:
    """The line with which a text is longer than so many words, and its place."""
    so_far = 0
    for line in lines:
        so_far += size(line.text)
        if so_far > most:
            return line.at(0), line.text
    return "1:1", ""


def length(looked: Looked) -> Iterator[Remark]:
    """Too little to judge by, more than anybody reads, or a sentence that has no end."""
    limits, suffix = looked.rules.limits, "_zh" if looked.chinese else "_en"
    total = sum(size(line.text) for line in looked.resume.lines)
    least, most = limits.get("least" + suffix, 120), limits.get("most" + suffix, 2000)
    if total < least or total > most:
        # What is too long is told where nobody reads on.
        place, cited = ("1:1", "") if total < least else _passed(looked.resume.lines, most)
        yield Remark(
            "length.short" if total < least else "length.long", place, cited,
            Text(
                "全文{size}个字（词），合适的是{least}到{most}。",
                "It has {size} words; {least} to {most} read well.",
                size=total, least=least, most=most,
            ),
            Text("请补充做过的事和结果。", "Add what you did and what came of it.")
            if total < least
            else Text("请删去与应聘无关的。", "Leave out what the post does not ask for."),
        )  # fmt: skip
    for line in looked.resume.lines:
        for sentence, offset in sentences(line):
            if size(sentence) > limits.get("sentence" + suffix, 90):
                yield Remark(
                    "length.sentence", line.at(offset), sentence,
                    Text("这句话有{n}个字（词）。", "{n} words in one sentence.", n=size(sentence)),
                    Text("请拆成几句。", "Make several of it."),
                )  # fmt: skip
