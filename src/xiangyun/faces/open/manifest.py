"""Open data: the catalogue and its tables, for people and for programs."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    stylesheet="look/charts.css",
    addresses=(
        Addresses("data/", "xiangyun.faces.open.urls"),
        Addresses("catalog", "xiangyun.faces.open.cataloguefiles"),
        Addresses("services", "xiangyun.faces.open.servicefiles"),
        Addresses("sitemap.xml", "xiangyun.faces.open.sitemap"),
        Addresses("api/3/", "xiangyun.faces.open.ckanurls"),
        Addresses("api/action/", "xiangyun.faces.open.ckanactions"),
    ),
    links=(Link(Text("开放数据", "Open data"), "open:catalogue", "more", rank=30),),
)
