"""A matcher that goes back when it went wrong, for what RE2 cannot do: references to groups.

The pattern becomes a list of instructions; every one that is carried out is counted, so a pattern
whose ways explode ends by its budget and not by anybody's patience.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xiangyun.kernel.feel.patterns.charsets import contains, same_but_for_case
from xiangyun.kernel.feel.patterns.grammar import (
    Back,
    Choice,
    End,
    Group,
    Node,
    Parsed,
    Repeat,
    Sequence,
    Set,
    Start,
)

# Counted repeats are written out, so this bounds what a pattern of a few characters may ask for.
_LONGEST = 50_000
# What a way holds besides its place: where groups began and ended, and where a loop's turn began.
Slots = tuple[int, ...]
Span = tuple[int, int]

_SET, _START, _END, _BACK, _SAVE, _SPLIT, _JUMP, _MOVED, _MATCH = range(9)


class Program:
    """A pattern's instructions.

    Raises:
        ValueError: when they would be too many.
    """

    def __init__(self, parsed: Parsed, fold: bool) -> None:
        self.lines = parsed.lines
        self.fold = fold
        self.groups = parsed.groups
        self.slots = 2 * (parsed.groups + 1)
        self.code: list[tuple[Any, ...]] = []
        self._write(parsed.tree)
        self._add(_MATCH)

    def _add(self, *instruction: Any) -> int:
        if len(self.code) >= _LONGEST:
            raise ValueError("it repeats too much")
        self.code.append(instruction)
        return len(self.code) - 1

    def _write(self, node: Node) -> None:
        match node:
            case Set(ranges):
                self._add(_SET, ranges)
            case Start():
                self._add(_START)
            case End():
                self._add(_END)
            case Back(group):
                self._add(_BACK, group)
            case Sequence(parts):
                for part in parts:
                    self._write(part)
            case Group(number, inside):
                self._add(_SAVE, 2 * number)
                self._write(inside)
                self._add(_SAVE, 2 * number + 1)
            case Choice(options):
                self._write_choice(options)
            case Repeat():
                self._write_repeat(node)

    def _write_choice(self, options: tuple[Node, ...]) -> None:
        ends = []
        for option in options[:-1]:
            split = self._add(_SPLIT)
            self._write(option)
            ends.append(self._add(_JUMP))
            self.code[split] = (_SPLIT, split + 1, len(self.code))
        self._write(options[-1])
        for end in ends:
            self.code[end] = (_JUMP, len(self.code))

    def _write_repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self._write(node.inside)
        if node.most is None:
            again = self._add(_SPLIT)
            slot = self.slots
            self.slots += 1
            self._add(_SAVE, slot)
            self._write(node.inside)
            turn = self._add(_MOVED)
            self._add(_JUMP, again)
            self.code[turn] = (_MOVED, slot, len(self.code))
            self._decide(again, node.greedy, len(self.code))
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self._add(_SPLIT))
            self._write(node.inside)
        for split in splits:
            self._decide(split, node.greedy, len(self.code))

    def _decide(self, split: int, greedy: bool, after: int) -> None:
        ways = (split + 1, after) if greedy else (after, split + 1)
        self.code[split] = (_SPLIT, *ways)

    # Running ------------------------------------------------------------------------------------

    def search(self, text: str, start: int, spend: Callable[[int], None]) -> list[Span] | None:
        """Where the whole and each group lie in the first match from `start` on; (-1, -1): none.

        `spend` is told how many instructions were carried out, and raises when that is too much.
        """
        for begin in range(start, len(text) + 1):
            slots = self._match(text, begin, spend)
            if slots is not None:
                groups = range(self.groups + 1)
                return [(slots[2 * group], slots[2 * group + 1]) for group in groups]
        return None

    def _match(self, text: str, begin: int, spend: Callable[[int], None]) -> Slots | None:
        code, size = self.code, len(text)
        fresh = (begin, *(-1,) * (self.slots - 1))
        ways: list[tuple[int, int, Slots]] = [(0, begin, fresh)]
        done = 0
        while ways:
            at, place, slots = ways.pop()
            while True:
                done += 1
                if done == 1000:
                    spend(done)
                    done = 0
                instruction = code[at]
                kind = instruction[0]
                if kind == _SET:
                    if place == size or not contains(instruction[1], ord(text[place])):
                        break
                    place += 1
                elif kind == _SPLIT:
                    ways.append((instruction[2], place, slots))
                    at = instruction[1]
                    continue
                elif kind == _JUMP or (kind == _MOVED and slots[instruction[1]] == place):
                    at = instruction[-1]  # also after a turn that matched nothing: the last one
                    continue
                elif kind == _SAVE:
                    slot = instruction[1]
                    slots = (*slots[:slot], place, *slots[slot + 1 :])
                elif kind == _MATCH:
                    spend(done)
                    return (slots[0], place, *slots[2:])
                elif kind == _BACK:
                    length = self._again(text, place, slots, instruction[1])
                    if length is None:
                        break
                    place += length
                elif kind != _MOVED and not self._holds(kind, text, place):
                    break
                at += 1
        spend(done)
        return None

    def _again(self, text: str, place: int, slots: Slots, group: int) -> int | None:
        """The length of what a group matched, if it stands here too; a group not used is empty."""
        first, last = slots[2 * group], slots[2 * group + 1]
        if last < 0:
            return 0
        wanted, here = text[first:last], text[place : place + last - first]
        same = wanted == here or (
            self.fold and len(wanted) == len(here) and all(map(same_but_for_case, wanted, here))
        )
        return len(wanted) if same else None

    def _holds(self, kind: int, text: str, place: int) -> bool:
        size = len(text)
        if kind == _START:
            line = self.lines and 0 < place < size and text[place - 1] == "\n"
            return place == 0 or line
        if self.lines and place < size:
            return text[place] == "\n"
        return place == size and not (self.lines and text.endswith("\n"))
