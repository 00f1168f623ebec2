"""A service's processes as drawings, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from django.utils.html import escape

from xiangyun.faces.look.languages import reader
from xiangyun.kernel.bpmn import draw
from xiangyun.kernel.pack import Pack

Mark = Literal["done", "here", "ahead", "failed"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a drawing depends on: the pack by its digest, the language, where the case stands."""

    digest: str
    language: str
    marks: frozenset[tuple[str, Mark]]
    pack: Pack = field(compare=False)


def walked(path: Iterable[str], here: Iterable[str]) -> dict[str, Mark]:
    """The marks of a case that has come by these elements and waits at those."""
    marks: dict[str, Mark] = dict.fromkeys(path, "done")
    return {**marks, **dict.fromkeys(here, "here")}


def process_drawing(pack: Pack, marks: Mapping[str, Mark]) -> str:
    """The drawing as SVG with where a case stands; the drawing escapes its own words.

    Below it, each under its name, stand the processes that it calls. What the case is at has the
    id `now`, so that a link can bring it into view. Many cases stand at the same place: the last
    drawings are kept.
    """
    return _drawn(_Wanted(pack.digest, reader().tag, frozenset(marks.items()), pack))


@lru_cache(maxsize=128)
def _drawn(wanted: _Wanted) -> str:
    pack, marks, language = wanted.pack, dict(wanted.marks), reader()
    labels = {pack.process.id: pack.service.name.pick(language), **pack.labels(language)}
    drawing = draw(pack.process, marks, language, labels)
    for called in pack.called.values():
        name = escape(labels.get(called.id, called.id))
        drawing += f"<p><strong>{name}</strong></p>{draw(called, marks, language, labels)}"
    return re.sub(r'<g (?=class="[^"]*\bx-here\b)', '<g id="now" ', drawing, count=1)
