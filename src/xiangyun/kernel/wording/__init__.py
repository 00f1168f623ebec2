"""Texts looked at with word lists and rules: what is wrong, why, and what may stand instead.

Rules come from files of a pack (`wording/*.yaml`, see docs/reference/wording.md). The room knows
no word of any language beyond how dates, figures and addresses are written.
"""

from .diagnosis import Diagnosis, diagnose, look
from .document import Line, lines_of
from .improving import Change, apply, changes, invented
from .jsonresume import lines_of_json, to_json_resume
from .months import numbered
from .posts import asked_by
from .remark import Remark
from .rules import WordRules, checked_wording

__all__ = [
    "Change",
    "Diagnosis",
    "Line",
    "Remark",
    "WordRules",
    "apply",
    "asked_by",
    "changes",
    "checked_wording",
    "diagnose",
    "invented",
    "lines_of",
    "lines_of_json",
    "look",
    "numbered",
    "to_json_resume",
]
