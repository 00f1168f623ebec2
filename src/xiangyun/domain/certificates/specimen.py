"""A certificate as it will look: the page of a rehearsed one, marked as a sample and not signed."""

from __future__ import annotations

from datetime import date

from xiangyun.kernel.pack import CertificateContent

from .actions import content_of
from .page import blank_page

_SERIAL = "X" * 12


def specimen_page(what: CertificateContent, on: date) -> str:
    """The page, with the mark across it and without data: whoever checks it finds nothing issued.

    Raises Refused `code.E04x` for a type or authority code that is none.
    """
    return blank_page(content_of(what, on, _SERIAL), "", specimen=True)
