"""What is wrong and what is right in a word list: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_WORDING = "docs/reference/wording.md"
EXPLAINED: Mapping[str, Explained] = {
    "wording.E001": Explained("{wrong: 帐号, right: 帐号}", "{wrong: 帐号, right: 账号}", _WORDING),
    "wording.E002": Explained(
        "{says: [限男性], law: employment}, and no such key in laws",
        "laws: [{key: employment, law: …, article: 第三条, verified: false}]",
        _WORDING,
    ),
    "wording.E003": Explained(
        "{text: 帐号, finds: []}", "{text: 帐号, finds: [typing.confusion]}", _WORDING
    ),
    "wording.E010": Explained('{"name": "…"}', '{"basics": {"name": "…"}}', _WORDING),
}
