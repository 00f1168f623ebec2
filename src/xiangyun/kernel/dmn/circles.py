"""What leads back to itself: types that define each other, decisions that require each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(ways: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The circles that a walk through all names closes, each as the names along it."""
    finished: set[str] = set()
    for start in ways:
        path = [start] if start not in finished else []
        open_ways = [iter(ways[name]) for name in path]
        standing = dict.fromkeys(path, 0)
        while path:
            target = next(open_ways[-1], None)
            if target is None:
                open_ways.pop()
                finished.add(path[-1])
                del standing[path.pop()]
            elif target in standing:
                yield path[standing[target] :]
            elif target in ways and target not in finished:
                standing[target] = len(path)
                path.append(target)
                open_ways.append(iter(ways[target]))
