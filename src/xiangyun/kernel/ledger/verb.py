"""The verbs of a journal: what may have happened, declared once with the words that say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xiangyun.kernel.findings import Text

_UNSAID = "—"
"""Where an entry has nothing for a hole of its words, as entries of an earlier year may."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its id, a noun and a participle (`letter.sent`), and what an entry of it says.

    `words` has holes for what stands in an entry's data under their names; whoever shows the
    history says what they read as: `{letter}` is a letter's title. `notes`: the names in the
    entry's private part whose written words stand beside it in the history. `grave`: it ends
    something or takes it away, and is set off in the history. `look`: somebody looked at data of
    the one whom the entry is about, who finds it among the looks. `keys`: by the name of a hole,
    what the keys that may stand in it read as; other values stand for themselves.
    """

    id: str
    words: Text
    notes: tuple[str, ...] = ()
    grave: bool = False
    look: bool = False
    keys: Mapping[str, Mapping[str, Text]] = field(default_factory=dict, hash=False)

    def say(self, values: Mapping[str, object]) -> Text:
        """An entry in words; `values` by the names of the holes."""
        said = {name: values.get(name, _UNSAID) for name in self.words.holes}
        for name in self.keys.keys() & said.keys():
            said[name] = self.keys[name].get(str(said[name]), said[name])
        return self.words.filled(said)
