"""Draws for everybody: plan, orders, outcomes, and what was drawn of one object."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("draws/", "xiangyun.faces.lots.urls"),),
    links=(Link(Text("抽查公开", "Draws"), "lots:draws", "more", rank=60),),
)
