"""Item definitions as FEEL types (DMN 1.5 §7.3.2): structure, collections, allowed values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from xiangyun.kernel.dmn.circles import circles
from xiangyun.kernel.dmn.xml import child, children, line_of, text_of_child
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.literals import at_literal
from xiangyun.kernel.feel.types import (
    ANY,
    BUILTIN,
    DATE,
    DATE_TIME,
    DAYS_TIME,
    TIME,
    YEARS_MONTHS,
    ContextOf,
    FunctionOf,
    ListOf,
    Restricted,
    Type,
    Unknown,
    coerce,
)
from xiangyun.kernel.feel.values import Value, from_json

ReadTests = Callable[[etree._Element], UnaryTests | None]


@dataclass(frozen=True, slots=True)
class Structure(ContextOf):
    """An item definition with components."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Named(Type):
    """A reference that is followed when it is used, so that definitions may be recursive."""

    name: str
    table: Mapping[str, Type] = field(hash=False, compare=False, repr=False)

    def holds(self, value: Value, constraints: bool = True) -> bool:
        return self.target.holds(value, constraints)

    def within(self, other: Type) -> bool:
        return self == other or self.target.within(other)

    @property
    def target(self) -> Type:
        """What the name stands for."""
        return self.table.get(self.name, Unknown(self.name))


def plain(type_: Type | None) -> Type:
    """The type behind names."""
    while isinstance(type_, Named):
        type_ = type_.target
    return ANY if type_ is None else type_


def unrestricted(type_: Type | None) -> Type:
    """The type behind names and behind limits on its values."""
    type_ = plain(type_)
    while isinstance(type_, Restricted):
        type_ = plain(type_.base)
    return type_


class ItemDefinitions:
    """The item definitions of a model, and those imported under `alias.`."""

    def __init__(self, imported: Mapping[str, Mapping[str, Type]], read_tests: ReadTests) -> None:
        self.types: dict[str, Type] = {
            f"{alias}.{name}": type_
            for alias, types in imported.items()
            for name, type_ in types.items()
        }
        self.component_names: set[str] = set()
        self.lines: dict[str, int] = {}
        self.guessed: dict[str, Type] = {}
        """Types that nothing defines, once they were told: nothing is said a second time."""
        self._read_tests = read_tests
        self._named: list[tuple[str, int]] = []

    def reference(self, name: str | None) -> Type:
        """The type a typeRef names; Any where nothing is said."""
        if not name or not name.strip():
            return ANY
        name = " ".join(name.split())
        if name in self.types:
            return Named(name, self.types)
        # Older files qualify the built-in types with a prefix.
        bare = name.split(":")[-1]
        return BUILTIN.get(bare) or self.guessed.get(bare) or Named(bare, self.types)

    def define(self, element: etree._Element) -> None:
        """Add a top-level definition."""
        name = " ".join((element.get("name") or "").split())
        self.lines[name] = line_of(element)
        self.types[name] = self._definition(element, name)

    def undefined(self) -> list[tuple[str, int]]:
        """Names that definitions refer to and nothing defines, with their lines; then guessed."""
        found = [(name, line) for name, line in self._named if name not in self.types]
        for name, _ in found:
            self.guess(name)
        return found

    def guess(self, name: str) -> None:
        """Take a name that nothing defines for the type that other tools mean by it, or any."""
        self.guessed[name] = meant(name) or ANY
        self.types.setdefault(name, self.guessed[name])

    def circles(self) -> list[tuple[list[str], bool]]:
        """Names that lead back to themselves, and whether a component lies on the way.

        A circle without one means nothing; its names are then taken for any type.
        """
        found: list[tuple[list[str], bool]] = []
        for components in (False, True):
            ways = {
                name: [
                    target for target, inside in _targets(self.types[name]) if inside <= components
                ]
                for name in self.lines
            }
            found += [(ring, components) for ring in circles(ways)]
            if not components:
                for ring, _ in found:
                    self.types.update(dict.fromkeys(ring, ANY))
        return found

    def _definition(self, element: etree._Element, name: str) -> Type:
        base = self._base(element, name)
        allowed = self._tests(element, "allowedValues")
        if allowed is not None:
            base = Restricted(base, Allowed(allowed), name)
        if (element.get("isCollection") or "").strip() in ("true", "1"):  # xsd:boolean
            base = ListOf(base)
        constraint = self._tests(element, "typeConstraint")
        return base if constraint is None else Restricted(base, Allowed(constraint), name)

    def _base(self, element: etree._Element, name: str) -> Type:
        components = children(element, "itemComponent")
        if components:
            entries = {}
            for component in components:
                key = " ".join((component.get("name") or "").split())
                self.component_names.add(key)
                entries[key] = self._definition(component, f"{name}.{key}")
            return Structure(entries, name)
        function = child(element, "functionItem")
        if function is not None:
            parameters = tuple(
                self.reference(each.get("typeRef")) for each in children(function, "parameters")
            )
            return FunctionOf(parameters, self.reference(function.get("outputTypeRef")))
        type_ = self.reference(text_of_child(element, "typeRef"))
        if isinstance(type_, Named):
            self._named.append((type_.name, line_of(element)))
        return type_

    def _tests(self, element: etree._Element, tag: str) -> UnaryTests | None:
        found = child(element, tag)
        return None if found is None else self._read_tests(found)


