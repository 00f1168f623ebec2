"""From the form-js file to a Form: every fault found in one go, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec import formjs
from xiangyun.kernel.formspec.conditions import Conditions
from xiangyun.kernel.formspec.form import Form
from xiangyun.kernel.formspec.kinds import kinds
from xiangyun.kernel.formspec.model import Page, Question
from xiangyun.kernel.formspec.questions import QuestionReader, plain
from xiangyun.kernel.packfile.jsontext import Node, read_json

Texts = Mapping[str, Mapping[str, str]]

MAX_CHARACTERS = 2_000_000
"""Characters of a form file; the longest public ones have 200,000."""
MAX_COMPONENTS = 2_000
"""Components of a form, counted before one is read."""
MAX_TOLD = 200
"""Findings told of one file."""


def read_form(text: str, file: str = "form.json", texts: Texts | None = None) -> Form:
    """Read a form. Raises Refused with every finding when one of them is an error.

    `texts["en"]` holds the English words under form.<key>.label, form.<key>.why,
    form.<key>.option.<value> and page.<group>.title; where one is absent the Chinese stands.
    """
    reader = _Reader(file, texts or {})
    form = reader.form(text)
    if any(finding.severity == "error" for finding in reader.findings):
        raise Refused(reader.findings)
    return form


def check_form(text: str, file: str = "form.json") -> list[Finding]:
    """All that is to be said about a form file; empty when there is nothing."""
    return checked_form(text, file)[1]


def checked_form(
    text: str, file: str = "form.json", texts: Texts | None = None
) -> tuple[Form | None, list[Finding]]:
    """The form, None where there is an error, and all findings; the file is read once."""
    reader = _Reader(file, texts or {})
    try:
        form = reader.form(text)
    except Refused as refusal:
        return None, refusal.findings
    broken = any(finding.severity == "error" for finding in reader.findings)
    return None if broken else form, reader.findings


class _Reader:
    """Walks the components in the order they are asked."""

    def __init__(self, file: str, texts: Texts) -> None:
        self.file = file
        self.texts = texts
        self.findings: list[Finding] = []
        self.before: list[Text] = []  # texts that wait for the question after them

    def report(self, finding: Finding) -> None:
        if len(self.findings) < MAX_TOLD:
            self.findings.append(finding)
        elif len(self.findings) == MAX_TOLD:
            self.findings.append(say.more_than_told(MAX_TOLD, self.file))

    def form(self, text: str) -> Form:
        if len(text) > MAX_CHARACTERS:
            raise Refused([say.too_large(len(text), MAX_CHARACTERS, self.file)])
        root = read_json(text, self.file, self.report, broken="form.E001", twice="form.E002")
        if (there := _count(root, MAX_COMPONENTS)) > MAX_COMPONENTS:
            raise Refused([say.too_many_components(MAX_COMPONENTS, root.place)])
        self.conditions = Conditions(frozenset(_keys(root)), self.report)
        self.questions = QuestionReader(self.conditions, self.texts, self.report, self._inside)
        pages = tuple(self._pages(root)) if there else ()
        if not pages:
            example = '{"components": [{"type": "textfield", "key": "name", "label": "姓名"}]}'
            self.report(say.missing("components", Text("表单", "The form"), example, root.place))
        return Form(str(plain(root, "id") or "form"), pages)

    def _pages(self, root: Node) -> Iterator[Page]:
        seen: dict[str, Node] = {}
        for node in self._top(root):
            if (page := self._page(node)) is None:
                continue
            earlier = seen.setdefault(page.key, node)
            # Two questions of one key are reported where the second is read.
            if earlier is not node and formjs.GROUPS & {_type(earlier), _type(node)}:
                self.report(say.taken(page.key, earlier.place.line, node.place))
            yield page

    def _top(self, node: Node) -> Iterator[Node]:
        for component in self._components(node):
            if _type(component) in formjs.TRANSPARENT:
                yield from self._top(component)
            else:
                yield component

    def _page(self, node: Node) -> Page | None:
        if _type(node) not in formjs.GROUPS:
            question = self._question(node)
            return Page(question.key, question.label, (question,)) if question else None
        questions = tuple(self._group(node))
        if not questions:
            title = str(plain(node, "label") or "")
            where = Text("分组“{title}”", "The group “{title}”", title=title)
            example = '"components": [{"type": "textfield", …}]'
            self.report(say.missing("components", where, example, node.place))
            return None
        key = str(plain(node, "key") or plain(node, "id") or f"group{node.place.line}")
        label = plain(node, "label") or plain(node, "title")
        if not isinstance(label, str) or not label.strip():
            self.report(say.untitled(questions[0].label, node.place))
            return Page(key, questions[0].label, questions)
        label = self.questions.fixed(node, "label" if node.get("label") else "title", label)
        return Page(key, self.questions.words(f"page.{key}.title", label), questions)

    def _group(self, node: Node) -> Iterator[Question]:
        """The questions of a group and of the groups inside it, in order."""
        self.questions.unused(node, _type(node), formjs.GROUP_MEMBERS)
        if (path := node.get("path")) and path.value != "":
            instead = Text(
                "请删去 path：每个问题用自己的 key。",
                "Delete it: every question has a key of its own.",
            )
            self.report(say.unsupported("path", instead, path.place))
        with self.conditions.within(node):
            yield from self._inside(node)

    def _inside(self, node: Node) -> Iterator[Question]:
        for inner in self._components(node):
            if _type(inner) in formjs.GROUPS | formjs.TRANSPARENT:
                yield from self._group(inner)
            elif question := self._question(inner):
                yield question

    def _question(self, node: Node) -> Question | None:
        before, self.before = tuple(self.before), []
        return self.questions.question(node, before)

    def _components(self, node: Node) -> Iterator[Node]:
        components = node.get("components")
        if components is None or not isinstance(components.value, list):
            if not node.get("type"):
                where = Text("表单", "The form")
                self.report(say.missing("components", where, '"components": []', node.place))
            return
        for component in components.value:
            if self._is_asked(component):
                yield component

    def _is_asked(self, component: Node) -> bool:
        """Whether a component holds questions or is one; what is said of it where it is not."""
        type_, place = _type(component), (component.get("type") or component).place
        if type_ in kinds() or type_ in formjs.GROUPS | formjs.TRANSPARENT:
            return True
        if type_ == formjs.TEXT:
            if text := self.questions.static(component):
                self.before.append(text)
        elif type_ in formjs.NOT_SHOWN:
            self.report(say.not_shown(type_, formjs.NOT_SHOWN[type_], place))
        elif type_ not in formjs.NEEDLESS:
            self.report(say.unknown_type(type_, formjs.components(), place))
        return False


def _type(node: Node) -> str:
    return str(plain(node, "type"))


def _count(node: Node, most: int) -> int:
    """The components of a tree, or more than `most` as soon as that is certain."""
    components, found = node.get("components"), 0
    for component in components.value if components and isinstance(components.value, list) else ():
        found += 1 + _count(component, most - found)
        if found > most:
            break
    return found


def _keys(node: Node) -> Iterator[str]:
    """The keys of all questions outside rows: the names a condition may use."""
    components = node.get("components")
    for component in components.value if components and isinstance(components.value, list) else ():
        kind = kinds().get(_type(component))
        key = plain(component, kind.key_member) if kind else None
        if isinstance(key, str):
            yield key
        elif _type(component) in formjs.GROUPS | formjs.TRANSPARENT:
            yield from _keys(component)
