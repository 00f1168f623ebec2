"""`articles/<code>.yaml`: news, policies and answers to common questions, a file each.

They go the way of all that packs declare: written in the studio, handed in, and published by
somebody else (four eyes), in versions whose differences anybody may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.role import check_department, line_of
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.yamltext import Report, read_yaml

FILES = "articles/*.yaml"
SORTS: Mapping[str, Text] = {
    "news": Text("消息", "News"),
    "policy": Text("政策", "Policies"),
    "question": Text("常见问题", "Common questions"),
}
"""What an article is; the order of the lists."""


@dataclass(frozen=True, slots=True)
class Article:
    """One piece of news, one policy, or one question with its answer.

    `title` is the question where it is one. `from_day` and `until` bound the days on which it is
    shown. `source` is where a policy comes from, with its number. `services` are those it is about.
    """

    code: str
    sort: str
    title: Text
    also_called: tuple[str, ...]
    body: Text
    source: Text | None
    department: str
    services: tuple[str, ...]
    from_day: date
    until: date | None
    verified: bool
    place: Place

    def is_shown(self, on: date) -> bool:
        """Whether it is shown on a day."""
        return self.from_day <= on and (self.until is None or on <= self.until)


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    matches, found = globs(FILES), []
    for path, text in sorted(files.items()):
        root = read_yaml(text, path, report) if matches(path) else None
        if root is None:
            continue
        article = _article(Fields(root, report, path), path, report)
        found.append(
            Declaration(
                KIND.name, article.code, pack, article.title, {path: text}, article, article.place
            )
        )
    return found


def _article(f: Fields, path: str, report: Report) -> Article:
    code = path.rpartition("/")[2].removesuffix(".yaml")
    found = Article(
        code,
        f.one_of("sort", SORTS),
        f.words("title"),
        f.strings("also_called", required=False),
        f.words("body"),
        f.text("source", required=False),
        f.string("department"),
        f.strings("services", required=False),
        f.day("from") or date.min,
        f.day("until", required=False),
        f.boolean("verified", default=True),
        Place(path),
    )
    f.done()
    if found.until is not None and found.until < found.from_day:
        report(
            fault(
                "pack.E668",
                Text("下线的日子早于上线的日子。", "It ends before it begins."),
                f.place("until"),
                Text("请改 from 或 until。", "Change `from` or `until`."),
            )
        )
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    article: Article = declaration.value
    ((file, text),) = declaration.files.items()
    yield from check_department(article.department, line_of(text, file, "department"))
    services = known.all("service")
    for code in article.services:
        if code not in services and known.judges("service"):
            place = line_of(text, file, "services")
            yield unknown("pack.E082", Text("事项", "service"), code, services, place)


KIND = Kind(
    "article", Text("文章", "article"), (FILES,), globs(FILES), _read, _fits, referred=False
)
