"""What there is to be known of a finding by its id: `xiangyun check --explain ID`.

Its words are read where they stand, beside the check that finds it; an example of what is wrong
and what is right, and the source, from the `explained` module of its room. So nothing is said
twice, and a finding that a new room brings is explained without a change here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

from xiangyun.kernel.findings import Explained, Text

PACKAGE = Path(__file__).resolve().parents[2]
ID = re.compile(r"[a-z]+\.[EWN]\d{3}")
_ID_IN_CODE = re.compile(r"['\"]([a-z]+\.[EWN]\d{3})['\"]")
_NUMBER_IN_CODE = re.compile(r"['\"]([EWN]\d{3})['\"]")
_PREFIX = re.compile(r"f['\"]([a-z]+)\.\{number\}['\"]")
SEVERITIES = {
    "E": Text(
        "错误：有它就不能发布，或者不予办理。", "An error: it keeps something from being done."
    ),
    "W": Text("警告：可以发布，但多半不是本意。", "A warning: allowed, but hardly what is meant."),
    "N": Text("提示：供参考。", "A note: for your information."),
}


@dataclass(slots=True)
class Explanation:
    """All that is known of an id.

    `said`: what it can say; `hints`: what it advises; `places`: where it is found, as modules;
    `example`: None where there is none to show.
    """

    id: str
    kind: Text
    said: list[Text] = field(default_factory=list)
    hints: list[Text] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    example: Explained | None = None


def explain(id: str) -> Explanation | None:
    """What is known of a finding; None for an id that does not occur."""
    if not ID.fullmatch(id) or id not in known_ids():
        return None
    found = Explanation(id, SEVERITIES[id.partition(".")[2][0]], example=examples().get(id))
    for path, name in _spellings(id):
        _read(path, name, found)
    return found


@cache
def known_ids() -> frozenset[str]:
    """Every id that the code holds."""
    return frozenset(id for path, ids in _ids_by_file() for id in ids)


@cache
def examples() -> dict[str, Explained]:
    """The examples of all rooms: `EXPLAINED` of every module called `explained`."""
    found: dict[str, Explained] = {}
    for path in sorted(PACKAGE.rglob("explained.py")):
        module = ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts))
        found |= import_module(module).EXPLAINED
    return found


@cache
def _sources() -> tuple[tuple[Path, str], ...]:
    files = (
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts) and path.name != "explained.py"
    )
    return tuple((path, path.read_text("utf-8")) for path in files)


def _room(path: Path) -> Path:
    return PACKAGE.joinpath(*path.relative_to(PACKAGE).parts[:2])


@cache
def _ids_by_file() -> tuple[tuple[Path, frozenset[str]], ...]:
    prefixes = {
        _room(path): found[1] for path, text in _sources() if (found := _PREFIX.search(text))
    }
    listed = []
    for path, text in _sources():
        ids = set(_ID_IN_CODE.findall(text))
        if prefix := prefixes.get(_room(path)):
            ids |= {f"{prefix}.{number}" for number in _NUMBER_IN_CODE.findall(text)}
        listed.append((path, frozenset(ids)))
    return tuple(listed)


def _spellings(id: str) -> Iterator[tuple[Path, str]]:
    """The files that hold the id, and how it is written there."""
    texts = dict(_sources())
    for path, ids in _ids_by_file():
        if id in ids:
            whole = re.search(rf"['\"]{re.escape(id)}['\"]", texts[path])
            yield path, id if whole else id.partition(".")[2]


def _read(path: Path, name: str, found: Explanation) -> None:
    tree = ast.parse(dict(_sources())[path])
    found.places.append(".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    _add(found.said, _texts(value)[:1])
        elif isinstance(node, ast.Call) and any(
            isinstance(each, ast.Constant) and each.value == name
            for each in (*node.args, *(keyword.value for keyword in node.keywords))
        ):
            hints = [k.value for k in node.keywords if k.arg == "hint"]
            given = [text for each in node.args for text in _texts(each)]
            given += [t for k in node.keywords if k.arg != "hint" for t in _texts(k.value)]
            _add(found.said, given[:1])
            _add(found.hints, [*given[1:], *(text for hint in hints for text in _texts(hint))])


def _texts(node: ast.AST) -> list[Text]:
    """The sentences that a part of the code holds, with the names of their values in braces."""
    found = []
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Text":
            words = [a.value for a in each.args[:2] if isinstance(a, ast.Constant)]
            if len(words) == 2 and len(str(words[0])) > 3:
                found.append(Text.given(str(words[0]), str(words[1])))
    return found


def _add(texts: list[Text], more: list[Text]) -> None:
    for text in more:
        if text.zh not in {each.zh for each in texts}:
            texts.append(text)
