"""What is different between two versions of a YAML file, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.packfile.yamltext import read_yaml

_NAMED_BY = ("name", "key", "id", "code", "value")
"""Keys by which an item of a list is known, whatever its place."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another, by its place: `fields.capital.scale`; None where there is none."""

    place: str
    before: str | None
    after: str | None


def difference(before: str, after: str) -> list[Change]:
    """The changes from one text of a file to the next, in the order of the places.

    A text that cannot be read as YAML is one value.
    """
    old, new = _values(before), _values(after)
    return [
        Change(place, old.get(place), new.get(place))
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    ]


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[Change]]:
    """The changes by file, without files that are as they were."""
    found = {
        path: difference(before.get(path, ""), after.get(path, ""))
        for path in sorted({*before, *after})
    }
    return {path: changes for path, changes in found.items() if changes}


def _values(text: str) -> dict[str, str]:
    if not text.strip():
        return {}
    root = read_yaml(text, "", lambda _: None)
    return dict(_flat("", root.plain())) if root is not None else {"": text}


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(f"{place}.{key}" if place else str(key), each)
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _flat(f"{place}.{_named(each, number, value)}", each)
    else:
        yield place, "" if value is None else str(value)


def _named(item: Any, number: int, among: Sequence[Any]) -> str:
    """How an item of a list is called: by its name where all have one and each another."""
    for key in _NAMED_BY:
        names = {str(each.get(key)) for each in among if isinstance(each, Mapping) and key in each}
        if len(names) == len(among):
            return str(item[key])
    return str(number)
