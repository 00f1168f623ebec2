"""Implementation sheets (实施清单) of a place: what it does better than the item asks of everybody.

`read_sheet` reads one, `prove` says every rule that it breaks, `applied` is the item as the place
offers it. Name, code, basis and type are equal at five levels (五级四同, GB/T 39554); what may
differ is only ever better for the citizen, which is proved for every input and every calendar.
"""

from xiangyun.kernel.sheet.applied import applied, applied_rules
from xiangyun.kernel.sheet.model import Sheet
from xiangyun.kernel.sheet.promise import is_no_longer
from xiangyun.kernel.sheet.prove import Base, prove
from xiangyun.kernel.sheet.reader import parse_sheet, read_sheet

__all__ = [
    "Base",
    "Sheet",
    "applied",
    "applied_rules",
    "is_no_longer",
    "parse_sheet",
    "prove",
    "read_sheet",
]
