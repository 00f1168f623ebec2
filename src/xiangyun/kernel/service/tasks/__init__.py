"""The types of service tasks: one module each, found by walking this package.

A module holds `TYPE`, a `ServiceType`. Nobody lists the modules: one put beside them is checked,
rehearsed, simulated and documented like the others. Who does it for real is registered in an app's
`handlers` by `@service("<name>")`; a type without one keeps the platform from starting.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from xiangyun.kernel.service.servicetype import ServiceType


@cache
def service_types() -> Mapping[str, ServiceType]:
    """Every type by its name. Raises TypeError for a module without, ValueError for two alike."""
    found: dict[str, ServiceType] = {}
    for module in iter_modules(__path__):
        type_ = getattr(import_module(f"{__name__}.{module.name}"), "TYPE", None)
        if not isinstance(type_, ServiceType):
            raise TypeError(f"{__name__}.{module.name} declares no TYPE")
        if type_.name in found:
            raise ValueError(f"two modules of {__name__} declare “{type_.name}”")
        found[type_.name] = type_
    return found
