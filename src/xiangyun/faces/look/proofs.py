"""What a representation rests on, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xiangyun.kernel.findings import Text

PROOFS: Final[Mapping[str, Text]] = {
    "register": Text("登记信息", "by a register"),
    "consent": Text("本人授权", "by consent"),
    "kinship": Text("亲属关系", "as next of kin"),
    "guardianship": Text("监护关系", "as guardian"),
    "notary": Text("公证", "by a notary's deed"),
    "court": Text("裁判文书", "by a court"),
}
