"""A process back into BPMN 2.0 XML: everything that was read, known to us or not."""

from __future__ import annotations

from xiangyun.kernel.bpmn.markup import serialise
from xiangyun.kernel.bpmn.model import Process


def write_process(process: Process) -> str:
    """The whole file the process was read from, UTF-8.

    Drawing (BPMN DI), foreign extension elements, comments and other processes of the file are
    kept; canonical XML before and after is equal.
    """
    return serialise(process.page)
