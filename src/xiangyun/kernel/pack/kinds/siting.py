"""`siting.yaml`: where something is to be built, for whom, and at whose cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.pack.kind import Declaration, Kind
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.siting.declaration import FILE, read_siting


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = read_siting(files[FILE], report) if FILE in files else None
    if found is None:
        return ()
    own = {FILE: files[FILE]}
    return (Declaration(KIND.name, pack, pack, found.name, own, found, Place(FILE, 1)),)


KIND = Kind(
    "siting",
    Text("布点", "siting"),
    (FILE,),
    lambda path: path == FILE,
    _read,
    referred=False,
)
