"""JSON Resume, read as lines and written from a resume (schema: npm `@jsonresume/schema` 1.x).

Dates are `2021`, `2021-09` or `2021-09-01`; keys without a value are left out, none is invented.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xiangyun.kernel.findings import Finding, Refused, Text

from .contact import name_in
from .document import Line
from .months import Span, spelled
from .resume import Entry, Part, Resume

SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
_TITLES = (
    ("work", "工作经历", "Experience"),
    ("volunteer", "志愿服务", "Volunteer experience"),
    ("education", "教育经历", "Education"),
    ("projects", "项目经历", "Projects"),
    ("skills", "技能", "Skills"),
    ("languages", "语言能力", "Languages"),
    ("awards", "荣誉奖项", "Awards"),
    ("certificates", "证书", "Certificates"),
    ("publications", "论文", "Publications"),
    ("interests", "兴趣爱好", "Interests"),
)
_HEADS = ("name", "organization", "institution", "position", "area", "studyType", "title")
_HEADS_TOO = ("awarder", "issuer", "publisher", "entity", "level", "fluency", "language")
_BY_TITLE = {title: key for key, *titles in _TITLES for title in titles}
_SECTIONS = {
    "education": "education",
    "experience": "work",
    "projects": "projects",
    "skills": "skills",
    "languages": "languages",
    "honours": "awards",
    "papers": "publications",
    "interests": "interests",
}
_NAMES = {
    "education": ("institution", "area", "studyType"),
    "work": ("name", "position"),
    "volunteer": ("organization", "position"),
    "projects": ("name", "entity"),
}
"""What the words at the head of an entry are, in their order."""
_LISTS = {
    "skills": "name",
    "languages": "language",
    "awards": "title",
    "certificates": "name",
    "publications": "name",
    "interests": "name",
}
"""What a line of such a section is."""


def lines_of_json(text: str) -> list[Line]:
    """The lines of a resume in JSON; their places are paths such as `work[0].highlights[2]`.

    Raises `Refused` with wording.E010 for what is no JSON, or no resume.
    """
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict) or not (read.keys() & {"basics", *(key for key, *_ in _TITLES)}):
        raise Refused([NO_RESUME])
    chinese = bool(re.search(r"[\u3400-\u9fff]", text))
    return list(_lines(read, chinese))


NO_RESUME = Finding(
    "wording.E010",
    "error",
    Text("这不是 JSON Resume 文件。", "This is no JSON Resume."),
    hint=Text(
        "里面应有 basics、work、education 等。", "It holds `basics`, `work`, `education` and so on."
    ),
)


def _lines(read: Mapping[str, Any], chinese: bool) -> Iterator[Line]:
    basics = read.get("basics")
    if isinstance(basics, dict):
        for key in ("name", "email", "phone", "url"):
            if isinstance(value := basics.get(key), str) and value.strip():
                yield Line(value.strip(), f"basics.{key}")
        if isinstance(label := basics.get("label"), str) and label.strip():
            yield _title("求职意向" if chinese else "Objective", "basics.label")
            yield from (Line(each, "basics.label") for each in label.split("\n") if each.strip())
        if isinstance(summary := basics.get("summary"), str) and summary.strip():
            yield _title("自我评价" if chinese else "Summary", "basics.summary")
            yield from (
                Line(each, "basics.summary") for each in summary.split("\n") if each.strip()
            )
    for key, zh, en in _TITLES:
        items = read.get(key)
        if not isinstance(items, list) or not items:
            continue
        yield _title(zh if chinese else en, key)
        for number, item in enumerate(items):
            if isinstance(item, dict):
                yield from _item(item, f"{key}[{number}]")


def _title(text: str, place: str) -> Line:
    return Line(text, place, "heading", marked=True)


def _item(item: Mapping[str, Any], at: str) -> Iterator[Line]:
    head = [item[key] for key in (*_HEADS, *_HEADS_TOO) if isinstance(item.get(key), str)]
    first, last = item.get("startDate"), item.get("endDate")
    if isinstance(first, str) and first:
        head.append(f"{first} - {last if isinstance(last, str) and last else 'present'}")
    elif isinstance(alone := item.get("date") or item.get("releaseDate"), str):
        head.append(alone)
    if head:
        yield Line("  ".join(head), at)
    for key in ("summary", "description"):
        if isinstance(value := item.get(key), str) and value.strip():
            yield Line(value.strip(), f"{at}.{key}", "item")
    for key in ("highlights", "keywords", "courses"):
        for number, value in enumerate(item.get(key) or ()):
            if isinstance(value, str) and value.strip():
                yield Line(value.strip(), f"{at}.{key}[{number}]", "item")
    if isinstance(score := item.get("score"), str) and score.strip():
        yield Line(score.strip(), f"{at}.score", "item")


def to_json_resume(resume: Resume) -> dict[str, Any]:
    """The resume by the schema of JSON Resume; each value is a line of it or a part of one."""
    made: dict[str, Any] = {"$schema": SCHEMA, "basics": _basics(resume)}
    for part in resume.parts:
        key = _key(part)
        if key in _NAMES:
            made.setdefault(key, []).extend(_entry(entry, key) for entry in part.entries)
        elif key in _LISTS:
            made.setdefault(key, []).extend({_LISTS[key]: line.text} for line in part.lines)
    return made


def _key(part: Part) -> str:
    """Where a part belongs: a title of our own reading says it more exactly than its section."""
    if part.section is None:
        return ""
    if part.title is not None and (exact := _BY_TITLE.get(part.title.text.strip(" :："))):
        return exact
    return _SECTIONS.get(part.section.key, "")


def _basics(resume: Resume) -> dict[str, Any]:
    top = [line for part in resume.parts for line in _about(part)]
    basics: dict[str, Any] = {}
    for line in top:
        for key, pattern in _ABOUT:
            if key not in basics and (match := pattern.search(line.text)):
                basics[key] = match[0].strip()
    if name := name_in(resume):
        basics["name"] = name
    for part in resume.parts:
        if part.section is not None and part.section.key == "summary" and part.lines:
            basics["summary"] = "\n".join(line.text for line in part.lines)
        if part.section is not None and part.section.key == "target" and part.lines:
            post = [line.text for line in part.lines if not _is_contact(line.text)]
            basics |= {"label": "\n".join(post)} if post else {}
    told = [said for line in top for said in parts_of(line.text)]
    if places := [found[1] for said in told if (found := _PLACE.match(said))]:
        basics["location"] = {"address": places[0]}
    profiles = [
        {"network": _NETWORKS[found[1].casefold()], "username": found[2]}
        for said in told
        if (found := _PROFILE.search(said))
    ]
    return basics | ({"profiles": profiles} if profiles else {})


def _is_contact(line: str) -> bool:
    return any(pattern.search(line) for _, pattern in _ABOUT)


def parts_of(line: str) -> list[str]:
    """What a line says side by side: a telephone number, an address, a place."""
    return [
        said for part in re.split(r"[|｜丨\u3000]|\s{2,}|\s[·/]\s", line) if (said := part.strip())
    ]


_PLACE = re.compile(
    r"(?:现居住?地?|现居城市|居住地|所在地|所在城市|(?:通讯)?地址|住址|Address|Location|Based in)"
    r"\s*[:：]?\s*(\S.*)",
    re.I,
)
_NETWORKS = {"github.com": "GitHub", "gitee.com": "Gitee", "linkedin.com/in": "LinkedIn"}
_PROFILE = re.compile(rf"({'|'.join(map(re.escape, _NETWORKS))})/([\w.-]+)", re.I)


def _about(part: Part) -> Sequence[Line]:
    if part.section is None or part.section.key == "contact":
        return part.lines
    # Below the post that is looked for, in one line, often stand telephone and address.
    beside = part.section.key == "target"
    return [line for line in part.lines if beside and _is_contact(line.text)]


_ABOUT = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.A)),
    ("phone", re.compile(r"\+?\(?\d[\d\- ()]{6,}\d")),
    ("url", re.compile(r"https?://[^\s|,，]+")),
)


def _entry(entry: Entry, key: str) -> dict[str, Any]:
    head = _head_words(entry.head, entry.span)
    made: dict[str, Any] = {}
    for name, value in zip(_NAMES[key], head, strict=False):
        made[name] = value
    if entry.span is not None:
        made["startDate"] = _day(entry.span.first)
        if not entry.span.until_now:
            made["endDate"] = _day(entry.span.last)
    told = [line.text for line in entry.body]
    if told:
        made["courses" if key == "education" else "highlights"] = told
    return made


def _head_words(head: Sequence[Line], span: Span | None) -> list[str]:
    text = "\u3000".join(line.text for line in head)
    if span is not None:
        text = text.replace(span.text, "\u3000")
    parts = re.split(r"\u3000+|\s{2,}|[|｜·]|\s[-–—]\s|\*\*", text)
    return [word for part in parts if (word := _trimmed(part))]


def _trimmed(part: str) -> str:
    """A part of a head without the signs that divided it; brackets go where they hold all of it."""
    word = part.strip(" ,，-–—")
    for opens, closes in ("()", "（）"):
        if word.count(opens) != word.count(closes) or word == opens + closes:
            word = word.strip(opens + closes)
        elif word.startswith(opens) and word.endswith(closes):
            word = word[1:-1]
    return word.strip(" ,，-–—")


def _day(month: tuple[int, int]) -> str:
    return spelled(month[0]) if month[0] == month[1] else spelled(month[0])[:4]
