"""Sheets at the workbench: drafts, what waits for approval, what is in force."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("office/sheets/", "xiangyun.faces.sheets.urls"),),
    links=(
        Link(
            Text("实施清单", "Sheets"),
            "sheets:sheets",
            "office",
            when="xiangyun.domain.catalogue.sheets:keeps_some",
            rank=55,
        ),
    ),
)
