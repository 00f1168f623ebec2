"""A drawing back into BPMN 2.0 XML: everything that was read, known to us or not."""

from __future__ import annotations

from xiangyun.kernel.bpmn.markup import serialise
from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.bpmn.read import Document


def write_document(document: Document) -> str:
    """The whole file, UTF-8; canonical XML (C14N) before and after is equal.

    Drawing (BPMN DI), foreign extension elements, comments, collaborations and every process of
    the file are kept.
    """
    return serialise(document.page)


def write_process(process: Process) -> str:
    """The whole file the process was read from, as `write_document` writes it."""
    return serialise(process.page)
