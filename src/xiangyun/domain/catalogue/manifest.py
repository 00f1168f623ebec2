"""The catalogue: services in their versions."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts", "registers"),
    roles={"publisher": Text("事项发布", "publisher")},
)
