"""One pair, with reasons: which requirements are met, which not, and what would have to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from xiangyun.kernel.dmn import annotated, decide
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.matching.model import Matching
from xiangyun.kernel.matching.quick import Record, quick_rows

Inputs = Mapping[str, Record]
"""Both records by the names that the decision calls them."""
_Fields = Mapping[str, Mapping[str, object]]
_PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")


@dataclass(frozen=True, slots=True)
class Reason:
    """A row: its number from 1, its id, what it requires, and what would have to change.

    Of a row that is met nothing would have to change.
    """

    row: int
    row_id: str
    requires: Text
    change: Text


class Judged:
    """A pair: the rows that it meets, and those that it does not, in the order of the table.

    Words are composed when they are read.
    """

    __slots__ = ("_inputs", "_matching", "_met")

    def __init__(self, matching: Matching, met: int, inputs: Inputs) -> None:
        """`met`: a bit for each row, from the first; `inputs`: both records by their names."""
        self._matching, self._met, self._inputs = matching, met, inputs

    @property
    def fits(self) -> bool:
        """Whether every requirement is met."""
        return self._met == (1 << len(self._matching.table.rules)) - 1

    @property
    def met(self) -> tuple[Reason, ...]:
        """The requirements that are met."""
        return self._reasons(wanted=True)

    @property
    def unmet(self) -> tuple[Reason, ...]:
        """Those that are not, each with what would have to change."""
        return self._reasons(wanted=False)

    def worded(self, words: Mapping[str, Mapping[str, Text]]) -> Judged:
        """The same, its reasons with words for values: by side and field, what stands for it."""
        said: dict[str, Record] = {
            side: {**record, **words.get(side, {})} for side, record in self._inputs.items()
        }
        return Judged(self._matching, self._met, said)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Judged):
            return NotImplemented
        return (self.met, self.unmet) == (other.met, other.unmet)

    def __hash__(self) -> int:
        return hash(self._met)

    def _reasons(self, *, wanted: bool) -> tuple[Reason, ...]:
        matching, met, inputs = self._matching, self._met, self._inputs
        in_words = met_by if wanted else reason
        return tuple(
            in_words(matching, row, inputs)
            for row in range(1, len(matching.table.rules) + 1)
            if bool(met >> (row - 1) & 1) is wanted
        )


def judge(matching: Matching, offer: Record, demand: Record) -> Judged:
    """Whether an offer and a demand fit, by the records' FEEL values.

    A value that is missing meets no requirement that asks for it.
    """
    quick = matching.made("quick", quick_rows)
    met = quick(offer, demand) if quick is not None else -1
    if met < 0:
        return judge_by_decision(matching, offer, demand)
    return Judged(matching, met, {matching.offers.name: offer, matching.demands.name: demand})


def judge_by_decision(matching: Matching, offer: Record, demand: Record) -> Judged:
    """The same by making the decision itself: the ordinary way."""
    inputs = _inputs(matching, offer, demand)
    decided = decide(matching.model, matching.decision, inputs)
    # What the decision requires comes before it in the trace; it comes last itself.
    fired = {each.row for each in decided.trace[-1].fired} if decided.trace else set()
    return Judged(matching, sum(1 << (row - 1) for row in fired), inputs)


_Said = tuple[Callable[[Inputs], Text], Callable[[Inputs], Text]]


def _words_of(matching: Matching) -> Sequence[_Said]:
    """What each row requires, and what would have to change; the texts are taken apart once."""
    return matching.made("words", _wording)


def _wording(matching: Matching) -> list[_Said]:
    fields = {side.name: matching.fields(side) for side in (matching.offers, matching.demands)}
    return [
        (_composed(rule.annotations, "text", fields), _composed(rule.annotations, "change", fields))
        for rule in matching.table.rules
    ]


def _composed(said: Mapping[str, str], name: str, fields: _Fields) -> Callable[[Inputs], Text]:
    """A text of a row in all its languages, with the values of a pair in their places."""
    whole = annotated(said, name)
    zh, en = _filling(whole.zh, fields, _chinese), _filling(whole.en, fields)
    others = {
        key: _filling(text, fields)
        for key, text in said.items()
        if key.startswith(f"{name}_") and key != f"{name}_en"
    }
    if others:
        all_of = {name: zh, f"{name}_en": en, **others}
        return lambda inputs: annotated({key: fill(inputs) for key, fill in all_of.items()}, name)
    if not _PLACEHOLDER.search(whole.zh + whole.en):
        return lambda inputs: whole
    given = Text.given
    return lambda inputs: given(zh(inputs), en(inputs))


def _chinese(value: Text) -> str:
    return value.zh


def _english(value: Text) -> str:
    return value.en


def _filling(
    text: str, fields: _Fields, spoken: Callable[[Text], str] = _english
) -> Callable[[Inputs], str]:
    """Words with the values of a pair in their places; the text is taken apart once."""
    words, holes, end = list[str](), list[tuple[str, str]](), 0
    for found in _PLACEHOLDER.finditer(text):
        if found[2] in fields.get(found[1], {}):
            words.append(text[end : found.start()])
            holes.append((found[1], found[2]))
            end = found.end()
    last = text[end:]
    if not holes:
        return lambda inputs: last
    if len(holes) == 1:
        ((side, field),), (first,) = holes, words
        return lambda inputs: first + _written(inputs[side].get(field), spoken) + last
    pieces = list(zip(words, holes, strict=True))

    def filled(inputs: Inputs) -> str:
        made = [
            before + _written(inputs[side].get(field), spoken) for before, (side, field) in pieces
        ]
        return "".join(made) + last

    return filled


def _written(value: Value | Text, spoken: Callable[[Text], str]) -> str:
    if type(value) is Decimal:
        return _number(value)
    if isinstance(value, Text):
        return spoken(value)
    return "—" if value is None else str(value)


@lru_cache(maxsize=4096)
def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def reason(matching: Matching, row: int, inputs: Inputs) -> Reason:
    """A row in words; `{product.rate}` in them stands for that value of the pair."""
    requires, change = _words_of(matching)[row - 1]
    return Reason(row, matching.table.rules[row - 1].id, requires(inputs), change(inputs))


def met_by(matching: Matching, row: int, inputs: Inputs) -> Reason:
    """A row that is met, in words; nothing would have to change."""
    requires, _ = _words_of(matching)[row - 1]
    return Reason(row, matching.table.rules[row - 1].id, requires(inputs), _NOTHING)


_NOTHING = Text.given("", "")


def spoken_of(matching: Matching, row: int, names: Mapping[str, Mapping[str, Text]]) -> Text:
    """What a row requires of no pair in particular: `{product.rate}` is the name of that field.

    `names`: what the fields of each side are called.
    """
    rule = matching.table.rules[row - 1]

    def named(text: str, chinese: bool) -> str:
        def name(found: re.Match[str]) -> str:
            words = names.get(found[1], {}).get(found[2])
            if words is None:
                return found[0]
            return f"“{words.zh if chinese else words.en}”"

        return _PLACEHOLDER.sub(name, text)

    said = rule.annotations
    return Text.given(named(said["text"], True), named(said["text_en"], False))


def _inputs(matching: Matching, offer: Record, demand: Record) -> dict[str, dict[str, Value]]:
    """Both records with what the decision reads of them; null where a record has no value."""
    sides = ((matching.offers, offer), (matching.demands, demand))
    return {
        side.name: {name: record.get(name) for name in matching.fields(side)}
        for side, record in sides
    }
