"""The kinds of things that packs declare: one module each, found by walking this package.

A module holds `KIND`, a `Kind` (see `pack.kind`). Nobody lists the modules: the files of one put
beside them are recognised, checked, rehearsed, published with versions and listed like the others.
What else happens when a declaration of the kind is published is said by the app whose tables keep
it, in `publishes` of its manifest. docs/how-to/add-a-kind-of-file.md walks through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xiangyun.kernel.declared import declared
from xiangyun.kernel.pack.kind import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name. Raises TypeError for a module without, ValueError for two alike."""
    return declared(__name__, "KIND", Kind)
