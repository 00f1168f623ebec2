"""The zip of an ASiC-E container (ETSI EN 319 162-1): its files, each once, of bounded size.

`mimetype` need be neither the first entry nor uncompressed, as the standard recommends: X-Road
writes it compressed, and has containers of its own in which it stands last. What counts is that no
byte lies in the archive outside of its entries: another reader might find a file there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from lxml import etree

from .faults import refused

MIMETYPE = "application/vnd.etsi.asic-e+zip"
MANIFEST, SIGNATURES = "META-INF/manifest.xml", "META-INF/signatures.xml"
ASIC_MANIFEST, TIMESTAMP = "META-INF/ASiCManifest.xml", "META-INF/timestamp.tst"
MESSAGE = "message.xml"
_MOST_FILES, _MOST_BYTES = 100, 100_000_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
_KNOWN = {MANIFEST, SIGNATURES, ASIC_MANIFEST, TIMESTAMP}
_HEADER, _DESCRIPTOR = 30, 0x08  # of a local entry (APPNOTE 4.3.7): its size, its flag
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(\s*;.*)?", re.IGNORECASE)
ODF = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"


def parse(name: str, content: bytes) -> etree._Element:
    """A document without entities. Raises Refused."""
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as problem:
        raise refused("asice.E001", f"{name}: {problem.msg or 'XML'}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused("asice.E001", f"{name}: DOCTYPE")
    return root


def read(content: bytes) -> Mapping[str, bytes]:
    """The files of a container by their names. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            names = [each.filename for each in listed]
            if len(set(names)) != len(names) or len(names) > _MOST_FILES:
                raise refused("asice.E001", "entries")
            _refuse_hidden(archive, content)
            if sum(each.file_size for each in listed) > _MOST_BYTES:
                raise refused("asice.E001", f"> {_MOST_BYTES} B")
            files = {name: archive.read(name) for name in names if not name.endswith("/")}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as problem:
        raise refused("asice.E001", str(problem) or "zip") from None
    except Exception as problem:
        if type(problem).__module__ == "zlib":
            raise refused("asice.E001", "zip") from None
        raise
    if files.get("mimetype", b"").decode("ascii", "replace") != MIMETYPE:
        raise refused("asice.E001", "mimetype")
    for name in (MESSAGE, MANIFEST, SIGNATURES):
        if name not in files:
            raise refused("asice.E001", name)
    for name in sorted(files):
        if name.startswith("META-INF/") and name not in _KNOWN:
            raise refused("asice.E008", name)
    _check_manifest(files)
    return files


def _refuse_hidden(archive: zipfile.ZipFile, content: bytes) -> None:
    """Entries follow one another from the first byte to the directory, which is the end: whoever
    reads from the front finds the same files as whoever reads the directory."""
    at = 0
    for each in sorted(archive.infolist(), key=lambda each: each.header_offset):
        head = content[at : at + _HEADER]
        if each.header_offset != at or head[:4] != b"PK\x03\x04":
            raise refused("asice.E001", f"{each.filename}: offset")
        lengths = (int.from_bytes(head[n : n + 2], "little") for n in (26, 28))
        at += _HEADER + sum(lengths) + each.compress_size
        if each.flag_bits & _DESCRIPTOR:
            at += 16 if content[at : at + 4] == b"PK\x07\x08" else 12
    ends = content.rfind(b"PK\x05\x06", 0, len(content) - len(archive.comment))
    if at != archive.start_dir or ends + 22 + len(archive.comment) != len(content):
        raise refused("asice.E001", "zip")


def _check_manifest(files: Mapping[str, bytes]) -> None:
    """Every file of content is listed, and every listed one is there."""
    root = parse(MANIFEST, files[MANIFEST])
    if root.tag != f"{ODF}manifest":
        raise refused("asice.E002", MANIFEST)
    listed_as = list(root.iter(f"{ODF}file-entry"))
    if not all(_MEDIA_TYPE.fullmatch(each.get(f"{ODF}media-type", "")) for each in listed_as):
        raise refused("asice.E002", "media-type")
    entries = [each.get(f"{ODF}full-path", "") for each in listed_as]
    listed = {entry for entry in entries if entry != "/"}
    present = {name for name in files if name != "mimetype" and not name.startswith("META-INF/")}
    for name in sorted(listed ^ present):
        raise refused("asice.E002", name)
    if len(entries) != len(set(entries)):
        raise refused("asice.E002", "entries")
