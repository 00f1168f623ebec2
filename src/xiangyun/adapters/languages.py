"""The languages there are: Chinese, English, and every folder of `languages/`.

The shipped folder comes first, then those of XIANGYUN_LANGUAGES (separated as in PATH). Each holds
a folder a language, called by its tag; a file of the same name in a later one takes the place of
the earlier. Read once a process.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.language import COMPLETE, Language
from xiangyun.kernel.translation import Sentence, in_python, in_template, read_language

_log = logging.getLogger(__name__)
SHIPPED = Path(__file__).resolve().parent.parent / "languages"
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its tag, the complete ones first. What is wrong in a file is logged."""
    found = dict(COMPLETE)
    for tag in sorted(_folders()):
        found[tag], faults = read(tag)
        for fault in faults:
            _log.warning("%s %s", tag, fault)
    return found


def read(tag: str) -> tuple[Language, list[Finding]]:
    """One language as its files stand now, with what is wrong in them."""
    files: dict[str, str] = {}
    for folder in _folders().get(tag, ()):
        for file in sorted(folder.glob("*.yaml")):
            files[file.name] = file.read_text("utf-8", errors="replace")
    return read_language(tag, files)


def sentences() -> Iterator[Sentence]:
    """Every sentence of the code and the templates of this package, without its tests."""
    package = SHIPPED.parent
    for file in sorted(package.rglob("*")):
        name = file.relative_to(package).as_posix()
        if "tests" in file.parts or not file.is_file():
            continue
        if file.suffix == ".py":
            yield from in_python(file.read_text("utf-8"), name)
        elif file.suffix == ".html":
            yield from in_template(file.read_text("utf-8"), name)


def _folders() -> dict[str, list[Path]]:
    """The folders of each language, in the order in which they count."""
    own = [
        Path(each) for each in os.environ.get("XIANGYUN_LANGUAGES", "").split(os.pathsep) if each
    ]
    found: dict[str, list[Path]] = {}
    for place in (SHIPPED, *own):
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            if folder.is_dir() and _TAG.fullmatch(folder.name) and folder.name not in COMPLETE:
                found.setdefault(folder.name, []).append(folder)
    return found
