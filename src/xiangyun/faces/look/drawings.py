"""A service's processes as drawings, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from django.utils.html import escape

from xiangyun.faces.look.languages import reader
from xiangyun.kernel.bpmn import draw
from xiangyun.kernel.pack import Pack

Mark = Literal["done", "here", "ahead", "failed"]


def process_drawing(pack: Pack, marks: Mapping[str, Mark]) -> str:
    """The drawing as SVG with where a case stands; the drawing escapes its own words.

    Below it, each under its name, stand the processes that it calls. What the case is at has the
    id `now`, so that a link can bring it into view.
    """
    language = reader()
    labels = {pack.process.id: pack.service.name.pick(language), **pack.labels(language)}
    drawing = draw(pack.process, marks, language, labels)
    for called in pack.called.values():
        name = escape(labels.get(called.id, called.id))
        drawing += f"<p><strong>{name}</strong></p>{draw(called, marks, language, labels)}"
    return re.sub(r'<g (?=class="[^"]*\bx-here\b)', '<g id="now" ', drawing, count=1)
