"""What is wrong and what is right in a form: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_FORM = "docs/reference/forms.md"
EXPLAINED: Mapping[str, Explained] = {
    "form.E001": Explained('{"components": [}', '{"components": []}', "RFC 8259"),
    "form.E002": Explained('{"key": "a", "key": "b"}', '{"key": "a"}', "RFC 8259, section 4"),
    "form.E003": Explained(
        '{"type": "textfield", "label": "姓名"}',
        '{"type": "textfield", "key": "name", "label": "姓名"}',
        _FORM,
    ),
    "form.E004": Explained(
        '"properties": {"format": "phone number"}', '"properties": {"format": "phone"}', _FORM
    ),
    "form.E005": Explained('{"type": "iframe"}', '{"type": "text", "text": "…"}', _FORM),
    "form.E006": Explained("two questions with the key name", "name and contact_name", _FORM),
    "form.E007": Explained(
        "a dynamic list within a dynamic list", "two lists beside each other", _FORM
    ),
    "form.E008": Explained(
        'a radio with "validate": {"maxLength": 5}', '"validate": {"required": true}', _FORM
    ),
    "form.E009": Explained('a number with "defaultValue": "many"', '"defaultValue": 1', _FORM),
    "form.E010": Explained(
        "a form of 3,000 components", "several services, or a dynamic list", _FORM
    ),
    "form.E011": Explained(
        '"hide": "=purpose = \\"own\\"" before the question purpose',
        "the question purpose first",
        _FORM,
    ),
    "form.E012": Explained("more than 200 findings", "mend those told, then check again", _FORM),
    "form.W001": Explained('"lable": "姓名"', '"label": "姓名"', _FORM),
    "form.W002": Explained(
        '"validate": {"pattern": "[A-Z]{2}"}',
        '"validate": {"pattern": "[A-Z]{2}", "patternErrorMessage": "请写两个大写字母。"}',
        _FORM,
    ),
    "form.W003": Explained(
        '{"type": "group", "id": "who", "components": […]}',
        '{"type": "group", "id": "who", "label": "谁来申请", "components": […]}',
        _FORM,
    ),
    "form.N001": Explained('"executionPlatformVersion": "8.6.0"', "nothing: it may stay", _FORM),
    "form.N002": Explained('{"type": "spacer"}', "a further group, which is a page", _FORM),
    "form.N003": Explained(
        '"layout": {"columns": 8}', "nothing: questions stand below each other", _FORM
    ),
    "form.N004": Explained(
        '"hide": "=amount > 10" over a number that may be empty',
        '"hide": "=amount = null or amount > 10"',
        _FORM,
    ),
    "form.E240": Explained(
        "the answer “market” to a text with format: department",
        "the answer “market_supervision”, a key of the departments",
        _FORM,
    ),
}
