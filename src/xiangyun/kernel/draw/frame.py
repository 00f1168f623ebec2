"""The two lists that a draw is made from, as the text files that are frozen and hashed.

Plain comma-separated lines without quotation marks, so that whoever repeats a draw needs no library
to read them. Objects count in the order of their lines, which is frozen with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiangyun.kernel.draw.order import bad_name, is_name
from xiangyun.kernel.findings import Finding, Place, Refused, Text

FRAME = "frame.csv"
INSPECTORS = "inspectors.csv"
FRAME_HEAD = "object,stratum,place,weight,visits,cap"
INSPECTORS_HEAD = "inspector,team,place,at_most,recused"
_WIDTH = FRAME_HEAD.count(",") + 1
_FORBIDDEN = ' "/\r\t\v\f\x1c\x1d\x1e\x1f'  # of ASCII; the comma and the line feed part cells


@dataclass(frozen=True, slots=True)
class Frame:
    """The objects that may be drawn, in the order of the file.

    `weights` are whole numbers; an object of weight 0 is never drawn. The other cells lie in one
    tuple, row by row: they are looked at for what is drawn only.
    """

    cells: tuple[str, ...]
    weights: tuple[int, ...]

    @property
    def strata(self) -> Sequence[str]:
        """The stratum of each object."""
        return self.cells[1::_WIDTH]

    def code(self, row: int) -> str:
        """The code of an object."""
        return self.cells[row * _WIDTH]

    def place(self, row: int) -> str:
        """The code of the place where an object lies."""
        return self.cells[row * _WIDTH + 2]

    def is_over(self, row: int) -> bool:
        """Whether an object was visited this year as often as it may be, before this draw."""
        visits, cap = self.cells[row * _WIDTH + 4], self.cells[row * _WIDTH + 5].rstrip()
        return cap != "" and int(visits or 0) >= int(cap)


@dataclass(frozen=True, slots=True, eq=False)
class Inspector:
    """Who visits: of which team, at the places whose codes begin with `place`.

    `at_most`: so many objects in one draw. `recused`: the objects that this inspector never visits.
    """

    code: str
    team: str
    place: str
    at_most: int
    recused: frozenset[str]


def read_frame(content: bytes) -> Frame:
    """The frame from the bytes of its file. Raises Refused with the first lines that are wrong."""
    body = _body(content, FRAME, FRAME_HEAD)
    # One split for the whole file; a line feed ends the last cell of a line and no other, by which
    # it is seen whether all lines are equally wide. A tuple of texts, unlike a list, is not walked
    # again and again by the collector of garbage.
    parts = body.replace("\n", "\n,").split(",")
    parts.pop()
    cells, lines = tuple(parts), body.count("\n")
    del parts
    limits, weights = "".join(cells[5::_WIDTH]), cells[3::_WIDTH]
    if len(cells) != _WIDTH * lines or limits.count("\n") != lines:
        raise Refused(_wrong_widths(body))
    # One look at each column as a whole; only where something is wrong is it searched for.
    numbers = "".join(weights), "".join(cells[4::_WIDTH]), limits.replace("\n", "")
    by_text = {text: int(text or 0) for text in set(weights) if _is_whole(text)}
    codes = set(cells[0::_WIDTH])
    whole = all(map(_is_whole, numbers)) and "" not in by_text
    if not whole or not _is_plain(body) or len(codes) != lines or "" in codes:
        raise Refused(_wrong_cells(body))
    return Frame(cells, tuple(map(by_text.__getitem__, weights)))


def read_inspectors(content: bytes) -> list[Inspector]:
    """The inspectors from the bytes of their file, sorted by code. Raises Refused as above."""
    found, wrong = dict[str, Inspector](), list[Finding]()
    for line in sorted(_body(content, INSPECTORS, INSPECTORS_HEAD).splitlines()):
        cells = line.split(",")
        if len(cells) != INSPECTORS_HEAD.count(",") + 1 or not _is_number(cells[3]):
            wrong.append(_wrong_line(INSPECTORS, line))
            continue
        code, team, place, at_most, recused = cells
        if code in found or not all(map(is_name, (code, team))) or (place and not is_name(place)):
            wrong.append(_wrong_line(INSPECTORS, line))
            continue
        found[code] = Inspector(code, team, place, int(at_most), frozenset(recused.split()))
    if wrong:
        raise Refused(wrong[:20])
    return list(found.values())


def write_frame(rows: Iterable[tuple[str, str, str, int, int, int | None]]) -> bytes:
    """The file of a frame: code, stratum, place, weight, visits of the year, cap or None.

    Raises Refused `draw.E002` for a name that cannot stand there.
    """
    lines, wrong = [FRAME_HEAD], list[Finding]()
    for code, stratum, place, weight, visits, cap in rows:
        wrong += [bad_name(each, FRAME) for each in (code, stratum, place) if not is_name(each)]
        lines.append(f"{code},{stratum},{place},{weight},{visits},{'' if cap is None else cap}")
    if wrong:
        raise Refused(wrong[:20])
    return ("\n".join(lines) + "\n").encode()


def write_inspectors(people: Iterable[Inspector]) -> bytes:
    """The file of the inspectors. Raises Refused `draw.E002` for a name that cannot stand there."""
    lines, wrong = [INSPECTORS_HEAD], list[Finding]()
    for each in people:
        names = (each.code, each.team, *each.recused, *filter(None, (each.place,)))
        wrong += [bad_name(name, INSPECTORS) for name in names if not is_name(name)]
        recused = " ".join(sorted(each.recused))
        lines.append(f"{each.code},{each.team},{each.place},{each.at_most},{recused}")
    if wrong:
        raise Refused(wrong[:20])
    return ("\n".join(lines) + "\n").encode()


def _body(content: bytes, file: str, head: str) -> str:
    """The lines after the first one, each with its line feed."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
    first, _, rest = text.partition("\n")
    if first != head or not (rest.endswith("\n") or not rest):
        message = Text(
            "{file} 的第一行应为 {head}，每行以换行符结束。",
            "The first line of {file} is {head}, and each line ends with a line feed.",
            file=file,
            head=head,
        )
        raise Refused([Finding("draw.E002", "error", message, Place(file, 1))])
    return rest


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _is_whole(text: str) -> bool:
    return text.isascii() and (text.isdigit() or not text)


def _is_plain(body: str) -> bool:
    """Whether no character stands there that no name may have."""
    if body.isascii():
        return not any(each in body for each in _FORBIDDEN)
    return all(map(is_name, set(body.replace("\n", ",").split(",")) - {""}))


def _wrong_widths(body: str) -> list[Finding]:
    lines = body.splitlines()
    return [_wrong_line(FRAME, line) for line in lines if line.count(",") != _WIDTH - 1][:20]


def _wrong_cells(body: str) -> list[Finding]:
    seen, found = set[str](), list[Finding]()
    for line in body.split("\n")[:-1]:
        code, stratum, place, weight, visits, cap = line.split(",")
        names = is_name(code) and all(is_name(each) for each in (stratum, place) if each)
        numbers = _is_number(weight) and all(_is_number(each) for each in (visits, cap) if each)
        if not names or not numbers or code in seen:
            found.append(_wrong_line(FRAME, line))
        seen.add(code)
    return found[:20]


def _wrong_line(file: str, line: str) -> Finding:
    return Finding(
        "draw.E002",
        "error",
        Text("{file} 里这一行不对：{line}", "A line of {file} is wrong: {line}",
             file=file, line=line[:200]),
        Place(file),
        Text("每个代码只出现一次；数目是非负整数。",
             "A code stands there once; numbers are whole and not negative."),
    )  # fmt: skip
