"""The p-median format of the OR-Library, and shortest paths between all vertices.

Source: J. E. Beasley, A note on solving large p-median problems, EJOR 21 (1985) 270-273: the first
line is the number of vertices, of edges, and p; each further line two vertices and a cost. Of
duplicate edges the last counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.siting.model import Matrix

MOST = 20_000
"""Vertices; a matrix of their distances would not fit a machine beyond."""


@dataclass(frozen=True, slots=True)
class Network:
    """Vertices counted from 0, edges with whole costs, and how many medians are asked for."""

    vertices: int
    medians: int
    edges: dict[tuple[int, int], int]


def read_orlib(text: str, file: str = "") -> Network:
    """Read a file; refused with its line where a number is missing or out of range."""
    lines = [
        (number, line.split())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip(" \t\r\x1a\x00")
    ]
    if not lines:
        raise Refused([_wrong(file, 1)])
    number, head = lines[0]
    vertices, edges, medians = _whole(head, file, number)
    if not (0 < medians <= vertices <= MOST and edges >= 0):
        raise Refused([_wrong(file, number)])
    if len(lines) - 1 != edges:
        raise Refused([_count(file, edges, len(lines) - 1)])
    found: dict[tuple[int, int], int] = {}
    for number, parts in lines[1:]:
        one, other, cost = _whole(parts, file, number)
        if not (0 < one <= vertices and 0 < other <= vertices and cost >= 0):
            raise Refused([_wrong(file, number)])
        found[min(one, other) - 1, max(one, other) - 1] = cost
    return Network(vertices, medians, found)


def distances(network: Network, file: str = "") -> Matrix:
    """The shortest paths between all vertices; refused where some cannot be reached.

    Floyd and Warshall, a row at a time: 900 vertices take 0.3 s.
    """
    far = sum(network.edges.values()) + 1
    found = np.full((network.vertices, network.vertices), far, dtype=np.int64)
    for (one, other), cost in network.edges.items():
        found[one, other] = found[other, one] = cost
    np.fill_diagonal(found, 0)
    if 2 * far < np.iinfo(np.int32).max:
        found = found.astype(np.int32)
    for via in range(network.vertices):
        np.minimum(found, found[:, via, None] + found[None, via, :], out=found)
    if (found >= far).any():
        raise Refused([_apart(file)])
    return found.astype(np.float64)


def _whole(parts: list[str], file: str, line: int) -> tuple[int, int, int]:
    try:
        one, two, three = map(int, parts)
    except ValueError:
        raise Refused([_wrong(file, line)]) from None
    return one, two, three


def _wrong(file: str, line: int) -> Finding:
    return Finding(
        "siting.E001",
        "error",
        Text("这一行不是 OR-Library 的写法。", "This line is not in the OR-Library's format."),
        Place(file, line),
        Text(
            "首行是顶点数、边数和 p，其余各行是两个顶点（从 1 起）和费用，都是整数。",
            "First vertices, edges and p, then two vertices (from 1) and a cost; whole numbers.",
        ),
    )


def _count(file: str, said: int, there: int) -> Finding:
    return Finding(
        "siting.E002",
        "error",
        Text(
            "首行说有 {said} 条边，文件里有 {there} 条。",
            "The first line says {said} edges, and the file has {there}.",
            said=said,
            there=there,
        ),
        Place(file, 1),
        Text("文件可能不完整，请重新下载。", "Perhaps the file is cut short: fetch it again."),
    )


def _apart(file: str) -> Finding:
    return Finding(
        "siting.E003",
        "error",
        Text("有的顶点之间没有路。", "Some vertices cannot be reached from others."),
        Place(file, 1),
        Text("请补上缺的边。", "Add the edges that are missing."),
    )
