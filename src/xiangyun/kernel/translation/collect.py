"""Every sentence of Python code and of templates, as it stands there in both complete languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from xiangyun.kernel.findings import Place
from xiangyun.kernel.language import sentence_id

_SAY = re.compile(r"""{%\s*say\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')[^%]*%}""")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Two templates that say the same, and where they stand."""

    zh: str
    en: str
    place: Place

    @property
    def id(self) -> str:
        """What other languages know it by."""
        return sentence_id(self.zh, self.en)


def in_python(source: str, file: str) -> Iterator[Sentence]:
    """The sentences of `Text("…", "…")`; what came from outside, `Text.given`, is none."""
    found = [node for node in ast.walk(ast.parse(source)) if is_text(node)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
        zh, en = (_constant(each) for each in node.args[:2])
        if zh is not None and en is not None:
            yield Sentence(zh, en, Place(file, node.lineno))


def is_text(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether something is `Text(…)` with its two wordings."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Text"
        and len(node.args) >= 2
    )


def in_template(source: str, file: str) -> Iterator[Sentence]:
    """The sentences of `{% say "…" "…" %}`."""
    for match in _SAY.finditer(source):
        zh, en = (words[1:-1] for words in match.groups())
        yield Sentence(zh, en, Place(file, source.count("\n", 0, match.start()) + 1))


def _constant(node: ast.expr) -> str | None:
    """A literal; Python itself joins those that stand side by side."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
