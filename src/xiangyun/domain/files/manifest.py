"""Files: the content of what people hand in, named by its SHA-256."""

from xiangyun.manifest import Manifest

manifest = Manifest(builds_on=("accounts",), queue="files")
