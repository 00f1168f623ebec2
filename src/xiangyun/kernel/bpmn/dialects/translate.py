"""Rewriting a drawing of another engine into this dialect, word by word; what is not plain is left.

Nothing is lost: a word that is left stays in the file, and is told again at the next check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from xiangyun.kernel.bpmn.dialects import terms
from xiangyun.kernel.bpmn.extensions import READ
from xiangyun.kernel.bpmn.markup import BPMN, ZEEBE, Markup, Page
from xiangyun.kernel.conditions.juel import feel_of, is_juel
from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.findings import Refused, Text

_PREFIX = "zeebe"
_CONDITIONS = (ast.Comparison, ast.Junction, ast.In, ast.Between)
_PARTS = (
    *("conditionExpression", "completionCondition", "loopCardinality"),
    "multiInstanceLoopCharacteristics",
)
_TIMERS = ("timeDate", "timeDuration", "timeCycle")


class Found(NamedTuple):
    """A foreign word, what it becomes, whether that is written for the author, and where.

    `owner` is the line of the element that the word belongs to.
    """

    word: str
    becomes: Text
    done: bool
    line: int
    owner: int


@dataclass(frozen=True, slots=True)
class Translation:
    """The file in this dialect as far as it is plain, and everything foreign that was met."""

    page: Page
    engine: str
    """The engine's name; empty when the words are BPMN's own and only read elsewhere here."""
    found: tuple[Found, ...]

    @property
    def left(self) -> tuple[Found, ...]:
        """What a person still has to do."""
        return tuple(each for each in self.found if not each.done)


def _declared(page: Page) -> list[str]:
    """The engines whose words a drawing declares, used or not."""
    return [
        terms.SPACES[space]
        for node in page.root.walk()
        for space in node.prefixes.values()
        if space in terms.SPACES
    ]


def is_foreign(page: Page) -> bool:
    """Whether a drawing declares the words of another engine; most do not."""
    return bool(_declared(page))


def translated(page: Page) -> Translation | None:
    """The translation of a drawing; None when nothing in it belongs to another engine."""
    work = _Work(_initiators(page.root), groups="jBPM" not in _declared(page))
    root = work.element(page.root)
    if not work.found:
        return None
    if ZEEBE not in dict(root.prefixes).values():
        root = replace(root, prefixes={**root.prefixes, _PREFIX: ZEEBE})
    engines = work.engines or _declared(page)
    engine = max(engines, key=engines.count) if engines else ""
    return Translation(replace(page, root=root), engine, tuple(work.found))


@dataclass(slots=True)
class _Made:
    """The `zeebe:` elements that one element gets: attributes by name, and children in groups."""

    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    children: dict[str, list[Markup]] = field(default_factory=dict)

    def set(self, name: str, attribute: str, value: str) -> None:
        self.attributes.setdefault(name, {})[attribute] = value

    def add(self, group: str, item_name: str, line: int, **attributes: str) -> None:
        item = _zeebe(item_name, attributes, (), line)
        self.children.setdefault(group, []).append(item)

    def markup(self, line: int) -> list[Markup]:
        made = [_zeebe(name, held, (), line) for name, held in self.attributes.items()]
        return made + [_zeebe(g, {}, tuple(held), line) for g, held in self.children.items()]


class _Work:
    """One pass over a file."""

    def __init__(self, initiators: frozenset[str], *, groups: bool) -> None:
        self.initiators = initiators
        self.groups = groups  # whether a bare name of an owner is that of a group
        self.found: list[Found] = []
        self.engines: list[str] = []
        self.around: list[Markup] = []

    # -- telling -----------------------------------------------------------------------------------

    def done(self, word: str, kind: str, line: int) -> None:
        self._tell(word, terms.DONE[kind], True, line)

    def left(self, word: str, kind: str, line: int) -> None:
        self._tell(word, terms.LEFT.get(kind, terms.LEFT[""]), False, line)

    def needless(self, word: str, line: int) -> None:
        self._tell(word, _NOTHING, True, line)

    def _tell(self, word: str, becomes: Text, done: bool, line: int) -> None:
        owners = [each.line for each in self.around if each.name not in _PARTS]
        self.found.append(Found(word, becomes, done, line, owners[-1] if owners else line))

    # -- walking -----------------------------------------------------------------------------------

    def element(self, node: Markup) -> Markup:
        """The element and everything below it, rewritten."""
        self.around.append(node)
        made = _Made()
        attributes = dict(self._attributes(node, made))
        children: list[Markup] = []
        for child in node.children:
            if child.space == BPMN and child.name == "extensionElements":
                children.append(self._extensions(node, child, made))
            else:
                children.append(self.element(child))
        node = replace(node, attributes=attributes, children=tuple(children))
        node = _with_extensions(self._standard(node, made), made)
        self.around.pop()
        return node

    def _attributes(self, node: Markup, made: _Made) -> Iterator[tuple[str, str]]:
        """The attributes that stay."""
        for key, value in node.attributes.items():
            space, _, name = key[1:].rpartition("}") if key.startswith("{") else ("", "", key)
            engine = terms.SPACES.get(space)
            if engine is None:
                yield key, value
                continue
            self.engines.append(engine)
            if name in terms.NEEDLESS:
                self.needless(name, node.line)
            elif name == "assignee" and value.strip("${#} ") in self.initiators:
                made.set("assignmentDefinition", "candidateGroups", "applicant")
                self.done(name, "applicant", node.line)
            elif not self._attribute(node, name, value.strip(), made):
                self.left(name, _left_kind(name, value), node.line)
                yield key, value

    def _attribute(self, node: Markup, name: str, value: str, made: _Made) -> bool:
        """Write what an attribute becomes; False when it is left to a person."""
        writer = _ATTRIBUTES.get(name)
        written = writer(node, value, made) if writer else None
        if written is None:
            return False
        self.done(name, written, node.line)
        return True

    def _extensions(self, node: Markup, holder: Markup, made: _Made) -> Markup:
        """The extension elements that stay."""
        kept: list[Markup] = []
        for each in holder.children:
            engine = terms.SPACES.get(each.space)
            if engine is None:
                kept.append(each)
                continue
            self.engines.append(engine)
            if each.name in terms.NEEDLESS:
                self.needless(each.name, each.line)
            elif each.get("variables") == "all" and not _mapped_besides(holder, each):
                self._tell(f"{each.name} variables=all", _ALL_PASSED, True, each.line)
            elif not self._extension(node, each, made):
                word = f"{each.name} variables=all" if each.get("variables") else each.name
                kind = "variables" if each.get("variables") else each.name
                self.left(word, terms.KIND_OF_LEFT.get(kind, kind), each.line)
                kept.append(each)
        return replace(holder, children=tuple(kept))

    def _extension(self, node: Markup, each: Markup, made: _Made) -> bool:
        if each.name == "properties" and node.name in READ["properties"].on:
            for item in each.children:
                name = item.get("name") or item.get("id")
                made.add("properties", "property", item.line, name=name, value=item.get("value"))
            self.done("properties", "properties", each.line)
            return True
        if each.name in ("in", "out") and not each.get("variables"):
            return self._passed(each, made)
        if each.name == "inputOutput" and node.name in READ["ioMapping"].on:
            return self._mapped(each, made)
        if each.name == "field":
            value = each.get("stringValue") or _own_text(each)
            known = node.name in READ["taskHeaders"].on
            if value and known and not is_juel(value):
                made.add("taskHeaders", "header", each.line, key=each.get("name"), value=value)
                self.done("field", "taskHeaders", each.line)
                return True
        return False

    def _passed(self, each: Markup, made: _Made) -> bool:
        """`in` and `out` of a call."""
        name = "input" if each.name == "in" else "output"
        if each.get("businessKey"):
            self.needless(f"{each.name} businessKey", each.line)
            return True
        given = each.get("sourceExpression")
        source = feel_of(given) if given else f"={each.get('source')}"
        if source is None or source == "=" or not each.get("target"):
            return False
        made.add("ioMapping", name, each.line, source=source, target=each.get("target"))
        self.done(each.name, "ioMapping", each.line)
        return True

    def _mapped(self, each: Markup, made: _Made) -> bool:
        """`inputOutput`: all of its parameters, or none."""
        written: list[tuple[str, str, str, int]] = []
        for item in each.children:
            if item.name not in ("inputParameter", "outputParameter"):
                continue
            text = item.text.strip()
            source = feel_of(text) if is_juel(text) else _text_literal(text)
            if any(child.space for child in item.children) or source is None:
                return False
            kind = item.name.removesuffix("Parameter")
            written.append((kind, source, item.get("name"), item.line))
        for kind, source, target, line in written:
            made.add("ioMapping", kind, line, source=source, target=target)
            self.done("inputOutput", "ioMapping", line)
        return True

    # -- what BPMN itself has, but this engine reads elsewhere -------------------------------------

    def _standard(self, node: Markup, made: _Made) -> Markup:
        if node.space != BPMN:
            return node
        if node.name in (*_PARTS[:3], "condition", *_TIMERS):
            return self._expression(node)
        if node.name == "callActivity" and node.get("calledElement"):
            if not _has(node, "calledElement"):
                made.set("calledElement", "processId", _formula(node.get("calledElement")))
                self.done("calledElement", "calledElement", node.line)
            return _without(node, "calledElement")
        if node.name == "scriptTask" and (script := node.first(BPMN, "script")):
            return self._script(node, script, made)
        return self._owner(node, made) if node.name == "userTask" else node

    def _expression(self, node: Markup) -> Markup:
        text = node.text.strip()
        language = node.get("language").lower()
        if not text or text.startswith("="):
            return node
        if language and not language.endswith(("feel", "feel/", "juel", "xpath")):
            self.left(f"{node.name} language={node.get('language')}", "language", node.line)
            return node
        if language.endswith(("feel", "feel/")):
            formula: str | None = f"={text}"
        elif is_juel(text):
            formula = feel_of(text)
        else:
            formula = condition_of(text) if node.name == "conditionExpression" else None
            if formula is None:
                return node  # words or a moment as they stand
        if formula is None:
            self.left(f"{node.name} {_short(text)}", "juel", node.line)
            return node
        for theirs, ours in _LOOP_NAMES.items():
            formula = formula.replace(theirs, ours)
        kind = "timer" if node.name in _TIMERS else "conditionExpression"
        self.done(node.name, kind, node.line)
        return replace(_without(node, "language"), text=formula)

    def _script(self, node: Markup, script: Markup, made: _Made) -> Markup:
        if any(each.get("expression") for each in _zeebe_of(node, "script")):
            return node
        if "feel" not in node.get("scriptFormat").lower():
            self.left(f"script {node.get('scriptFormat')}".strip(), "script", script.line)
            return node
        made.set("script", "expression", "=" + script.text.strip().removeprefix("="))
        self.done("script", "script", script.line)
        kept = tuple(child for child in node.children if child is not script)
        return replace(_without(node, "scriptFormat"), children=kept)

    def _owner(self, node: Markup, made: _Made) -> Markup:
        """`potentialOwner` and its like, with the groups written as `group(a)` or plainly."""
        kept: list[Markup] = []
        for child in node.children:
            text = "".join(each.text for each in child.walk()).strip()
            if child.space != BPMN or child.name not in ("potentialOwner", "humanPerformer"):
                kept.append(child)
            elif child.name == "potentialOwner" and self.groups and (groups := _groups(text)):
                made.set("assignmentDefinition", "candidateGroups", groups)
                self.done(child.name, "candidateGroups", child.line)
            else:
                self.left(f"{child.name} {_short(text)}", "candidateUsers", child.line)
                kept.append(child)
        return replace(node, children=tuple(kept))


_NOTHING = Text("这里不需要，删去", "removed: not needed here")
_ALL_PASSED = Text(
    "不用写：没有映射时，被调用的流程看得到全部变量，结果也全部带回",
    "nothing: where nothing is mapped a called process sees all variables, and all come back",
)
_LOOP_NAMES = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}


# Attributes: each writer gives the kind of what it wrote, or None to leave it ---------------------


def _candidate_groups(node: Markup, value: str, made: _Made) -> str | None:
    if node.name != "userTask" or (is_juel(value) and feel_of(value) is None):
        return None
    made.set("assignmentDefinition", "candidateGroups", _formula(value))
    return "candidateGroups"


def _due_date(node: Markup, value: str, made: _Made) -> str | None:
    if node.name != "userTask" or (is_juel(value) and feel_of(value) is None):
        return None
    made.set("taskSchedule", "dueDate", _formula(value))
    return "dueDate"


def _form_key(node: Markup, value: str, made: _Made) -> str | None:
    if is_juel(value) or node.name != "userTask":
        return None
    made.set("formDefinition", "formKey", value)
    return "formKey"


def _form_ref(node: Markup, value: str, made: _Made) -> str | None:
    if node.name != "userTask":
        return None
    made.set("formDefinition", "formId", value)
    return "formRef"


def _topic(node: Markup, value: str, made: _Made) -> str | None:
    if is_juel(value) or node.name not in READ["taskDefinition"].on:
        return None
    made.set("taskDefinition", "type", value)
    return "type"


def _external(node: Markup, value: str, made: _Made) -> str | None:
    if value == "external":
        return "type"  # its topic says which
    if value == "dmn" or node.name not in READ["taskDefinition"].on:
        return None
    made.set("taskDefinition", "type", value)
    return "type"


def _decision(node: Markup, value: str, made: _Made) -> str | None:
    made.set("calledDecision", "decisionId", _formula(value))
    return "decisionRef"


def _result(node: Markup, value: str, made: _Made) -> str | None:
    if node.name == "businessRuleTask":
        made.set("calledDecision", "resultVariable", value)
    elif node.name == "scriptTask":
        made.set("script", "resultVariable", value)
    else:
        return None
    return "resultVariable"


def _collection(node: Markup, value: str, made: _Made) -> str | None:
    formula = feel_of(value) if is_juel(value) else f"={value}"
    if formula is None:
        return None
    made.set("loopCharacteristics", "inputCollection", formula)
    return "collection"


def _element_variable(node: Markup, value: str, made: _Made) -> str | None:
    made.set("loopCharacteristics", "inputElement", value)
    return "elementVariable"


_ATTRIBUTES: dict[str, Callable[[Markup, str, _Made], str | None]] = {
    "candidateGroups": _candidate_groups,
    "dueDate": _due_date,
    "formKey": _form_key,
    "formRef": _form_ref,
    "topic": _topic,
    "type": _external,
    "decisionRef": _decision,
    "resultVariable": _result,
    "resultVariableName": _result,
    "collection": _collection,
    "elementVariable": _element_variable,
}


def condition_of(text: str) -> str | None:
    """The formula that a condition of another language plainly means; None where it is not plain.

    A comparison in FEEL that only lacks its mark gets it.
    """
    if is_juel(text):
        return feel_of(text)
    try:
        syntax = parse_expression(text).syntax
    except Refused:
        return None
    return f"={text}" if isinstance(syntax, _CONDITIONS) else None


# Small things -------------------------------------------------------------------------------------


def _mapped_besides(holder: Markup, each: Markup) -> bool:
    """Whether something is mapped into the call beside `in variables=all`."""
    others = [other for other in holder.children if other.name == "in" and other is not each]
    return each.name == "in" and any(other.get("target") for other in others)


def _left_kind(name: str, value: str) -> str:
    """Why an attribute is left: its expression, or what it says."""
    if name in _ATTRIBUTES and is_juel(value):
        return "juel"
    return "dmn" if value == "dmn" else terms.KIND_OF_LEFT.get(name, name)


def _initiators(root: Markup) -> frozenset[str]:
    """The variables that hold who began the case: it is the applicant's role here."""
    return frozenset(
        value
        for node in root.walk()
        if node.name == "startEvent"
        for key, value in node.attributes.items()
        if key.rpartition("}")[2] == "initiator" and key.startswith("{")
    )


