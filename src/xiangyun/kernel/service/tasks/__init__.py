"""The types of service tasks: one module each, found by walking this package.

A module holds `TYPE`, a `ServiceType`. Nobody lists the modules: one put beside them is checked,
rehearsed, simulated and documented like the others. Who does it for real is registered in an app's
`handlers` by `@service("<name>")`; a type without one keeps the platform from starting.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xiangyun.kernel.declared import declared
from xiangyun.kernel.service.servicetype import ServiceType


@cache
def service_types() -> Mapping[str, ServiceType]:
    """Every type by its name. Raises TypeError for a module without, ValueError for two alike."""
    return declared(__name__, "TYPE", ServiceType)
