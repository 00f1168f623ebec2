"""Registers (库) as files: what a record holds, who may read and write it, how it is found.

`read_register` reads a declaration with every fault at its line, `checked_register` also proves
what its fields say of each other and tries its examples, `check_record` reads the data of one
record by the declared types. A record's history, its rows and its readers are the domain's.
"""

from xiangyun.kernel.record.check import checked_register
from xiangyun.kernel.record.data import (
    Checked,
    RecordReader,
    as_feel,
    as_json,
    as_seen,
    check_record,
    fitting,
    fitting_changes,
    key_of,
    value_sought,
)
from xiangyun.kernel.record.model import EVERYBODY, Field, Option, RecordExample, Register
from xiangyun.kernel.record.objected import OBJECTED, put_right, value_written
from xiangyun.kernel.record.reader import read_register
from xiangyun.kernel.record.types import TYPES, Stored, ValueType

__all__ = [
    "EVERYBODY",
    "OBJECTED",
    "TYPES",
    "Checked",
    "Field",
    "Option",
    "RecordExample",
    "RecordReader",
    "Register",
    "Stored",
    "ValueType",
    "as_feel",
    "as_json",
    "as_seen",
    "check_record",
    "checked_register",
    "fitting",
    "fitting_changes",
    "key_of",
    "put_right",
    "read_register",
    "value_sought",
    "value_written",
]
