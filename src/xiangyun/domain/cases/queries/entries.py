"""A journal entry of a case in words: its verb says them, and here is what fills their holes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, get_args

from xiangyun.domain.cases import extension
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal.queries import Entry
from xiangyun.kernel.findings import Text
from xiangyun.kernel.occasion.counters import read_code
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.signing import PAPER, PASSKEY
from xiangyun.kernel.worktime import Unit, count_words
from xiangyun.manifest import verbs

from .one import task_words

Data = Mapping[str, Any]
Names = Mapping[tuple[str, str], Text]
"""What declarations are called, by kind and code."""
_DECLARED = ("register", "resource", "service")
"""The kinds of declarations that entries name by their codes, in holes of the same names."""


def names_in(all_data: Iterable[Data]) -> Names:
    """The names of all declarations that entries speak of, asked for at once."""
    said = ((kind, str(data[kind])) for data in all_data for kind in _DECLARED if kind in data)
    return catalogue.names_of(_declared(*each) for each in said)


def entry_words(verb: str, data: Data, pack: Pack, names: Names | None = None) -> Text:
    """What an entry says, by its verb and its public data.

    `names`: what its declarations are called, where that is known (`names_in`).

    A verb that nobody declares any more, in an entry of earlier years, stands for itself.
    """
    declared = verbs().get(verb)
    if declared is None:
        return Text.given(verb, verb)
    read = {name: _READ[name] for name in declared.words.holes & _READ.keys()}
    called = {
        kind: found
        for kind in declared.words.holes & set(_DECLARED) & data.keys()
        if (found := (names or {}).get(_declared(kind, str(data[kind]))))
    }
    try:
        told = {name: each(data, pack) for name, each in read.items()}
        return declared.say({**data, **called, **told})
    except KeyError:  # an entry of earlier years that lacks what its verb speaks of now
        return declared.say({})


def written(entry: Entry) -> str:
    """What somebody wrote with an entry, as far as its verb shows it; empty for nothing."""
    declared = verbs().get(entry.verb)
    found = (entry.private.get(name) for name in (declared.notes if declared else ()))
    return str(next(filter(None, found), ""))


def is_grave(verb: str) -> bool:
    """Whether an entry ends something or takes it away."""
    declared = verbs().get(verb)
    return declared is not None and declared.grave


def _declared(kind: str, code: str) -> tuple[str, str]:
    """The declaration that an entry names; counters are those of a service."""
    counter = read_code(code) if kind == "resource" else None
    return ("service", counter[0]) if counter else (kind, code)


def _task(data: Data, pack: Pack) -> Text:
    return task_words(data["task"], pack)


def _action(data: Data, pack: Pack) -> Text:
    return pack.words(f"task.{data.get('task', '')}.{data['action']}")


def _letter(data: Data, pack: Pack) -> Text:
    if data["letter"] == extension.LETTER:
        return extension.LETTER_TITLE
    return pack.words(f"letter.{data['letter']}.title")


def _notice(data: Data, pack: Pack) -> Text:
    return pack.words(f"message.{data['notice']}.title")


def _entry(data: Data, pack: Pack) -> Text:
    return pack.words(f"entry.{data['entry']}.title")


def _work(data: Data, pack: Pack) -> Text:
    """What a department was asked to do; an older entry names the department alone."""
    return pack.words(data.get("work") or f"work.{data['department']}")


def _element(data: Data, pack: Pack) -> Text:
    return pack.words(f"element.{data['element']}")


def _fee(data: Data, pack: Pack) -> Text:
    found = pack.service.fee_item(data["fee"])
    return found.name if found is not None else Text.given(data["fee"], data["fee"])


def _outcome(data: Data, pack: Pack) -> Text:
    return pack.words(f"outcome.{data['outcome']}")


def _rows(data: Data, _: Pack) -> int:
    return len(data["rows"])


def _days(data: Data, _: Pack) -> Text:
    unit: Unit = data["unit"] if data.get("unit") in get_args(Unit) else "working"
    return count_words(int(data["days"]), unit)


def _due(data: Data, _: Pack) -> date:
    return date.fromisoformat(data["due"])


def _signed(data: Data, pack: Pack) -> Text:
    """What was signed: the application, where it was a start; else a task."""
    element = pack.elements.get(data["signed"])
    if element is not None and element.kind == "startEvent":
        return Text("申请", "the application")
    return task_words(data["signed"], pack)


def _way(data: Data, _: Pack) -> Text:
    ways = {PASSKEY: Text("通行密钥", "by passkey"), PAPER: Text("纸质", "on paper")}
    return ways[data["way"]]


_READ: Mapping[str, Callable[[Data, Pack], object]] = {
    "task": _task,
    "action": _action,
    "letter": _letter,
    "notice": _notice,
    "entry": _entry,
    "work": _work,
    "element": _element,
    "fee": _fee,
    "outcome": _outcome,
    "rows": _rows,
    "days": _days,
    "due": _due,
    "way": _way,
    "signed": _signed,
}
"""What the names in an entry's data read as, where that is more than what stands there."""
