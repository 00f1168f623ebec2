"""Further languages: read from files, held against the sentences of code and templates."""

from xiangyun.kernel.translation.collect import Sentence, in_python, in_template, is_text
from xiangyun.kernel.translation.coverage import Coverage, coverage
from xiangyun.kernel.translation.reader import ABOUT, read_language

__all__ = [
    "ABOUT",
    "Coverage",
    "Sentence",
    "coverage",
    "in_python",
    "in_template",
    "is_text",
    "read_language",
]
