"""Following: what is computed from the journal, kept up to date behind it."""

from xiangyun.manifest import Manifest

manifest = Manifest(builds_on=("accounts",), queue="following")
