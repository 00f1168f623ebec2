"""What takes place where and when, for everybody."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("programme/", "xiangyun.faces.programme.urls"),),
    links=(Link(Text("活动预告", "What is on"), "programme:all", "more", rank=64),),
)
