"""The kinds of questions: one module each, found by walking this package.

A module holds `KIND`, a `QuestionKind`. Nobody lists the modules: one put beside them is read,
asked, judged, shown and documented like the others. Its control is the template of the look that
bears its name: `look/kinds/<name>.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xiangyun.kernel.declared import declared
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.questionkind import QuestionKind


@cache
def kinds() -> Mapping[str, QuestionKind]:
    """Every kind by its name. Raises TypeError for a module without, ValueError for two alike."""
    return declared(__name__, "KIND", QuestionKind)


def kind_of(question: Question) -> QuestionKind:
    """The kind of a question."""
    return kinds()[question.kind]
