"""The resume lab: diagnosis and changes of a resume, for everybody, without an account."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(Addresses("resume/", "xiangyun.faces.resumes.urls"),),
    links=(Link(Text("简历诊断", "Resume lab"), "resumes:lab", "more", rank=30),),
    stylesheet="resumes/resumes.css",
)
