"""Numbers: counts without a gap."""

from xiangyun.manifest import Manifest

manifest = Manifest()
