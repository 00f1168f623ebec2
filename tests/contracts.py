"""The import contract between apps, worked out from their manifests: a new app needs no line here.

Read by import-linter; see `contract_types` in `.importlinter`.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck
from importlinter.application import output
from importlinter.domain import fields

from xiangyun import manifest


class Apps(Contract):
    """Between apps, tests apart:

    - an app imports another only where it builds on it, by its manifest;
    - nobody imports another app's `models`: one asks its queries and actions;
    - a face imports no other face but `look`, from which all pages are made.

    `ignore_imports` are lines `importer -> imported` that are still to be mended.
    """

    ignore_imports = fields.SetField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        ignored = set(self.ignore_imports)  # type: ignore[call-overload]
        broken = sorted(set(crossings(graph)) - ignored)
        gone = ignored - {f"{a} -> {b}" for a, b in _imports(graph)}
        return ContractCheck(
            kept=not broken and not gone,
            metadata={"broken": broken, "gone": sorted(gone)},
        )

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(f"- {line}", bold=True)
        for line in check.metadata["gone"]:
            output.print_error(f"- no longer there, take it out of the contract: {line}", bold=True)


def crossings(graph: ImportGraph) -> list[str]:
    """What an app imports of another and should not, as lines `importer -> imported`."""
    apps = {app.package: app for app in manifest.apps()}
    faces = {_package(m) for m in graph.modules if m.startswith(f"{manifest.FLOORS[1]}.")}
    packages, found = apps.keys() | faces, []
    for importer, imported in _imports(graph):
        home, away = (_package(module) for module in (importer, imported))
        if away not in packages or home == away:
            continue
        if home in faces:
            wrong = away in faces and away != f"{manifest.FLOORS[1]}.look"
        else:
            wrong = home in apps and away not in manifest.may_import(apps[home])
        if wrong or imported.split(".")[3:4] == ["models"]:
            found.append(f"{importer} -> {imported}")
    return found


def _imports(graph: ImportGraph) -> list[tuple[str, str]]:
    """Every import outside of the tests."""
    return [
        (importer, imported)
        for importer in graph.modules
        if ".tests" not in importer and ".migrations" not in importer
        for imported in graph.find_modules_directly_imported_by(importer)
    ]


def _package(module: str) -> str:
    """The package of an app that a module belongs to: the first three parts of its name."""
    return ".".join(module.split(".")[:3])
