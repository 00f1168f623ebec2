"""News, policies and answers to common questions: declared by packs, found by words."""

from xiangyun.manifest import Manifest

manifest = Manifest(builds_on=("catalogue",))
