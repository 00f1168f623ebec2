"""Forms: the form-js schema as pages of questions, and what people answer to them.

`read_form` and `check_form` read a form file; `visible_pages` says what to ask next, `Form.read`
takes what was typed on a page, `check` judges a whole submission. What kinds of questions there are
is declared one by one in `kinds`.
"""

from xiangyun.kernel.formspec.answers import Attached, Reading, rows_named
from xiangyun.kernel.formspec.form import (
    Form,
    check,
    doubts,
    from_json,
    submitted,
    visible_pages,
    with_computed,
)
from xiangyun.kernel.formspec.formats import FORMATS, Format
from xiangyun.kernel.formspec.kinds import kind_of, kinds
from xiangyun.kernel.formspec.model import MAX_FILE_BYTES, MAX_ROWS, Option, Page, Question, Rules
from xiangyun.kernel.formspec.questionkind import QuestionKind
from xiangyun.kernel.formspec.reader import check_form, checked_form, read_form
from xiangyun.kernel.formspec.tables import table_field

__all__ = [
    "FORMATS",
    "MAX_FILE_BYTES",
    "MAX_ROWS",
    "Attached",
    "Form",
    "Format",
    "Option",
    "Page",
    "Question",
    "QuestionKind",
    "Reading",
    "Rules",
    "check",
    "check_form",
    "checked_form",
    "doubts",
    "from_json",
    "kind_of",
    "kinds",
    "read_form",
    "rows_named",
    "submitted",
    "table_field",
    "visible_pages",
    "with_computed",
]
