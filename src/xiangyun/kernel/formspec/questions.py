"""One component read as a question, by the declaration of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec import formjs
from xiangyun.kernel.formspec.choices import OFFERED
from xiangyun.kernel.formspec.conditions import Conditions
from xiangyun.kernel.formspec.judge import judge
from xiangyun.kernel.formspec.kinds import kinds
from xiangyun.kernel.formspec.model import MAX_OPTIONS, Option, Question, Rules
from xiangyun.kernel.formspec.properties import SENSITIVE, SOURCE, Property, read
from xiangyun.kernel.formspec.questionkind import QuestionKind
from xiangyun.kernel.packfile.jsontext import Node
from xiangyun.kernel.spelling import nearest

COMPUTED = "expression"
"""The kind whose answers follow from others."""

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SOURCE = re.compile(r"[a-z_]\w*(\.[a-z_]\w*)+", re.ASCII)
_RULES = frozenset(each.name for each in fields(Rules))
_PATTERN_WORDS = "patternErrorMessage"
_EMPTY: tuple[object, ...] = (None, "", False)


class QuestionReader:
    """Reads questions; `inside` gives those of a list, which the walk over the form knows."""

    def __init__(
        self,
        conditions: Conditions,
        texts: Mapping[str, Mapping[str, str]],
        report: Callable[[Finding], None],
        inside: Callable[[Node], Iterator[Question]],
    ) -> None:
        self.conditions, self.texts, self.report, self.inside = conditions, texts, report, inside
        self.words_under = "form"

    def question(self, node: Node, before: tuple[Text, ...] = ()) -> Question | None:
        """The question that a component is, or None where it has no name."""
        kind = kinds()[str(plain(node, "type"))]
        self._members(node, kind)
        in_rows = self.conditions.row is not None
        if in_rows and not kind.in_rows:
            instead = Text(
                "请把它移到列表之外：列表内不能有{title}。",
                "Move it out of the list: rows hold no {title}.",
                title=kind.title,
            )
            self.report(say.unsupported(kind.name, instead, node.place))
            if kind.name == "dynamiclist":
                return None
        hidden_if = self.conditions.of(node)
        key = self._key(node, kind.key_member)
        if key is None:
            return None
        prefix = f"{self.words_under}.{key}"
        label = self._label(node, kind, key)
        options = tuple(self._options(node, kind, prefix)) if kind.chooses else ()
        why = plain(node, "description")
        computed = self.conditions.computed(node) if kind.name == COMPUTED else None
        self.conditions.name(key, kind.name, [o.value for o in options], self._at(node, kind))
        question = Question(
            key=key,
            kind=kind.name,
            label=self.words(f"{prefix}.label", label),
            why=self.words(f"{prefix}.why", self.fixed(node, "description", why))
            if isinstance(why, str) and why.strip()
            else None,
            options=options,
            rules=self._rules(node, kind, prefix),
            properties=self._properties(node, kind),
            hidden_if=hidden_if,
            questions=self._row_questions(node, prefix) if node.get("components") else (),
            before=tuple(
                self.words(f"{prefix}.before.{number}", text.zh)
                for number, text in enumerate(before, start=1)
            ),
            computed=computed,
        )
        self._report_given(question, node)
        return self._with_default(question, kind, node)

    def _report_given(self, question: Question, node: Node) -> None:
        """Rows that a task gives are named by a question that is always typed, as a text."""
        cell = question.rules.more.get("given")
        named = {q.key for q in question.questions if q.kind == "textfield" and not q.hidden_if}
        if cell is not None and cell not in named:
            wanted = Text(
                "行里一个文字问题的 key",
                "the key of a question for a text, never hidden, in its rows",
            )
            place = (self._member(node, _property(kinds()[question.kind], "given")) or node).place
            self.report(say.wrong_value("given", wanted, '"given": "point"', place))

    def _at(self, node: Node, kind: QuestionKind) -> Node:
        return node.get(kind.key_member) or node

    # -- members and rules -----------------------------------------------------------------------

    def _members(self, node: Node, kind: QuestionKind) -> None:
        """What is said about members that do not act."""
        own = {each.name for each in kind.properties if not each.within}
        structure = {*formjs.QUESTION_MEMBERS, kind.key_member}
        structure |= {"values"} if kind.chooses else set()
        structure |= {"components"} if kind.key_member == "path" else set()
        noted = {**formjs.NOTED_MEMBERS, **kind.noted}
        for name, member in node.items():
            refused = kind.refused.get(name) or formjs.REFUSED_MEMBERS.get(name)
            if refused and member.value not in _EMPTY:
                self.report(say.unsupported(name, refused, member.place))
            elif name in noted and member.value:
                self.report(say.means_otherwise(name, noted[name], member.place))
            elif not refused and name not in noted:
                self._unused(name, member, kind.name, own | structure | kind.looks | formjs.LOOKS)

    def unused(self, node: Node, kind: str, known: Collection[str]) -> None:
        """The members of a group that nobody reads."""
        for name, member in node.items():
            if name != "path":
                self._unused(name, member, kind, known)

    def _unused(self, name: str, member: Node, kind: str, known: Collection[str]) -> None:
        if name not in known and member.value not in _EMPTY:
            self.report(say.unknown_member(name, kind, known, member.place))

    def _rules(self, node: Node, kind: QuestionKind, prefix: str) -> Rules:
        """`validate`, and what else limits an answer; an unknown rule is an error."""
        known = [each.name for each in kind.properties if each.within == "validate"]
        validate = node.get("validate") or Node({}, node.place)
        for name, member in validate.items():
            if name not in known and member.value not in _EMPTY:
                self.report(say.unknown_rule(name, kind.name, known, member.place))
        if "pattern" in known and plain(validate, "pattern") and not validate.get(_PATTERN_WORDS):
            self.report(say.silent_pattern(node.place))
        said: dict[str, Any] = {}
        more: dict[str, object] = {}
        for each in kind.properties:
            value = read(each, self._member(node, each), self.report)
            if value is None:
                continue
            if each.translated:
                value = self.words(f"{prefix}.{each.translated}", str(value))
            if each.rule:
                said[each.rule] = value
            else:
                more[each.name] = value
        rules = Rules(**{name: value for name, value in said.items() if name in _RULES}, more=more)
        self._report_empty_range(validate, "minLength", rules.min_length, rules.max_length)
        self._report_empty_range(validate, "min", rules.minimum, rules.maximum)
        return rules

    def _member(self, node: Node, property_: Property) -> Node | None:
        holder = node.get(property_.within) if property_.within else node
        return holder.get(property_.name) if holder else None

    def _report_empty_range(self, validate: Node, name: str, low: Any, high: Any) -> None:
        member = validate.get(name)
        if member and low is not None and high is not None and low > high:
            wanted = Text(
                "不大于上限 {high} 的数", "no more than the upper limit {high}", high=high
            )
            self.report(say.wrong_value(name, wanted, f'"{name}": {high}', member.place))

    def _properties(self, node: Node, kind: QuestionKind) -> dict[str, str]:
        """The custom properties; a pack may add its own. One that means nothing here is told."""
        own = {each.name for each in kind.properties if each.within == "properties"}
        meant = own | {SOURCE.name, SENSITIVE.name}
        anywhere = meant | {
            each.name
            for other in kinds().values()
            for each in other.properties
            if each.within == "properties"
        }
        found: dict[str, str] = {}
        for name, member in (node.get("properties") or Node({}, node.place)).items():
            if name not in meant and (name in anywhere or nearest(name, anywhere, 0.8) is not None):
                self.report(say.unknown_member(name, kind.name, meant, member.place))
            if isinstance(member.value, str):
                found[name] = member.value
            else:
                wanted = Text("文字", "a text")
                self.report(say.wrong_value(name, wanted, f'"{name}": "10"', member.place))
            if name == SENSITIVE.name:
                read(SENSITIVE, member, self.report)
        source = found.get("source")
        if source is not None and not _SOURCE.fullmatch(source):
            wanted = Text("以点分隔的路径", "a path with dots")
            example = '"source": "person.id_number"'
            self.report(say.wrong_value("source", wanted, example, node.place))
        return found

    def _with_default(self, question: Question, kind: QuestionKind, node: Node) -> Question:
        """With the default as an answer of this kind; one that breaks the rules is reported."""
        written = question.rules.default
        if written is None:
            return question
        place = (node.get("defaultValue") or node).place
        if self.conditions.row is not None:
            instead = Text("列表的行里不预先填写。", "Rows of a list are not filled in beforehand.")
            self.report(say.unsupported("defaultValue", instead, place))
        value = kind.given(question, written)
        fault = value if isinstance(value, Finding) else judge(question, value)
        broken = fault is not None and fault.severity == "error"
        if fault and broken and value is not False and value != []:
            self.report(say.wrong_default(fault, place))
            value = None
        return replace(question, rules=replace(question.rules, default=value))

    # -- parts -----------------------------------------------------------------------------------

    def _row_questions(self, node: Node, prefix: str) -> tuple[Question, ...]:
        if self.conditions.row is not None:
            return ()
        self.words_under = prefix
        with self.conditions.in_rows():
            questions = tuple(self.inside(node))
        self.words_under = "form"
        return questions

    def _key(self, node: Node, member: str) -> str | None:
        key = plain(node, member)
        place = (node.get(member) or node).place
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            wanted = Text(
                "字母开头的标识，只含字母、数字和下划线",
                "a name of letters, digits and underscores that begins with a letter",
            )
            self.report(say.wrong_value(member, wanted, f'"{member}": "contact_phone"', place))
            return None
        return key

    def _options(self, node: Node, kind: QuestionKind, prefix: str) -> Iterator[Option]:
        values = node.get("values")
        if values is None and OFFERED not in kind.refused and plain(node, OFFERED):
            return  # the task offers them
        example = '"values": [{"label": "是", "value": "yes"}]'
        if values is None or not isinstance(values.value, list) or not values.value:
            self.report(say.missing("values", Text("选择题", "The choice"), example, node.place))
            return
        if len(values.value) > MAX_OPTIONS:
            wanted = Text(
                "不超过 {max_options} 项", "{max_options} options at most", max_options=MAX_OPTIONS
            )
            self.report(say.wrong_value("values", wanted, example, values.place))
            return
        seen: dict[str, Place] = {}
        for item in values.value:
            value, label = plain(item, "value"), plain(item, "label")
            if not isinstance(value, str) or not isinstance(label, str) or not value:
                where = Text("选项", "The option")
                self.report(say.missing("value / label", where, example, item.place))
                continue
            if value in seen:
                self.report(say.taken(value, seen[value].line, item.place))
            seen[value] = item.place
            yield Option(value, self.words(f"{prefix}.option.{value}", label))

    # -- words -----------------------------------------------------------------------------------

    def words(self, key: str, chinese: str) -> Text:
        """Words in every language that has them; where the English is absent the Chinese stands."""
        found = {tag: words[key] for tag, words in self.texts.items() if words.get(key)}
        return Text.given(chinese, found.pop("en", "") or chinese, found)

    def static(self, node: Node) -> Text | None:
        """The words of a text component, without its marks of layout."""
        text = plain(node, "text")
        if not isinstance(text, str) or not text.strip():
            return None
        fixed = self.fixed(node, "text", text)
        bare = re.sub(r"^#{1,6} +|[*_]{2}|^[-*] +(?=\S)", "", fixed, flags=re.M)
        return Text.given(bare.strip(), bare.strip())

    def fixed(self, node: Node, member: str, value: str) -> str:
        """Words that do not depend on answers; those that do are reported."""
        if value.startswith("=") or "{{" in value:
            instead = Text("请写固定的文字。", "Write fixed words.")
            place = (node.get(member) or node).place
            self.report(say.unsupported(f"{member}: {value[:100]}", instead, place))
        return value

    def _label(self, node: Node, kind: QuestionKind, key: str) -> str:
        member = next((name for name in kind.label_members if node.get(name)), "label")
        value = plain(node, member)
        if not isinstance(value, str) or not value.strip():
            where = Text("问题“{key}”", "The question “{key}”", key=key)
            self.report(
                say.missing(kind.label_members[-1], where, '"label": "联系电话"', node.place)
            )
            return ""
        return self.fixed(node, member, value)


def _property(kind: QuestionKind, name: str) -> Property:
    return next(each for each in kind.properties if each.name == name)


def plain(node: Node, member: str) -> object:
    """A member's value without its place."""
    found = node.get(member)
    return found.value if found else None
