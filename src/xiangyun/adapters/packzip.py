"""A pack as one file, and back, byte for byte: a ZIP whose bytes depend on the contents alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from xiangyun.kernel.findings import Finding, Place, Refused, Text

MOST_BYTES = 50_000_000
MOST_FILES = 2_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


def zipped(files: Mapping[str, str]) -> bytes:
    """The files as a ZIP, in the order of their paths, without times of their own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr, entry.compress_type = _MODE, zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path].encode())
    return out.getvalue()


def unzipped(data: bytes, name: str = "") -> dict[str, str]:
    """The files of a ZIP by their paths. Raises Refused for what is none, is empty, or unsafe.

    Sizes are counted before anything is unpacked; a path that leads out of the pack is refused.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [each for each in archive.infolist() if not each.is_dir()]
        if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_BYTES:
            raise Refused([_fault(name, _TOO_MUCH)])
        files = {}
        for entry in entries:
            parts = entry.filename.split("/")
            if (
                entry.filename.startswith("/")
                or "\\" in entry.filename
                or {"", ".", ".."} & {*parts}
            ):
                raise Refused([_fault(entry.filename, _OUTSIDE)])
            if entry.filename in files:
                raise Refused([_fault(entry.filename, _TWICE)])
            files[entry.filename] = archive.read(entry).decode()
    except (zipfile.BadZipFile, UnicodeDecodeError, RuntimeError, NotImplementedError) as problem:
        raise Refused([_fault(name, _UNREADABLE)]) from problem
    if not files:
        raise Refused([_fault(name, _NOTHING)])
    return files


_TOO_MUCH = Text("内容超过一个事项所需。", "It holds more than any pack needs.")
_OUTSIDE = Text("路径指向事项之外。", "This path leads out of the pack.")
_TWICE = Text("同一路径出现两次。", "This path stands there twice.")
_UNREADABLE = Text(
    "不是可以读的压缩包，或者文字不是 UTF-8。", "It is no readable ZIP of UTF-8 texts."
)
_NOTHING = Text(
    "里面没有任何文件，没有东西可导入。", "It holds no file: there is nothing to import."
)


def _fault(file: str, message: Text) -> Finding:
    return Finding(
        "catalogue.E008",
        "error",
        message,
        Place(file),
        Text("请用 xiangyun items export 重新导出。", "Export it again by xiangyun items export."),
    )
