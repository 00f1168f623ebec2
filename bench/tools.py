"""The tools of the command line measured beside an earlier build, command by command in turns.

The earlier build is a worktree of one commit, made below build/bench; both run in the environment
of this one. Every command is a process of its own, as people call it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from machine import Machine, revision

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "tools.md"
BASE = "1cada10"
MEASURED = ("src/xiangyun/faces/cli", "src/xiangyun/kernel", "src/xiangyun/site")


@dataclass(frozen=True)
class Tool:
    """A command, and what of the earlier build's time it may take."""

    name: str
    arguments: tuple[str, ...]
    most: float
    file: str = ""
    """A further argument: a path within the build, each build reading its own."""


@dataclass
class Runs:
    """Seconds on the clock and of the processor, and megabytes at the peak, run by run."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)


def earlier(commit: str) -> Path:
    """The sources of a commit, checked out below build/bench."""
    place = ROOT / "build" / "bench" / f"tools-{commit}"
    if not (place / "src").is_dir():
        command = ["git", "worktree", "add", "--detach", "--force", str(place), commit]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(
                f"历史里没有 {commit}，无法比较；请用 --base 指明另一个提交。\n"
                f"There is no {commit} in this history, so nothing can be compared:"
                f" name another commit with --base.\n{done.stderr.strip()}"
            )
    return place


def python_of(source: Path) -> str:
    """The Python of an earlier build with what its own lock names, made once beside its sources."""
    if source == ROOT:
        return sys.executable
    place = source / "build" / "python"
    python = place / "bin" / "python"
    if not (place / ".ready").exists():
        lock = source / "requirements" / "run.lock"
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        for command in ([sys.executable, "-m", "venv", str(place)], [str(python), *install]):
            if subprocess.run(command, check=False).returncode:
                raise SystemExit(
                    f"装不上 {source} 的依赖，无法比较。\n"
                    f"What {source} needs could not be installed: nothing can be compared."
                )
        (place / ".ready").touch()
    return str(python)


def run(source: Path, arguments: tuple[str, ...], runs: Runs | None) -> int:
    """One call of `xiangyun`; its exit code."""
    with tempfile.TemporaryDirectory() as home, open(os.devnull, "wb") as nothing:
        environment = {
            **os.environ,
            "PYTHONPATH": str(source / "src"),
            "XIANGYUN_HOME": home,
            "PYTHONDONTWRITEBYTECODE": "",
        }
        begun = time.perf_counter()
        child = subprocess.Popen(
            [python_of(source), "-m", "xiangyun.site.main", *arguments],
            env=environment,
            cwd=source,
            stdout=nothing,
            stderr=nothing,
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if runs is not None:
        runs.clock.append(time.perf_counter() - begun)
        runs.processor.append(used.ru_utime + used.ru_stime)
        runs.peak.append(used.ru_maxrss / 1024)
    return child.returncode


def called(tool: Tool, source: Path) -> tuple[str, ...]:
    """The arguments of a call by one build."""
    return (*tool.arguments, str(source / tool.file)) if tool.file else tool.arguments


def largest_pack(source: Path) -> str:
    """The pack with the most bytes, as a path within the build."""

    def size(pack: Path) -> int:
        return sum(file.stat().st_size for file in pack.rglob("*") if file.is_file())

    packs = [file.parent for file in (source / "packs").glob("*/*/service.yaml")]
    return max(packs, key=size).relative_to(source).as_posix()


def measured(base: Path, rounds: int) -> dict[Tool, tuple[Runs, Runs]]:
    """Every command by both builds, in turns."""
    table = "packs/market/company-registration/rules.dmn"
    tools = (
        Tool("`--help`", ("--help",), 0.5),
        Tool("`feel`", ("feel", "sum([1, 2, 3]) + 1"), 0.5),
        Tool("`check` of the largest pack", ("check",), 0.6, largest_pack(base)),
        Tool("`check` of a table", ("check",), 1.0, table),
    )
    found = {tool: (Runs(), Runs()) for tool in tools}
    for tool in tools:  # compiled and in the cache of the disk before anything counts
        codes = [run(source, called(tool, source), None) for source in (base, ROOT)]
        if codes[0] != codes[1]:
            raise SystemExit(f"{tool.name}: the builds end with {codes}; no fair comparison")
    for turn in range(rounds):
        for tool, (before, now) in found.items():
            pair = [(base, before), (ROOT, now)]
            for source, runs in pair if turn % 2 else reversed(pair):
                run(source, called(tool, source), runs)
        print(f"{turn + 1} / {rounds}", file=sys.stderr, flush=True)
    return found


def page(base: str, found: dict[Tool, tuple[Runs, Runs]], load: float) -> str:
    """The figures as Markdown."""
    here = Machine.here()
    lines = [
        "# The tools of the command line, beside an earlier build",
        "",
        f"Written by `make bench-tools` on {datetime.now(UTC).date()}; do not edit.",
        "",
        f"- Machine: {here.processor}, {here.cores} cores, {here.gigabytes:.0f} GB, {here.system};",
        f"  Python {here.python}; the tools {revision(ROOT, MEASURED)}, beside {base}.",
        f"- Load {load:.1f} before and {here.load:.1f} after, over {here.cores} cores.",
        "- Every call is a process of its own; the builds take turns and change who goes first.",
        "  A ratio is that of the medians. Time is the processor's (user and system), which other",
        "  work on the machine disturbs least; the time on the clock stands beside it.",
        "- Files are those of each build: the same packs, as its format has them.",
        "",
        "| Command | Wanted | Ratio of time | On the clock | Ratio of peak memory |  |",
        "|---|---|---|---|---|---|",
    ]
    rows: list[str] = []
    for tool, (before, now) in found.items():
        time_, clock, peak = (
            median(getattr(now, what)) / median(getattr(before, what))
            for what in ("processor", "clock", "peak")
        )
        met = "met" if time_ <= tool.most and peak <= 1 else "**not met**"
        lines.append(
            f"| {tool.name} | ≤ {tool.most}, memory ≤ 1 | {time_:.2f} | {clock:.2f} | {peak:.2f}"
            f" | {met} |"
        )
        figures = " | ".join(
            f"{scale * median(getattr(runs, what)):.0f}"
            for what, scale in (("processor", 1000), ("clock", 1000), ("peak", 1))
            for runs in (before, now)
        )
        rows.append(f"| {tool.name} | {figures} |")
    calls = len(next(iter(found.values()))[0].clock)
    return "\n".join(
        [
            *lines,
            "",
            f"## Medians of {calls} calls",
            "",
            "| Command | ms before | ms now | clock before | clock now | MB before | MB now |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--base", default=BASE, help="the commit to measure beside")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="three rounds, and no page is written")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    found = measured(earlier(chosen.base), 3 if chosen.quick else chosen.rounds)
    text = page(chosen.base, found, load)
    print(text)
    if not chosen.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
