"""Known names, so that `Monthly Income - Tax` is read as the author means it.

FEEL names may hold spaces and operators (grammar rules 27–30). The parser takes the longest known
name; where nothing is known, words standing side by side are one name, because no rule of the
grammar lets two names follow each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiangyun.kernel.feel.lexer import Token, name_words

# Words that end a name unless a known name holds them.
RESERVED = frozenset(
    (
        *("for", "return", "if", "then", "else", "some", "every", "satisfies", "in", "between"),
        *("and", "or", "instance", "function", "external", "true", "false", "null"),
    )
)


class NameTable:
    """Names by their first word, longest first; immutable, scopes are made with `plus`."""

    __slots__ = ("_by_first",)

    def __init__(self, by_first: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]) -> None:
        self._by_first = by_first

    @classmethod
    def of(cls, names: Iterable[str]) -> NameTable:
        return cls({}).plus(names)

    def plus(self, names: Iterable[str]) -> NameTable:
        """This table with further names."""
        grown = dict(self._by_first)
        for name in names:
            words = name_words(name)
            if not words:
                continue
            entries = {**dict(grown.get(words[0], ())), words: name}
            grown[words[0]] = tuple(sorted(entries.items(), key=lambda entry: -len(entry[0])))
        return NameTable(grown)

    def merged(self, other: NameTable) -> NameTable:
        """The names of both."""
        grown = dict(other._by_first)
        for first, entries in self._by_first.items():
            both = {**dict(entries), **dict(grown.get(first, ()))}
            grown[first] = tuple(sorted(both.items(), key=lambda entry: -len(entry[0])))
        return NameTable(grown)

    def longest(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest known name that begins at token `at`, and how many tokens it takes."""
        for words, name in self._by_first.get(tokens[at].text, ()):
            if all(
                tokens[at + i].text == word for i, word in enumerate(words) if at + i < len(tokens)
            ) and at + len(words) < len(tokens):
                return name, len(words)
        return None
