"""The studio: drafts of packs, edited in the browser, handed in, agreed to by a second person."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("studio/", "xiangyun.faces.studio.urls"),
        Addresses("versions/", "xiangyun.faces.studio.publicurls"),
    ),
    links=(
        Link(
            Text("编制室", "Studio"),
            "studio:drafts",
            "office",
            when="xiangyun.domain.studio.access:works_here",
            rank=54,
        ),
    ),
    stylesheet="studio/studio.css",
)
