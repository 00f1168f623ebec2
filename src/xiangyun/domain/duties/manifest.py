"""Duties: what opens cases by itself."""

from xiangyun.manifest import Manifest

manifest = Manifest(builds_on=("cases", "registers"))
