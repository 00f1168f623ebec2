"""A table that somebody sends by a page: CSV, TSV, or the first sheet of an Excel workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from xiangyun.adapters.tables import ENDINGS, TableFile
from xiangyun.kernel.findings import Finding, Refused

TAKEN = tuple(ending for ending in ENDINGS if ending in (".csv", ".tsv", ".xlsx"))
"""How the name of a file may end."""


@contextmanager
def sent_table(
    sent: object, columns: Mapping[str, str], most: int, refused: Finding
) -> Iterator[TableFile]:
    """The rows of a file that a form sent, whose first line names `columns` as for `TableFile`.

    Text is UTF-8, or else GB 18030, as spreadsheets here write it. `most`: bytes. Raises Refused:
    with `refused` where there is no such file, and as `TableFile` does.
    """
    if not isinstance(sent, UploadedFile) or not 0 < (sent.size or 0) <= most:
        raise Refused([refused])
    ending = Path(sent.name or "").suffix.lower()
    if ending not in TAKEN:
        raise Refused([refused])
    content = sent.read()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table{ending}"
        file.write_bytes(content)
        yield TableFile(file, columns, _encoding(content))


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
