"""Names declared by oneself: looked at and reserved before an application."""

from xiangyun.manifest import Addresses, Manifest

manifest = Manifest(addresses=(Addresses("names/", "xiangyun.faces.names.urls"),))
