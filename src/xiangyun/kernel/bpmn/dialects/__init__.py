"""Drawings written for other engines: what was found, what it becomes here, and the rewriting."""

from xiangyun.kernel.bpmn.dialects.told import dialect_finding
from xiangyun.kernel.bpmn.dialects.translate import (
    Translation,
    condition_of,
    is_foreign,
    translated,
)

__all__ = ["Translation", "condition_of", "dialect_finding", "is_foreign", "translated"]
