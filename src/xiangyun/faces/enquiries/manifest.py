"""Questions to the office inside a case: the applicant's page, and what an official answers."""

from xiangyun.kernel.findings import Text
from xiangyun.manifest import Addresses, Link, Manifest

manifest = Manifest(
    addresses=(
        Addresses("enquiries/", "xiangyun.faces.enquiries.urls"),
        Addresses("office/enquiries/", "xiangyun.faces.enquiries.officeurls"),
    ),
    links=(
        Link(
            Text("咨询", "Questions"),
            "answers:waiting",
            "office",
            when="xiangyun.domain.accounts.access:has_mandate",
            rank=22,
        ),
    ),
)
