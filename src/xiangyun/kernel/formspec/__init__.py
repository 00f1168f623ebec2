"""Forms: the form-js schema as pages of questions, and what people answer to them.

`read_form` and `check_form` read a form file; `visible_pages` says what to ask next, `Form.read`
takes what was typed on a page, `check` judges a whole submission, `prefill` asks nobody for what a
register knows.
"""

from xiangyun.kernel.formspec.answers import Attached, Reading
from xiangyun.kernel.formspec.form import Form, check, from_json, kept, prefill, visible_pages
from xiangyun.kernel.formspec.formats import FORMATS, Format
from xiangyun.kernel.formspec.model import Option, Page, Question, Rules
from xiangyun.kernel.formspec.reader import check_form, checked_form, read_form

__all__ = [
    "FORMATS",
    "Attached",
    "Form",
    "Format",
    "Option",
    "Page",
    "Question",
    "Reading",
    "Rules",
    "check",
    "check_form",
    "checked_form",
    "from_json",
    "kept",
    "prefill",
    "read_form",
    "visible_pages",
]
