"""Ratings for everybody: the public figures, and the page behind the code at a counter."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("ratings/", "xiangyun.faces.rating.urls"),),
    links=(Link(Text("好差评", "Ratings"), "rating:figures", "more", rank=45),),
)
