"""The national identifiers: one module a code, and in each the same three verbs.

`problem(text)` says what is wrong with a code as a person typed it, with an example of what would
be right, or None; `parse(text)` takes it apart or raises Refused with that finding; `make(...)`
builds one with its check character. `normal(text)` is the one spelling to store.
"""

from xiangyun.kernel.codes import certificate, division, organisation, resident, uscc, vin
from xiangyun.kernel.codes.spelling import normal

__all__ = ["certificate", "division", "normal", "organisation", "resident", "uscc", "vin"]
