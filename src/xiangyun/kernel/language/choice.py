"""Which of the languages there are a reader gets: lookup as in RFC 4647, section 3.4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from xiangyun.kernel.language.text import Language


def choose(ranges: Iterable[str], languages: Iterable[Language]) -> Language | None:
    """The first range that something answers: `ko-KR` by ko, `zh-CN` and `zh-TW` by zh-Hans.

    A range is cut from its end until a tag fits; then any tag of the same language does.
    """
    known = {each.tag.lower(): each for each in languages}
    for wanted in ranges:
        parts = wanted.lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if found := known.get("-".join(parts[:length])):
                return found
        for tag, language in known.items():
            if tag.split("-")[0] == parts[0]:
                return language
    return None


def accepted(header: str) -> list[str]:
    """The ranges of an Accept-Language header (RFC 9110, section 12.5.4), the dearest first."""
    return [wanted for _, _, wanted in sorted(_weighed(header))]


def _weighed(header: str) -> Iterator[tuple[float, int, str]]:
    for at, part in enumerate(header.split(",")[:50]):  # nobody reads more languages than that
        found = re.fullmatch(
            r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([\d.]+))?\s*", part
        )
        if found:
            try:
                weight = float(found[2] or 1)
            except ValueError:
                continue
            if weight > 0:
                yield -weight, at, found[1]


def is_tag(text: str) -> bool:
    """Whether a text has the shape of a language tag, such as ko or zh-Hant-TW (RFC 5646)."""
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text) is not None


def of_locale(locale: str) -> str | None:
    """The range that a POSIX locale names: `ko_KR.UTF-8` is ko-KR; C and POSIX name none."""
    name = re.split(r"[.@]", locale.strip())[0].replace("_", "-")
    return None if name.upper() in ("", "C", "POSIX") else name
