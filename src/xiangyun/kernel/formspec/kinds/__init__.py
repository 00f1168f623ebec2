"""The kinds of questions: one module each, found by walking this package.

A module holds `KIND`, a `QuestionKind`. Nobody lists the modules: one put beside them is read,
asked, judged, shown and documented like the others. Its control is the template of the look that
bears its name: `look/kinds/<name>.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.questionkind import QuestionKind


@cache
def kinds() -> Mapping[str, QuestionKind]:
    """Every kind by its name. Raises TypeError for a module without, ValueError for two alike."""
    found: dict[str, QuestionKind] = {}
    for module in iter_modules(__path__):
        kind = getattr(import_module(f"{__name__}.{module.name}"), "KIND", None)
        if not isinstance(kind, QuestionKind):
            raise TypeError(f"{__name__}.{module.name} declares no KIND")
        if kind.name in found:
            raise ValueError(f"two modules of {__name__} declare “{kind.name}”")
        found[kind.name] = kind
    return found


def kind_of(question: Question) -> QuestionKind:
    """The kind of a question."""
    return kinds()[question.kind]
