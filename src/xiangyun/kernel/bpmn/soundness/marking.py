"""Where the tokens of one scope are, as values."""

from __future__ import annotations

from typing import NamedTuple

from xiangyun.kernel.bpmn.model import Flow


class Token(NamedTuple):
    """A token at an element; `flow` by which it came; `tag` the boundary event that added it.

    `spent`: timers at the edge of a resting activity that have rung and cannot ring again.
    """

    at: str
    flow: str = ""
    tag: str = ""
    spent: tuple[str, ...] = ()


class Marking(NamedTuple):
    """Where the tokens of one scope are: under way, at rest, and waiting at joins."""

    moving: tuple[Token, ...] = ()
    resting: tuple[Token, ...] = ()
    waiting: tuple[Token, ...] = ()
    escaped: str = ""
    """the element by which the scope was left before its end, such as an error end event"""

    @property
    def is_final(self) -> bool:
        """Whether the scope is over."""
        return bool(self.escaped) or not (self.moving or self.resting or self.waiting)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens."""
        return (*self.moving, *self.resting, *self.waiting)


class Move(NamedTuple):
    """One step of the game: the element it is about, and the marking after it.

    `silent`: a token only comes and stays; a path names what is left or passed.
    """

    element: str
    after: Marking
    silent: bool = False


def on_flow(flow: Flow, tag: str) -> Token:
    """A token that goes along a flow."""
    return Token(flow.target, flow.id, tag)


def moved(rest: Marking, tokens: list[Token]) -> Marking:
    """The marking with more tokens under way."""
    return Marking((*rest.moving, *tokens), rest.resting, rest.waiting)


def rests(rest: Marking, token: Token) -> Marking:
    """The marking with one more token at rest."""
    return Marking(rest.moving, in_order((*rest.resting, token)), rest.waiting)


def split(rest: Marking, gate: str, tag: str) -> Marking:
    """An opened inclusive join with several ways out: its token rests until it has chosen."""
    return rests(rest, Token(gate, "", tag))


def waits(rest: Marking, token: Token) -> Marking:
    """The marking with one more token at a join."""
    return Marking(rest.moving, rest.resting, in_order((*rest.waiting, token)))


def in_order(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Tokens in the one order in which a marking holds them."""
    return tuple(sorted(tokens))


def without(tokens: tuple[Token, ...], token: Token) -> tuple[Token, ...]:
    """Tokens without one of them."""
    at = tokens.index(token)
    return tokens[:at] + tokens[at + 1 :]
