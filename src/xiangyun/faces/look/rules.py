"""The names of a service's decisions, in the reader's language."""

from __future__ import annotations

from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import Pack


def decision_name(pack: Pack, of: str) -> Text:
    """The name of a decision by its id or name: Chinese as in the table, English from the texts."""
    for id_, name in pack.rules.decisions if pack.rules else ():
        if of in (id_, name):
            key = f"decision.{id_}"
            words = pack.words(key)
            zh, en = (name if word == key else word for word in (words.zh, words.en))
            return Text(zh, en)
    return Text(of, of)
