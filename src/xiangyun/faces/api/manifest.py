"""The interface for programs."""

from xiangyun.manifest import Addresses, Manifest

manifest = Manifest(
    addresses=(Addresses("api/", "xiangyun.faces.api.urls"),),
    api=(
        "xiangyun.faces.api.services:router",
        "xiangyun.faces.api.declarations:router",
        "xiangyun.faces.api.applications:router",
        "xiangyun.faces.api.signing:router",
        "xiangyun.faces.api.taskforms:router",
        "xiangyun.faces.api.assigning:router",
        "xiangyun.faces.api.inbox:router",
        "xiangyun.faces.api.secrecy:router",
        "xiangyun.faces.api.cases:router",
        "xiangyun.faces.api.contact:router",
        "xiangyun.faces.api.office:router",
        "xiangyun.faces.api.openings:router",
        "xiangyun.faces.api.evidence:router",
        "xiangyun.faces.api.subjects:router",
        "xiangyun.faces.api.registers:router",
        "xiangyun.faces.api.grants:router",
        "xiangyun.faces.api.bookings:router",
        "xiangyun.faces.api.webhooks:router",
    ),
)
