"""Reading `registers/<code>.yaml` into a `Register`, with every fault named by its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import cast, get_args

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.packfile import faults as of_any_file
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields, whole, wrong_kind
from xiangyun.kernel.packfile.formulas import Formula, node_formula
from xiangyun.kernel.packfile.laws import read_basis
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.record import model as of
from xiangyun.kernel.record.types import TYPES
from xiangyun.kernel.spelling import did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SETTINGS = ("format", "scale", "options", "of")
"""Keys of a field that only some types have; which ones, the types say."""
_ITEMS = ("text", "choice")
LARGEST_SCALE = 12


def read_register(root: Node, report: Report) -> of.Register:
    """The register; faults are reported, and the value is only good when there are none."""
    f = Fields(root, report)
    code = f.string("code")
    name = f.words("name")
    fields = tuple(read_field(Fields(node, report, "fields")) for node in f.each("fields"))
    key = f.string("key")
    found = of.Register(
        code=code,
        name=name,
        department=f.string("department"),
        need=cast(of.Need, _one(f, "class", of.CLASSES, "ordinary")),
        subject=cast(of.Subject, _one(f, "subject", of.SUBJECTS, "none")),
        subject_field=f.string("subject_field", required=False) or key,
        key=key,
        division=f.string("place", required=False),
        laws=tuple(read_basis(Fields(node, report, "laws")) for node in f.each("laws")),
        fields=fields,
        readers=_or_everybody(f, "readers"),
        writers=f.strings("writers", required=False),
        prefill=_or_everybody(f, "prefill"),
        examples=tuple(_example(Fields(node, report, "examples")) for node in f.each("examples")),
        formerly=f.strings("formerly", required=False),
        objection=f.string("objection", required=False),
        programme=_programme(f.section("programme", required=False)),
        entered=_entered(f.section("entered", required=False)),
        place=root.place,
    )
    f.done()
    return found


def _programme(f: Fields | None) -> of.Programme | None:
    if f is None:
        return None
    off = f.section("off", required=False)
    found = of.Programme(
        f.string("title"),
        f.string("on"),
        f.string("time", required=False),
        None if off is None else (off.string("field"), off.string("value")),
        f.node.place,
    )
    if off is not None:
        off.done()
    f.done()
    return found


def _entered(f: Fields | None) -> of.Entered | None:
    if f is None:
        return None
    through = f.section("through", required=False)
    found = of.Entered(
        through.string("field") if through is not None else "",
        through.string("register") if through is not None else "",
        f.string("wording", required=False),
        f.strings("files", required=False),
        dict(_given(f.section("given", required=False))),
        f.node.place,
    )
    if through is not None:
        through.done()
    f.done()
    return found


def _given(f: Fields | None) -> Iterator[tuple[str, Formula]]:
    for name, node in f.node.items() if f is not None else ():
        if f is not None and (formula := node_formula(node, f.report)) is not None:
            yield name, formula


def read_field(f: Fields) -> of.Field:
    """One field of a register."""
    name = f.string("name")
    type_ = cast(of.TypeName, f.one_of("type", get_args(of.TypeName))) or "text"
    settings = TYPES[type_].settings
    for key in _SETTINGS:
        if f.has(key) and key not in settings:
            f.report(_no_setting(key, type_, f.place(key)))
            f.take(key)
    items = _one(f, "of", _ITEMS, "text") if "of" in settings else "text"
    field = of.Field(
        name=name,
        type=type_,
        words=f.text("words", required=False) or Text.given(name, name),
        required=f.boolean("required", default=False),
        format=_format(f) if "format" in settings else "",
        scale=_scale(f) if "scale" in settings and f.has("scale") else 0,
        options=_options(f) if "options" in settings else (),
        items=cast(of.TypeName, items),
        searched=cast(of.Searched, _one(f, "searched", of.SEARCHED, "")),
        sensitive=f.boolean("sensitive", default=False),
        place=f.place("name"),
    )
    if not f.has("words"):
        message = Text(
            "“{name}”没有写名称，页面上只能显示“{name}”。",
            "“{name}” has no words: pages show “{name}”.",
            name=name,
        )
        hint = Text("请补 words: {zh-Hans: …, en: …}。", "Add words: {zh-Hans: …, en: …}.")
        f.report(fault("record.W001", message, field.place, hint))
    f.done()
    return field


def _one(f: Fields, key: str, known: Collection[str], otherwise: str) -> str:
    """One of the known words; the usual one where the key is absent."""
    found = f.take(key, required=False)
    if found is None:
        return otherwise
    if isinstance(found.value, str) and found.value in known:
        return found.value
    written = str(found.plain())
    message = Text("不认识“{value}”。", "“{value}” is not known.", value=written)
    hint = did_you_mean(written, known)
    f.report(of_any_file.fault("pack.E006", message, found.place, hint))
    return otherwise


def _no_setting(key: str, type_: str, place: Place) -> Finding:
    having = [name for name, each in TYPES.items() if key in each.settings]
    return fault(
        "record.E005",
        Text(
            "类型 {type} 没有“{key}”这个设置。",
            "The type {type} has no “{key}”.",
            type=type_,
            key=key,
        ),
        place,
        Text(
            "请删去，或把类型改为 {having}。",
            "Remove it, or make the type {having}.",
            having=having,
        ),
    )


def _format(f: Fields) -> str:
    name = f.string("format", required=False)
    if name and name not in FORMATS:
        message = Text("没有“{name}”这种格式。", "There is no format “{name}”.", name=name)
        f.report(fault("record.E006", message, f.place("format"), did_you_mean(name, FORMATS)))
        return ""
    return name


def _scale(f: Fields) -> int:
    scale = whole(f, "scale")
    if scale > LARGEST_SCALE:
        node = f.node.get("scale") or f.node
        wanted = Text("0 至 {most}", "0 to {most}", most=LARGEST_SCALE)
        f.report(wrong_kind("scale", node, wanted))
        return 0
    return scale


def _options(f: Fields) -> tuple[of.Option, ...]:
    """Options, each a word by itself or {value, words}."""
    found: list[of.Option] = []
    for node in f.each("options", required=False):
        if isinstance(node.value, str):
            option = of.Option(node.value, Text.given(node.value, node.value))
        else:
            o = Fields(node, f.report, "options")
            value = o.string("value")
            option = of.Option(value, o.text("words", required=False) or Text.given(value, value))
            o.done()
        if option.value and any(option.value == other.value for other in found):
            message = Text(
                "选项“{v}”写了两次。", "The option “{v}” is there twice.", v=option.value
            )
            f.report(fault("record.E007", message, node.place))
        found.append(option)
    return tuple(found)


def _or_everybody(f: Fields, key: str) -> tuple[str, ...]:
    """A list of names, or the one word for all of them."""
    node = f.node.get(key)
    if node is not None and node.value == of.EVERYBODY:
        f.take(key)
        return (of.EVERYBODY,)
    return f.strings(key, required=False)


def _example(f: Fields) -> of.RecordExample:
    node = f.take("data")
    data = {key: each.plain() for key, each in node.items()} if node else {}
    if node is not None and not isinstance(node.value, dict):
        f.report(wrong_kind("data", node, Text("若干“字段: 值”", "a mapping of fields to values")))
    found = of.RecordExample(data, f.string("refused", required=False), f.node.place)
    f.done()
    return found


def is_name(name: str) -> bool:
    """Whether this may name a register or a field: small letters, digits, `_` between words."""
    return _NAME.fullmatch(name) is not None
