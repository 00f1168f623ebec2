"""The names of a service's decisions, in the reader's language."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack


def decision_name(pack: Pack, of: str) -> Text:
    """The name of a decision by its id or name: Chinese as in the table, English from the texts."""
    for id_, name in pack.rules.decisions if pack.rules else ():
        if of in (id_, name):
            return pack.words(f"decision.{id_}", name)
    return Text.given(of, of)
