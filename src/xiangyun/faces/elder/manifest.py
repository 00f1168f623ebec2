"""Large print: its part of the style, which every page loads for whoever has chosen it."""

from xiangyun.manifest import Addresses, Manifest

manifest = Manifest(
    stylesheet="elder/elder.css",
    addresses=(Addresses("elder", "xiangyun.faces.elder.urls"),),
)
