"""The divisions: where things lie."""

from xiangyun.manifest import Manifest

manifest = Manifest(
    modules={
        "data": "the divisions themselves, with their origin and licence",
        "packaged": "the rows of the package, for commands that need no database",
        "names": "their names in English, which no table holds",
    }
)
