"""From the form-js file to a Form: every fault found in one go, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from xiangyun.kernel.feel import Expression, parse_expression
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec import schema
from xiangyun.kernel.formspec.form import Form
from xiangyun.kernel.formspec.model import Option, Page, Question
from xiangyun.kernel.formspec.rules import read_accept, read_properties, read_rules
from xiangyun.kernel.packfile.jsontext import Node, read_json

Texts = Mapping[str, Mapping[str, str]]

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ROW_NAMES = frozenset({"this", "parent", "i"})
_OPTIONS_ELSEWHERE = Text(
    "请把选项写在“values”里，每项含 label 与 value。",
    "Write the options in “values”, each with a label and a value.",
)


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
        self.english = texts.get("en", {})
        self.findings: list[Finding] = []
        self.all_keys: frozenset[str] = frozenset()
        self.asked: dict[str, Place] = {}
        self.row: dict[str, Place] | None = None  # the keys of the list being read
        self.words_under = "form"

    def report(self, finding: Finding) -> None:
        self.findings.append(finding)

    def form(self, text: str) -> Form:
        root = read_json(text, self.file, self.report, broken="form.E001", twice="form.E002")
        self.all_keys = frozenset(_keys(root))
        pages = tuple(self._pages(root))
        if not pages:
            example = '{"components": [{"type": "textfield", "key": "name", "label": "姓名"}]}'
            self.report(say.missing("components", Text("表单", "The form"), example, root.place))
        return Form(str(_plain(root, "id") or "form"), pages)

    # -- pages -----------------------------------------------------------------------------------

    def _pages(self, root: Node) -> Iterator[Page]:
        seen: dict[str, Node] = {}
        for node in self._components(root):
            if (page := self._page(node)) is None:
                continue
            earlier = seen.setdefault(page.key, node)
            # Two questions of one key are reported where the second is read.
            if earlier is not node and "group" in (_plain(earlier, "type"), _plain(node, "type")):
                self.report(say.taken(page.key, earlier.place.line, node.place))
            yield page

    def _page(self, node: Node) -> Page | None:
        if _plain(node, "type") != "group":
            question = self._question(node, ())
            return Page(question.key, question.label, (question,)) if question else None
        questions = tuple(self._group(node, ()))
        key, title = self._group_name(node)
        if questions:
            return Page(key, title, questions)
        where = Text(f"分组“{title.zh}”", f"The group “{title.zh}”")
        example = '"components": [{"type": "textfield", …}]'
        self.report(say.missing("components", where, example, node.place))
        return None

    def _group(self, node: Node, hidden_if: tuple[Expression, ...]) -> Iterator[Question]:
        """The questions of a group and of the groups inside it, in order."""
        self._unknown_members(node, "group")
        if path := node.get("path"):
            instead = Text(
                "请删去 path：每个问题用自己的 key。",
                "Delete it: every question has a key of its own.",
            )
            self.report(say.unsupported("path", instead, path.place))
        yield from self._inside(node, hidden_if + self._conditions(node))

    def _inside(self, node: Node, hidden_if: tuple[Expression, ...]) -> Iterator[Question]:
        for inner in self._components(node):
            if _plain(inner, "type") == "group":
                yield from self._group(inner, hidden_if)
            elif question := self._question(inner, hidden_if):
                yield question

    def _group_name(self, node: Node) -> tuple[str, Text]:
        key = str(_plain(node, "key") or _plain(node, "id") or f"group{node.place.line}")
        label = self._text(node, "label", Text("分组", "A group"), '"label": "申请人信息"')
        return key, self._words(f"page.{key}.title", label)

    def _components(self, node: Node) -> Iterator[Node]:
        components = node.get("components")
        if components is None or not isinstance(components.value, list):
            if node.get("type"):
                return
            self.report(
                say.missing("components", Text("表单", "The form"), '"components": []', node.place)
            )
            return
        for component in components.value:
            kind = _plain(component, "type")
            if kind == "group" or kind in schema.QUESTIONS:
                yield component
            elif kind not in schema.NOTES:
                place = (component.get("type") or component).place
                self.report(say.unknown_type(str(kind), schema.QUESTIONS | {"group"}, place))

    # -- questions -------------------------------------------------------------------------------

    def _question(self, node: Node, hidden_if: tuple[Expression, ...]) -> Question | None:
        kind = str(_plain(node, "type"))
        self._unknown_members(node, kind)
        if kind == "filepicker" and self.row is not None:
            instead = Text("请把上传移到列表之外。", "Move the attachment out of the list.")
            self.report(say.unsupported("filepicker", instead, node.place))
        hidden_if += self._conditions(node)
        key = self._key(node, "path" if kind == "dynamiclist" else "key")
        if key is None:
            return None
        prefix = f"{self.words_under}.{key}"
        if kind == "datetime" and _plain(node, "subtype") not in (None, "date"):
            instead = Text(
                "请用 “date”，时间另设一个问题。", "Use “date”; ask the time separately."
            )
            self.report(say.unsupported("subtype", instead, node.place))
        label_key = "dateLabel" if kind == "datetime" and not node.get("label") else "label"
        label = self._text(
            node, label_key, Text(f"问题“{key}”", f"The question “{key}”"), '"label": "联系电话"'
        )
        properties = read_properties(node, kind, self.report)
        accept, max_bytes, multiple = read_accept(node, kind, self.report)

        def words(ending: str, member: Node | None) -> Text | None:
            written = member.value if member else None
            return self._words(f"{prefix}.{ending}", written) if isinstance(written, str) else None

        return Question(
            key=key,
            kind=kind,
            label=self._words(f"{prefix}.label", label),
            why=words("why", node.get("description")),
            options=tuple(self._options(node, prefix)) if kind in schema.CHOICES else (),
            rules=read_rules(node, kind, words, self.report),
            properties=properties,
            hidden_if=hidden_if,
            accept=accept,
            max_bytes=max_bytes,
            multiple=multiple,
            questions=self._row_questions(node, prefix) if kind == "dynamiclist" else (),
        )

    def _row_questions(self, node: Node, prefix: str) -> tuple[Question, ...]:
        if self.row is not None:
            instead = Text("列表内不能再有列表。", "A list cannot hold another list.")
            self.report(say.unsupported("dynamiclist", instead, node.place))
            return ()
        self.row, self.words_under = {}, prefix
        questions = tuple(self._inside(node, ()))
        self.row, self.words_under = None, "form"
        return questions

    def _key(self, node: Node, member: str) -> str | None:
        key = _plain(node, member)
        place = (node.get(member) or node).place
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            wanted = Text(
                "字母开头的标识，只含字母、数字和下划线",
                "a name of letters, digits and underscores that begins with a letter",
            )
            self.report(say.wrong_value(member, wanted, f'"{member}": "contact_phone"', place))
            return None
        scope = self.asked if self.row is None else self.row
        if key in scope:
            self.report(say.taken(key, scope[key].line, place))
        scope[key] = place
        return key

    def _options(self, node: Node, prefix: str) -> Iterator[Option]:
        for other in ("valuesKey", "valuesExpression"):
            if elsewhere := node.get(other):
                self.report(say.unsupported(other, _OPTIONS_ELSEWHERE, elsewhere.place))
        values = node.get("values")
        example = '"values": [{"label": "是", "value": "yes"}]'
        if values is None or not isinstance(values.value, list) or not values.value:
            self.report(say.missing("values", Text("选择题", "The choice"), example, node.place))
            return
        seen: dict[str, Place] = {}
        for item in values.value:
            value, label = _plain(item, "value"), _plain(item, "label")
            if not isinstance(value, str) or not isinstance(label, str) or not value:
                self.report(
                    say.missing("value / label", Text("选项", "The option"), example, item.place)
                )
                continue
            if value in seen:
                self.report(say.taken(value, seen[value].line, item.place))
            seen[value] = item.place
            yield Option(value, self._words(f"{prefix}.option.{value}", label))

    # -- conditions and words --------------------------------------------------------------------

    def _conditions(self, node: Node) -> tuple[Expression, ...]:
        conditional = node.get("conditional")
        hide = conditional.get("hide") if conditional else None
        if hide is None or hide.value == "":
            return ()
        if not isinstance(hide.value, str) or not hide.value.startswith("="):
            wanted = Text("以“=”开头的 FEEL 表达式", "a FEEL expression that begins with “=”")
            self.report(say.wrong_value("hide", wanted, '"hide": "=has_agent = false"', hide.place))
            return ()
        source, place = hide.value[1:], hide.place
        if moment := re.search(r"\b(today|now)\s*\(", source):
            instead = Text(
                "问题不应因日期而变；请放到规则中判断。",
                "Questions must not change overnight: leave this to the rules.",
            )
            self.report(say.unsupported(f"{moment[1]}()", instead, place))
        row = frozenset(self.row) | _ROW_NAMES if self.row is not None else frozenset()
        try:
            expression = parse_expression(source, self.all_keys | row)
        except Refused as refusal:
            for finding in refusal.findings:
                self.report(_moved(finding, hide))
            return ()
        for unknown in expression.unknown_names(frozenset(self.asked) | row):
            if unknown.name in self.all_keys:
                self.report(say.asked_later(unknown.name, place))
            else:
                self.report(_moved(unknown.finding(), hide))
        return (expression,)

    def _words(self, key: str, chinese: str) -> Text:
        return Text(chinese, self.english.get(key) or chinese)

    def _text(self, node: Node, member: str, where: Text, example: str) -> str:
        value = _plain(node, member)
        if not isinstance(value, str) or not value.strip():
            self.report(say.missing(member, where, example, node.place))
            return ""
        if value.startswith("=") or "{{" in value:
            instead = Text("请写固定的文字。", "Write fixed words.")
            place = (node.get(member) or node).place
            self.report(say.unsupported(f"{member}: {value}", instead, place))
        return value

    def _unknown_members(self, node: Node, kind: str) -> None:
        known = schema.MEMBERS[kind]
        for name, member in node.items():
            if name not in known:
                self.report(say.unknown_member(name, kind, known, member.place))


def _plain(node: Node, member: str) -> object:
    found = node.get(member)
    return found.value if found else None


def _keys(node: Node) -> Iterator[str]:
    """The keys of all questions outside rows: the names a condition may use."""
    components = node.get("components")
    for component in components.value if components and isinstance(components.value, list) else ():
        kind = _plain(component, "type")
        key = _plain(component, "path" if kind == "dynamiclist" else "key")
        if kind in schema.QUESTIONS and isinstance(key, str):
            yield key
        elif kind == "group":
            yield from _keys(component)


def _moved(finding: Finding, hide: Node) -> Finding:
    """A finding inside the expression that stands in `hide` after the `=`, placed in the file."""
    lines = str(hide.value)[1:].split("\n")
    inner = finding.place or Place("", 1, 1)
    offset = sum(len(line) + 1 for line in lines[: inner.line - 1]) + inner.column - 1
    return replace(finding, place=hide.place_within(1 + offset))
