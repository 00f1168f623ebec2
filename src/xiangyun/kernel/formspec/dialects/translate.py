"""Rewriting a form of another editor into form-js as it is asked here; what is not plain is left.

Three dialects are read: the fields of Flowable and Activiti, the components of Form.io, and form-js
itself where it says by an expression, by a path or in HTML what can be said plainly. What the
checker refuses afterwards is listed as left, with the line of the component in the old file.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import unescape
from typing import Any

from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.formspec import formjs
from xiangyun.kernel.formspec.dialects import terms
from xiangyun.kernel.formspec.kinds import kinds
from xiangyun.kernel.formspec.properties import bare
from xiangyun.kernel.formspec.reader import check_form
from xiangyun.kernel.packfile.change import Change
from xiangyun.kernel.packfile.jsontext import Node, read_json

_BAD = re.compile(r"[^A-Za-z0-9_]+")
_GOOD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.S | re.I)
_CONSTANT = ("defaultValue", "increment", "decimalDigits", "multiple")


def translate_form(text: str, file: str = "form.json") -> tuple[str, list[Change]]:
    """The form anew, and what was changed and left; nothing changed and left: an empty list.

    Raises:
        Refused: when it is no JSON, or holds neither fields nor components.
    """
    root = read_json(text, file, lambda _: None, broken="form.E001", twice="form.E002")
    made = _Translation()
    form = made.form(root)
    if not any(change.done for change in made.changes):
        written = text
    else:
        written = json.dumps(form, ensure_ascii=False, indent=2, default=_number) + "\n"
    return written, [*made.changes, *_left(written, file, root, made.lines)]


def _left(written: str, file: str, root: Node, lines: list[int]) -> Iterator[Change]:
    """What the checker refuses of the new file, at the line of its component in the old one."""
    try:
        found = check_form(written, file)
        new = read_json(written, file, lambda _: None, broken="form.E001", twice="form.E002")
    except Refused as refused:  # the reader would have said so of the old one
        found, new = refused.findings, root
    begun = [node.place.line for node in _components(new)]
    for finding in found:
        if finding.severity != "error":
            continue
        line = finding.place.line if finding.place else 0
        at = bisect_right(begun, line) - 1
        old = lines[at] if 0 <= at < len(lines) else 0
        yield Change(finding.message, False, old)


def _components(node: Node) -> Iterator[Node]:
    """All components of a form, in the order in which they begin."""
    inner = node.get("components")
    for each in inner.value if inner and isinstance(inner.value, list) else ():
        yield each
        yield from _components(each)


class _Translation:
    """Walks the old form; `lines` are those of the components that it writes, in their order."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.lines: list[int] = []
        self.keys: dict[str, str] = {}

    def form(self, root: Node) -> dict[str, Any]:
        """The whole form."""
        for wrapping in ("formRepresentation", "formDefinition"):
            inner = root.get(wrapping)
            root = inner if inner is not None and isinstance(inner.value, dict) else root
        found = {
            name: bare(member)
            for name, member in root.items()
            if name not in ("fields", "components", "outcomes", "key", "name")
        }
        self._left_members(root)
        if fields := root.get("fields"):
            self._done(Text("fields → components", "fields → components"), fields)
            inside = self._flowable(fields)
            found = {"id": bare(root.get("key") or root), "type": "default"}
            found = {name: value for name, value in found.items() if isinstance(value, str)}
        else:
            if any(each.get("input") is not None for each in _components(root)):
                self._done(Text("Form.io → form-js", "Form.io → form-js"), root)
                found = {}
            inside = list(self._inside(root))
        form = {"components": inside, **found}
        _rename(form, self.keys)
        return form

    def _done(self, what: Text, node: Node) -> None:
        self.changes.append(Change(what, True, node.place.line))

    def _becomes(self, was: str, known: Mapping[str, object], node: Node) -> None:
        if was != known["type"]:
            now = str(known["type"])
            self._done(Text("{was} → {now}", "{was} → {now}", was=was, now=now), node)

    def _left(self, what: Text, node: Node) -> None:
        self.changes.append(Change(what, False, node.place.line))

    def _left_members(self, node: Node) -> None:
        for name, why in terms.LEFT.items():
            member = node.get(name)
            if member is not None and member.value not in (None, "", False, [], {}):
                self._left(Text("{name}：{why}", "{name}: {why}", name=name, why=why), member)

    # -- Flowable and Activiti ---------------------------------------------------------------------

    def _flowable(self, fields: Node) -> list[dict[str, Any]]:
        """Fields in a list, or in the columns of a container: {"1": […], "2": […]}."""
        if isinstance(fields.value, dict):
            columns = [column for _, column in fields.items()]
        else:
            columns = [fields]
        return [
            self._field(field)
            for column in columns
            for field in (column.value if isinstance(column.value, list) else ())
            if isinstance(field.value, dict)
        ]

    def _field(self, node: Node) -> dict[str, Any]:
        self.lines.append(node.place.line)
        type_ = str(_of(node, "type") or _of(node, "fieldType") or "")
        label = _of(node, "name")
        known = terms.FIELDS.get(type_)
        if known is None:  # it stays by its name, and the checker refuses it
            return {"type": type_, "key": self._key(_of(node, "id"), node), "label": label}
        self._becomes(type_, known, node)
        self._left_members(node)
        made: dict[str, Any] = dict(known)
        if made["type"] == "text":
            return {**made, "text": str(_of(node, "value") or label or "")}
        if made["type"] == "group":
            inner = node.get("fields")
            return {**made, "label": label, "components": self._flowable(inner) if inner else []}
        if made["type"] not in kinds():
            return made
        made |= {"key": self._key(_of(node, "id"), node), "label": label}
        params = node.get("params")
        validate = self._limits(params) if params else {}
        if _of(node, "required") is True:
            validate = {"required": True, **validate}
        if validate:
            made["validate"] = validate
        if _of(node, "readOnly") is True:
            made["readonly"] = True
        options = node.get("options")
        if kinds()[made["type"]].chooses:
            made["values"] = list(self._options(options, _of(node, "hasEmptyValue") is True))
        if (value := _of(node, "value")) not in (None, "") and "values" not in made:
            made["defaultValue"] = value
        return made

    def _limits(self, holder: Node) -> dict[str, Any]:
        return {
            here: bare(member)
            for there, here in terms.LIMITS.items()
            if (member := holder.get(there)) is not None and member.value not in (None, "", False)
        }

    def _options(self, options: Node | None, empty_first: bool) -> Iterator[dict[str, str]]:
        """Options with a label and a value; the empty one that some lists begin with is none."""
        if options is None or not isinstance(options.value, list):
            return
        for number, option in enumerate(options.value):
            if isinstance(option.value, dict):
                label = next((v for n in ("label", "name") if (v := _of(option, n))), None)
                value = next(
                    (v for n in ("value", "id") if (v := _of(option, n)) is not None), None
                )
            else:
                label = value = option.value
            if empty_first and number == 0:
                continue
            value = label if value in (None, "") else value
            written = str(value).lower() if isinstance(value, bool) else str(value)
            if not isinstance(value, str):
                said = Text(
                    "选项的值 {value} 改为文字“{written}”，规则中请照此比较",
                    "the option's value {value} becomes the text “{written}”: compare with it so",
                    value=written,
                    written=written,
                )
                self._done(said, option)
            yield {"label": str(label if label not in (None, "") else written), "value": written}

    # -- Form.io and form-js -----------------------------------------------------------------------

    def _inside(self, node: Node) -> Iterator[dict[str, Any]]:
        components = node.get("components")
        for each in components.value if components and isinstance(components.value, list) else ():
            if isinstance(each.value, dict):
                yield from self._component(each)

    def _component(self, node: Node) -> Iterator[dict[str, Any]]:
        type_ = str(_of(node, "type") or "")
        columns = node.get("columns")
        if type_ == "columns" and columns and isinstance(columns.value, list):
            self._done(Text("columns → 其中的组件", "columns → the components in them"), node)
            for column in columns.value:
                yield from self._inside(column)
            return
        self.lines.append(node.place.line)
        yield self._form_io(node, type_) if node.get("input") else self._form_js(node, type_)

    def _form_io(self, node: Node, type_: str) -> dict[str, Any]:
        known = terms.FORM_IO.get(type_)
        if known is None:
            return {"type": type_, "key": _of(node, "key"), "label": _of(node, "label")}
        self._becomes(type_, known, node)
        self._left_members(node)
        made: dict[str, Any] = dict(known)
        label = _of(node, "label") or _of(node, "title") or _of(node, "legend")
        if made["type"] == "html":
            return self._as_text(made, str(_of(node, "html") or _of(node, "content") or ""))
        if made["type"] == "group":
            return {**made, "label": label, "components": list(self._inside(node))}
        if made["type"] not in kinds():
            return made
        kind = kinds()[made["type"]]
        made |= {kind.key_member: self._key(_of(node, "key"), node), kind.label_members[-1]: label}
        if description := _of(node, "description"):
            made["description"] = description
        if (validate := node.get("validate")) and (limits := self._limits(validate)):
            made["validate"] = limits
        if kind.chooses:
            data = node.get("data")
            made["values"] = list(
                self._options(node.get("values") or (data and data.get("values")), False)
            )
        if _of(node, "multiple") is True and made["type"] == "select":
            made["type"] = "checklist"
        if _of(node, "disabled") is True:
            made["disabled"] = True
        if (value := _of(node, "defaultValue")) not in (None, "", False) and not kind.several:
            made["defaultValue"] = value
        if made["type"] == "dynamiclist":
            made["components"] = list(self._inside(node))
        return made

    def _form_js(self, node: Node, type_: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, member in node.items():
            if name != "components":
                made[name] = bare(member)
        if type_ in ("html", "image"):
            words = made.get("content") if type_ == "html" else made.get("alt")
            if isinstance(words, str) and "{{" not in words and not words.startswith("="):
                return self._as_text({"type": type_}, words, node)
        if type_ in formjs.GROUPS and made.get("path"):
            self._done(Text("删去 path {path}", "path {path} removed", path=made.pop("path")), node)
        self._constants(made, node)
        kind = kinds().get(type_)
        if kind and kind.chooses:
            self._listed(made, node)
        if kind and isinstance(made.get(kind.key_member), str):
            made[kind.key_member] = self._key(made[kind.key_member], node)
        if node.get("components"):
            made["components"] = list(self._inside(node))
        return made

    def _as_text(self, made: dict[str, Any], html: str, node: Node | None = None) -> dict[str, Any]:
        """HTML, or the words of a picture, as a text."""
        words = re.sub(r"[ \t]+", " ", unescape(_TAG.sub(" ", html))).strip()
        if not words:
            return {**made, "content": html} if made["type"] == "html" else made
        if node is not None:
            self._becomes(str(made["type"]), {"type": "text"}, node)
        return {"type": "text", "text": words}

    def _constants(self, made: dict[str, Any], node: Node) -> None:
        """`=5` where a fixed value is wanted."""
        validate = made.get("validate")
        for holder in (made, validate if isinstance(validate, dict) else {}):
            for name, value in holder.items():
                if holder is made and name not in _CONSTANT:
                    continue
                found = _constant(value)
                if isinstance(found, str | bool | Decimal) and name != "pattern":
                    holder[name] = found
                    self._done(
                        Text(
                            "{name}：{was} → {now}",
                            "{name}: {was} → {now}",
                            name=name,
                            was=str(value),
                            now=str(found),
                        ),
                        node,
                    )

    def _listed(self, made: dict[str, Any], node: Node) -> None:
        """Options that an expression lists, and those without a text as value."""
        found = _constant(made.get("valuesExpression"))
        if isinstance(found, list) and found:
            made["values"] = [_option(each) for each in found]
            del made["valuesExpression"]
            self._done(Text("valuesExpression → values", "valuesExpression → values"), node)
        elif values := node.get("values"):
            made["values"] = list(self._options(values, False))

    # -- names -------------------------------------------------------------------------------------

    def _key(self, key: object, node: Node) -> str:
        """A name that an expression can say; a changed one is remembered for the conditions."""
        written = str(key or "")
        if _GOOD.fullmatch(written):
            return written
        if written in self.keys:
            return self.keys[written]
        made = _BAD.sub("_", written).strip("_") or f"field_{len(self.lines)}"
        made = made if _GOOD.fullmatch(made) else f"f_{made}"
        while made in self.keys.values():
            made += "_"
        self.keys[written] = made
        self._done(Text("{was} → {now}", "{was} → {now}", was=written or "key", now=made), node)
        return made


def _rename(component: dict[str, Any], keys: Mapping[str, str]) -> None:
    """The new names in every condition."""
    conditional = component.get("conditional")
    if isinstance(conditional, dict) and isinstance(conditional.get("hide"), str):
        for was, now in sorted(keys.items(), key=lambda each: -len(each[0])):
            if was:
                whole = rf"(?<![\w.]){re.escape(was)}(?![\w.])"
                conditional["hide"] = re.sub(whole, now, conditional["hide"])
    for inner in component.get("components", ()):
        if isinstance(inner, dict):
            _rename(inner, keys)


def _constant(written: object) -> object:
    """The value of an expression that depends on nothing; None for any other."""
    if not isinstance(written, str) or not written.startswith("="):
        return None
    try:
        expression = parse_expression(written[1:])
    except Refused:
        return None
    return None if expression.free_names else expression.evaluate({})


def _option(value: object) -> dict[str, str]:
    if isinstance(value, dict):
        written = str(value.get("value", value.get("label", "")))
        return {"label": str(value.get("label", written)), "value": written}
    return {"label": str(value), "value": str(value)}


def _of(node: Node, name: str) -> Any:
    member = node.get(name)
    return bare(member) if member is not None else None


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    raise TypeError(f"{value!r} is no JSON")
