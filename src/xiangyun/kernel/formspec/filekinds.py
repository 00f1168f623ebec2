"""What a file is, by its first bytes: a name and a declared media type can say anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Holds = Callable[[bytes], bool]


def _begins(*marks: bytes) -> Holds:
    return lambda content: content.startswith(marks)


def _brand(*brands: bytes) -> Holds:
    """An ISO base media file (ISO/IEC 14496-12) of one of these brands."""
    return lambda content: content[4:8] == b"ftyp" and content[8:12] in brands


def _text(content: bytes) -> bool:
    """Text without control characters, as UTF-8 or GB 18030."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _riff(content: bytes) -> bool:
    return content.startswith(b"RIFF") and content[8:12] == b"WEBP"


_ZIP = _begins(b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_JPEG, _TIFF = _begins(b"\xff\xd8\xff"), _begins(b"II*\0", b"MM\0*")
_HEIF = _brand(b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
_MOVIE = (b"ftyp", b"moov", b"mdat", b"wide", b"free")
KINDS: Mapping[str, Holds] = {
    ".pdf": lambda content: b"%PDF-" in content[:1024],  # ISO 32000: within the first 1024 bytes
    **{".jpg": _JPEG, ".jpeg": _JPEG},
    ".png": _begins(b"\x89PNG\r\n\x1a\n"),
    ".gif": _begins(b"GIF87a", b"GIF89a"),
    ".bmp": _begins(b"BM"),
    ".webp": _riff,
    **{".tif": _TIFF, ".tiff": _TIFF},
    **{".heic": _HEIF, ".heif": _HEIF},
    **dict.fromkeys((".zip", ".ofd", ".docx", ".xlsx", ".pptx", ".wps", ".odt", ".ods"), _ZIP),
    **dict.fromkeys((".doc", ".xls", ".ppt"), _COMPOUND),
    **dict.fromkeys((".txt", ".csv"), _text),
    ".xml": lambda content: _text(content) and content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<",
    **{".mp4": lambda content: content[4:8] == b"ftyp", ".mov": lambda c: c[4:8] in _MOVIE},
    ".mp3": _begins(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
}
"""Whether content is what an ending says; an ending that is not here says nothing."""
_PROGRAMS = _begins(b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def ending_of(name: str) -> str:
    """The ending of a file's name with its dot, in small letters; empty without one."""
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def is_what_it_says(name: str, content: bytes) -> bool:
    """Whether the content is of the kind that the name ends in, as far as that can be told.

    A program is never what somebody hands in, whatever it is called.
    """
    if _PROGRAMS(content):
        return False
    holds = KINDS.get(ending_of(name))
    return holds is None or holds(content)
