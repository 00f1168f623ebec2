"""The vault: what the database keeps only encrypted."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("divisions",),
    modules={
        "sealing": "values sealed beside their owner, opened or masked",
        "rotation": "keys wrapped anew, and whatever else apps keep encrypted",
        "rows": "rows of other apps that may hold sealed values",
    },
    rotates="xiangyun.domain.vault.rotation:wrap_anew",
)
