"""The words of other form editors, and what each becomes here.

Flowable and Activiti list `fields`; Form.io has `components` whose members are its own; form-js of
Camunda has our components and says some things by expressions.
"""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Text

Members = Mapping[str, object]

FIELDS: Mapping[str, Members] = {
    "text": {"type": "textfield"},
    "password": {"type": "textfield"},
    "multi-line-text": {"type": "textarea"},
    "integer": {"type": "number", "decimalDigits": 0},
    "decimal": {"type": "number"},
    "amount": {"type": "number", "decimalDigits": 2},
    "date": {"type": "datetime", "subtype": "date"},
    "datetime": {"type": "datetime", "subtype": "datetime"},
    "boolean": {"type": "checkbox"},
    "dropdown": {"type": "select"},
    "radio-buttons": {"type": "radio"},
    "upload": {"type": "filepicker", "multiple": True},
    "headline": {"type": "text"},
    "headline-with-line": {"type": "text"},
    "readonly-text": {"type": "text"},
    "expression": {"type": "text"},
    "horizontal-line": {"type": "separator"},
    "spacer": {"type": "spacer"},
    "container": {"type": "group"},
    "group": {"type": "group"},
    "panel": {"type": "group"},
}
"""The types of fields in Flowable and Activiti."""

FORM_IO: Mapping[str, Members] = {
    "textfield": {"type": "textfield"},
    "textarea": {"type": "textarea"},
    "number": {"type": "number"},
    "currency": {"type": "number", "decimalDigits": 2},
    "checkbox": {"type": "checkbox"},
    "selectboxes": {"type": "checklist"},
    "select": {"type": "select"},
    "radio": {"type": "radio"},
    "email": {"type": "textfield", "properties": {"format": "email"}},
    "phoneNumber": {"type": "textfield", "properties": {"format": "phone"}},
    "datetime": {"type": "datetime", "subtype": "datetime"},
    "day": {"type": "datetime", "subtype": "date"},
    "time": {"type": "datetime", "subtype": "time"},
    "file": {"type": "filepicker"},
    "button": {"type": "button"},
    "panel": {"type": "group"},
    "fieldset": {"type": "group"},
    "well": {"type": "group"},
    "container": {"type": "group"},
    "content": {"type": "html"},
    "htmlelement": {"type": "html"},
    "datagrid": {"type": "dynamiclist"},
    "editgrid": {"type": "dynamiclist"},
}
"""The types of components in Form.io."""

LIMITS: Mapping[str, str] = {
    "minLength": "minLength",
    "maxLength": "maxLength",
    "minValue": "min",
    "maxValue": "max",
    "min": "min",
    "max": "max",
    "regexPattern": "pattern",
    "pattern": "pattern",
    "customMessage": "patternErrorMessage",
    "required": "required",
}
"""What limits an answer elsewhere, by its name under `validate` here."""

LEFT: Mapping[str, Text] = {
    "visibilityCondition": Text(
        "何时显示，请写进 conditional.hide。", "when it is shown: write it as conditional.hide"
    ),
    "customConditional": Text(
        "何时显示，请写进 conditional.hide。", "when it is shown: write it as conditional.hide"
    ),
    "restUrl": Text("选项来自网址，请列出选项。", "options from an address: list them"),
    "optionsExpression": Text("选项来自表达式，请列出选项。", "options computed: list them"),
    "calculateValue": Text(
        "算出来的值，请在流程或规则中计算。", "a computed value: compute it in the process or rules"
    ),
    "outcomes": Text(
        "表单的结果按钮，请写成任务的 actions。", "the buttons of the form: actions of the task"
    ),
}
"""What has a meaning that only a person can write anew here."""
