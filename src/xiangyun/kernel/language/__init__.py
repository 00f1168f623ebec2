"""Sentences and the languages they are read in: Chinese and English here, others from files."""

from xiangyun.kernel.language.choice import accepted, choose, is_tag, of_locale
from xiangyun.kernel.language.plural import CATEGORIES, Rule, read_rule
from xiangyun.kernel.language.template import BrokenTemplate, Hole, names, pieces
from xiangyun.kernel.language.text import CHINESE, COMPLETE, ENGLISH, Language, Text, sentence_id

__all__ = [
    "CATEGORIES",
    "CHINESE",
    "COMPLETE",
    "ENGLISH",
    "BrokenTemplate",
    "Hole",
    "Language",
    "Rule",
    "Text",
    "accepted",
    "choose",
    "is_tag",
    "names",
    "of_locale",
    "pieces",
    "read_rule",
    "sentence_id",
]
