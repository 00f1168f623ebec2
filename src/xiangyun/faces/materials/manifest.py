"""What stands instead of papers: chosen by applicants, checked by officials."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("materials/", "xiangyun.faces.materials.urls"),
        Addresses("office/materials/", "xiangyun.faces.materials.officeurls"),
    ),
    links=(
        Link(
            Text("承诺核查", "Promises"),
            "promises:list",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=23,
        ),
    ),
)
