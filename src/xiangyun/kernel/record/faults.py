"""What can be wrong with a register's declaration, and with the data of a record.

Faults that any file of a pack can have (an unknown key, words in one language) keep their ids of
`packfile.faults`.
"""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.spelling import did_you_mean

FAULTS: dict[str, Text] = {
    "record.E001": Text("库的代码不是文件名", "a register's code is not the name of its file"),
    "record.E002": Text("库里没有这一项", "a field does not exist"),
    "record.E003": Text("字段名不合规则", "the name of a field does not follow the rule"),
    "record.E004": Text("字段写了两次", "a field is declared twice"),
    "record.E005": Text("这一类型没有这个设置", "a setting that this type does not have"),
    "record.E006": Text("没有这种格式", "a format does not exist"),
    "record.E007": Text("选项不对", "the options of a choice are missing or repeated"),
    "record.E008": Text("这一类型不能这样检索", "a type cannot be searched in this way"),
    "record.E009": Text("敏感字段不能这样用", "a sensitive field cannot be used like this"),
    "record.E010": Text("主键或区划字段不合适", "a field cannot be the key or the place"),
    "record.E011": Text("没有法律依据", "a register has no legal basis"),
    "record.E012": Text("示例的结果与预期不同", "an example does not come out as expected"),
    "record.E013": Text("没有被接受的示例", "no example is accepted"),
    "record.W001": Text("字段没有写名称", "a field has no words"),
    "record.W002": Text("密级没有作用", "a class has no effect"),
    "record.E020": Text("缺少必填的值", "a required value is missing"),
    "record.E021": Text("没有这个字段", "a value for a field that does not exist"),
    "record.E022": Text("值的类型不对", "a value is not of the field's type"),
    "record.E023": Text("小数位太多", "a number has more decimal places than the field"),
    "record.E024": Text("不是选项之一", "a value is none of the options"),
    "record.E025": Text("值太长或太大", "a value is too long or too large"),
}
"""By id; `record.E02x` are faults of a record's data, the others of a declaration."""


def fault(id: str, message: Text, place: Place | None, hint: Text | None = None) -> Finding:
    """A finding of this package; `E` is an error, `W` a warning."""
    if id not in FAULTS:
        raise KeyError(id)
    return Finding(id, "error" if ".E" in id else "warning", message, place, hint)


def no_field(name: str, known: Iterable[str], place: Place | None, register: Text) -> Finding:
    """A field that the register does not have, with what was perhaps meant."""
    return fault(
        "record.E002",
        Text(
            "{register}没有“{name}”这一项。",
            "{register} has no field “{name}”.",
            register=register,
            name=name,
        ),
        place,
        did_you_mean(name, known),
    )
