"""The fair: the pages of festivals."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("fair/", f"{__package__}.urls"),),
    links=(Link(Text("乡村节庆", "Village festivals"), "fair:festivals", "foot"),),
    api=(f"{__package__}.interface:router",),
    stylesheet="fair/fair.css",
)
