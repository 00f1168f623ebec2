"""Types of certificates for everybody: who issues and who accepts each."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("certificate-types/", "xiangyun.faces.papers.urls"),),
    links=(Link(Text("证照目录", "Certificates"), "papers:types", "more", rank=62),),
)
