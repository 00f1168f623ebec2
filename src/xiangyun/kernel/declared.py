"""What a package declares: one value in each of its modules, found by walking it.

Nobody lists the modules. One put beside the others is found at the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TypeVar


class Named(Protocol):
    """A declaration, which bears the name that files use."""

    @property
    def name(self) -> str: ...


Declaration = TypeVar("Declaration", bound=Named)


def declared(package: str, attribute: str, of: type[Declaration]) -> Mapping[str, Declaration]:
    """The declarations that the modules of a package hold under an attribute, by their names.

    Raises TypeError for a module without one, ValueError for two of one name.
    """
    found: dict[str, Declaration] = {}
    for module in iter_modules(import_module(package).__path__):
        value = getattr(import_module(f"{package}.{module.name}"), attribute, None)
        if not isinstance(value, of):
            raise TypeError(f"{package}.{module.name} declares no {attribute}")
        if value.name in found:
            raise ValueError(f"two modules of {package} declare “{value.name}”")
        found[value.name] = value
    return found
