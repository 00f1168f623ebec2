"""What every `xiangyun conformance` prints: so many passed of so many, and each failure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from xiangyun.kernel.findings import Refused, Text

from .telling import Failed, help_of


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that did not come out: where it is, and what was expected and got."""

    test: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.test}: expected {self.expected}, got {self.got}"


@dataclass(slots=True)
class Score:
    """What a run over a kit gave."""

    total: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """How many came out."""
        return self.total - len(self.failures)

    def count(self, test: str, expected: object, got: object) -> None:
        """One test more, failed unless both are the same."""
        self.total += 1
        if expected != got:
            self.failures.append(Failure(test, str(expected), str(got)))

    def as_json(self) -> dict[str, Any]:
        """The score for programs."""
        return {
            "total": self.total,
            "passed": self.passed,
            "failures": [
                {"test": each.test, "expected": each.expected, "got": each.got}
                for each in self.failures
            ],
        }

    def lines(self) -> Iterator[str]:
        """The score for people."""
        yield f"passed {self.passed} of {self.total}"
        for failure in self.failures:
            yield f"  {failure}"


_REFUSED = re.compile(r"(?<![a-z])(fail|failed|invalid|bad|wrong|tampered|forged)(?![a-z])", re.I)
_REASON = re.compile(r"(?<![A-Za-z])E[0-9]{3}(?![0-9])")


def must_fail(path: Path) -> bool:
    """Whether a file says by its name that it must not be accepted, such as `x-fail.json`."""
    return _REFUSED.search(path.stem) is not None


def count_tried(score: Score, test: str, path: Path, run: Callable[[], object], good: str) -> None:
    """One test more: what comes of a file, `good` or refused, as its name says.

    A name may hold the reason too: `x-fail-E006.json` must be refused with that finding, whatever
    room it is of.
    """
    reason = _REASON.search(path.stem) if must_fail(path) else None
    wanted = "a refusal" if must_fail(path) else good
    if reason is not None:
        wanted = f"a refusal by {reason[0]}"
    try:
        run()
        got = good
    except Refused as problem:
        found = problem.findings[0].id.rpartition(".")[2] if problem.findings else ""
        got = f"a refusal by {found}" if reason is not None else "a refusal"
        if wanted == good:
            got = str(problem)
    score.count(test, wanted, got)


def command(name: str, about: str, run: Callable[[Path], Score]) -> click.Command:
    """`xiangyun conformance NAME FOLDER`, which ends with 1 where anything failed."""

    @click.command(name, help=about)
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option(
        "--json",
        "as_json",
        is_flag=True,
        help=help_of(Text("以 JSON 输出报告。", "The report as JSON.")),
    )
    def scored(folder: Path, as_json: bool) -> None:
        score = run(folder)
        if not score.total:
            raise Failed(
                Text(
                    "{folder}：没有找到测试。", "{folder}: no test cases were found.", folder=folder
                )
            )
        if as_json:
            click.echo(json.dumps(score.as_json(), ensure_ascii=False, indent=1))
        else:
            for line in score.lines():
                click.echo(line)
        raise SystemExit(1 if score.failures else 0)

    return scored
