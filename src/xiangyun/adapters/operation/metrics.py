"""Readings in the text format of Prometheus, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable

from .values import Gauge, Mood, Reading

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MOODS: dict[Mood, int] = {"good": 0, "look": 1, "bad": 2}
_OF_HISTOGRAMS = ("_bucket", "_sum", "_count")
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def exposition(readings: Iterable[Reading], more: Iterable[Gauge] = ()) -> str:
    """Every number of the readings, each family together, and `xiangyun_reading` for its mood."""
    families: dict[str, tuple[str, list[str]]] = {}
    for reading in readings:
        mood = Gauge("reading", _MOODS[reading.mood], {"id": reading.id})
        _add(families, mood, "How each thing looked at is: 0 good, 1 look at it, 2 bad.")
        for gauge in reading.gauges:
            _add(families, gauge, reading.name.en)
    for gauge in more:
        _add(families, gauge, "")
    lines: list[str] = []
    for name, (meaning, samples) in families.items():
        kind = "counter" if name.endswith("_total") else "gauge"
        if name.endswith("_bucket"):
            lines.append(f"# TYPE {name.removesuffix('_bucket')} histogram")
        if name.endswith(_OF_HISTOGRAMS):
            lines += samples
            continue
        lines += [f"# HELP {name} {_help(meaning)}"] if meaning else []
        lines += [f"# TYPE {name} {kind}", *samples]
    return "\n".join(lines) + "\n"


def _add(families: dict[str, tuple[str, list[str]]], gauge: Gauge, meaning: str) -> None:
    name = f"xiangyun_{gauge.name}"
    said = ",".join(f'{key}="{text.translate(_ESCAPED)}"' for key, text in gauge.labels.items())
    sample = f"{name}{{{said}}} {gauge.value:.17g}" if said else f"{name} {gauge.value:.17g}"
    families.setdefault(name, (meaning, []))[1].append(sample)


def _help(meaning: str) -> str:
    return meaning.replace("\\", r"\\").replace("\n", r"\n")