def _targets(type_: Type, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """The names a type refers to, and whether by a component."""
    if isinstance(type_, Named):
        yield type_.name, inside
    elif isinstance(type_, Restricted):
        yield from _targets(type_.base, inside)
    elif isinstance(type_, ListOf):
        yield from _targets(type_.item, inside)
    elif isinstance(type_, ContextOf):
        for entry in type_.entries.values():
            yield from _targets(entry, True)
    elif isinstance(type_, FunctionOf):
        for part in (*type_.parameters, type_.result):
            yield from _targets(part, True)


# What other tools call the types of FEEL.
_MEANT: dict[str, tuple[str, ...]] = {
    "number": (
        *("int", "integer", "long", "short", "byte", "biginteger"),
        *("double", "float", "decimal", "bigdecimal", "numeric"),
    ),
    "string": ("str", "text", "char", "varchar", "uri", "anyuri"),
    "boolean": ("bool", "yesno"),
    "date and time": ("datetime", "timestamp", "date-time", "localdatetime", "zoneddatetime"),
    "days and time duration": ("duration", "daytimeduration", "days and time"),
    "years and months duration": ("period", "yearmonthduration"),
    "Any": ("json", "object", "map", "variant", "enumeration", "enum", "collection", "array"),
}
_STANDARD = {word: name for name, words in _MEANT.items() for word in words}


def standard_name(name: str) -> str | None:
    """The FEEL type that other tools mean by a name, such as number for integer."""
    folded = name.rpartition(".")[2].lower()
    known = {each.lower(): each for each in BUILTIN}
    return _STANDARD.get(folded) or known.get(folded)


def meant(name: str) -> Type | None:
    """As `standard_name`, the type itself."""
    return BUILTIN.get(standard_name(name) or "")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Allowed values as a condition that can still be inspected."""

    tests: UnaryTests

    def __call__(self, value: Value) -> bool | None:
        return self.tests.matches(value, {})


def fitted_input(
    value: Value, type_: Type, name: str, unfit: Callable[[str, Value, Type], None]
) -> Value:
    """An input as its type has it; what does not fit is null and told to `unfit`.

    Components are looked at one by one, so that one wrong field of an application does not take
    the others with it, and those left out are null, as senders of JSON often leave nulls out.
    """
    base = plain(type_)
    while isinstance(base, Restricted):
        base = plain(base.base)
    if isinstance(base, ContextOf) and isinstance(value, dict):
        value = dict(value)
        for part, wanted in base.entries.items():
            value[part] = fitted_input(value.get(part), wanted, f"{name}.{part}", unfit)
    elif isinstance(base, ListOf) and isinstance(value, list):
        value = [
            fitted_input(each, base.item, f"{name}[{at}]", unfit)
            for at, each in enumerate(value, 1)
        ]
    fits, converted = coerce(value, type_)
    if not fits:
        unfit(name, value, type_)
    return converted


def from_typed_json(value: object, type_: Type) -> Value:
    """A FEEL value from JSON, texts read as the temporal values their type asks for.

    A text that is none of those stays a text, which then does not conform to the type.
    """
    type_ = plain(type_)
    while isinstance(type_, Restricted):
        type_ = plain(type_.base)
    if isinstance(value, list):
        item = type_.item if isinstance(type_, ListOf) else type_
        return [from_typed_json(each, item) for each in value]
    if isinstance(value, dict):
        entries = type_.entries if isinstance(type_, ContextOf) else {}
        return {str(k): from_typed_json(v, entries.get(k, ANY)) for k, v in value.items()}
    if isinstance(value, str) and type_ in _TEMPORAL:
        read = at_literal(value)
        return value if read is None else read
    return from_json(value)


_TEMPORAL = (DATE, TIME, DATE_TIME, DAYS_TIME, YEARS_MONTHS)
