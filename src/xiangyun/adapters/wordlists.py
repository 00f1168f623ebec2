"""Word lists of the packs that lie in the folders, read once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from xiangyun.kernel.findings import Finding, NotFound, Refused, Text
from xiangyun.kernel.wording import WordRules, checked_wording

from .packs import packs


def word_rules(code: str) -> WordRules:
    """The word list of `area/pack:list`. Raises `NotFound` (wording.E014), `Refused` for faults."""
    pack, _, name = code.partition(":")
    folder = packs().get(pack)
    file = folder / "wording" / f"{name}.yaml" if folder is not None else None
    if file is None or not file.is_file():
        raise NotFound(
            [
                Finding(
                    "wording.E014",
                    "error",
                    Text("没有词表 {code}。", "There is no word list {code}.", code=code),
                )
            ]
        )
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(file: Path, changed: int) -> WordRules:
    rules, findings = checked_wording(file.read_text("utf-8"), file.name)
    wrong = [each for each in findings if each.severity == "error"]
    if rules is None or wrong:
        raise Refused(wrong)
    return rules
