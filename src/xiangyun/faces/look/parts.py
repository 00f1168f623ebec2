"""Parts of pages that hang on given values alone, and are therefore drawn once.

A part's template is shown what `make` gives of the values, and nothing else: no request, nobody who
asks, no token of a form. Whoever is shown a part from memory has the very values that it was drawn
from, so that it can tell nothing more than they do. `make` reads no clock and no database: a day, a
place, a version are values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.urls import get_urlconf
from django.utils.safestring import SafeString, mark_safe

from xiangyun.faces.look.languages import reader
from xiangyun.kernel.language import COMPLETE

Make = Callable[..., Mapping[str, Any]]
KEPT = 4096
"""Parts in memory, some kilobytes each at most: the one that was asked for longest ago goes."""


def part(template: str, make: Make, *values: Hashable) -> SafeString:
    """A template with what `make` gives of some values, in the language of the reader.

    `make` is a function of a module. The values are never changed, and look alike where they are
    equal: immutable ones, or such as are compared by identity, like a pack. Of words in a language
    that not all have, equality says nothing: those parts are drawn anew each time.
    """
    tag = reader().tag
    if tag not in COMPLETE:
        return _rendered(template, make, values)
    return _drawn(template, make, values, tag, get_urlconf())


@lru_cache(maxsize=KEPT)
def _drawn(
    template: str, make: Make, values: tuple[Hashable, ...], language: str, urlconf: str | None
) -> SafeString:
    return _rendered(template, make, values)


def _rendered(template: str, make: Make, values: tuple[Hashable, ...]) -> SafeString:
    return mark_safe(get_template(template).render(dict(make(*values))))
