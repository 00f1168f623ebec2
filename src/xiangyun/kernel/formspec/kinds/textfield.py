"""One line of text, often in a format of its own."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.properties import FORMAT, REACH, Property, one_of
from xiangyun.kernel.formspec.writing import writing


def _validation_type(value: object) -> str | None:
    found = one_of("email", "phone", "custom")(value)
    return None if found == "custom" else found


KIND = writing(
    "textfield",
    Text("单行文字", "A line of text"),
    Text("名称、地址、号码等一行以内的文字。", "Names, addresses, numbers: what fits one line."),
    500,
    properties=(
        Property(
            "validationType",
            Text(
                "email 或 phone，与 format 相同；custom 表示用 pattern。",
                "email or phone, the same as `format`; custom means that `pattern` says it.",
            ),
            _validation_type,
            rule="format",
            within="validate",
        ),
        FORMAT,
        REACH,
    ),
)
