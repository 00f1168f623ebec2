"""The look: what every page is made of; it has no addresses."""

from xiangyun.manifest import Manifest

manifest = Manifest()