def _formula(value: str) -> str:
    return feel_of(value) or value if is_juel(value) else value


def _text_literal(text: str) -> str | None:
    """A plain parameter is a text there."""
    return '="' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _groups(text: str) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    names = [part[6:-1].strip() if part.startswith("group(") else part for part in parts]
    plain = all(name.replace("-", "").replace("_", "").replace(":", "").isalnum() for name in names)
    return ",".join(names) if plain else ""


def _own_text(node: Markup) -> str:
    return "".join(each.text for each in node.walk() if not each.tag.startswith("!")).strip()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def _has(node: Markup, name: str) -> bool:
    return any(_zeebe_of(node, name))


def _zeebe_of(node: Markup, name: str) -> Iterator[Markup]:
    for holder in node.all(BPMN, "extensionElements"):
        yield from holder.all(ZEEBE, name)


def _without(node: Markup, attribute: str) -> Markup:
    kept = {key: value for key, value in node.attributes.items() if key != attribute}
    return replace(node, attributes=kept)


def _zeebe(
    name: str, attributes: dict[str, str], children: tuple[Markup, ...], line: int
) -> Markup:
    return Markup(f"{{{ZEEBE}}}{name}", attributes, {}, "", "", children, line)


def _with_extensions(node: Markup, made: _Made) -> Markup:
    """The element with what was made for it, and without an empty holder."""
    new = [each for each in made.markup(node.line) if not _has(node, each.name)]
    children = list(node.children)
    for at, child in enumerate(children):
        if child.space == BPMN and child.name == "extensionElements":
            inside = (*child.children, *new)
            children[at : at + 1] = [replace(child, children=inside)] if inside else []
            return replace(node, children=tuple(children))
    if not new:
        return node
    first = sum(child.space == BPMN and child.name == "documentation" for child in children)
    holder = Markup(f"{{{BPMN}}}extensionElements", {}, {}, "", "\n", tuple(new), node.line)
    return replace(node, children=(*children[:first], holder, *children[first:]))
