"""What the command line says, in the language of whoever reads it.

`--language`, XIANGYUN_LANGUAGE and the locale are asked in that order; both of the first two may
name several, separated by commas. Where nothing names a language that there is, everything is said
in both complete ones, a line each.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from importlib import import_module
from typing import NoReturn

import click

from xiangyun.kernel.findings import Finding, RefusalKind, Refused, Text
from xiangyun.kernel.language import COMPLETE, Language, choose, of_locale

_readers: ContextVar[tuple[Language, ...]] = ContextVar("readers")


def readers() -> tuple[Language, ...]:
    """The languages that everything is said in: one, or both complete ones."""
    try:
        return _readers.get()
    except LookupError:
        _readers.set(found := _of_environment())
        return found


def read_in(names: str) -> None:
    """From now on say everything in these languages. Raises WrongUsage for an unknown one."""
    found = []
    for name in names.split(","):
        language = _chosen(name.strip())
        if language is None:
            raise WrongUsage(
                Text(
                    "没有语言“{name}”；有：{tags}。",
                    "There is no language “{name}”; there are: {tags}.",
                    name=name,
                    tags=list(_languages()),
                )
            )
        found.append(language)
    _readers.set(tuple(dict.fromkeys(found)))


def _of_environment() -> tuple[Language, ...]:
    asked = (os.environ.get("XIANGYUN_LANGUAGE") or "").split(",")
    found = [one for name in asked if name and (one := _chosen(name))]
    if found:
        return tuple(dict.fromkeys(found))
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := os.environ.get(variable):
            wanted = of_locale(locale)
            one = _chosen(wanted) if wanted else None
            return (one,) if one else tuple(COMPLETE.values())
    return tuple(COMPLETE.values())


def _chosen(name: str) -> Language | None:
    """The language that a name asks for; the files of others are read only where none is meant."""
    return choose([name], COMPLETE.values()) or choose([name], _languages().values())


def _languages() -> Mapping[str, Language]:
    """All languages there are; the files of further ones are read on first use."""
    found: Mapping[str, Language] = import_module("xiangyun.adapters.languages").languages()
    return found


def lines(text: Text) -> list[str]:
    """The words, an entry a language; what reads alike in all of them is said once."""
    return list(dict.fromkeys(text.pick(language) for language in readers()))


def told(text: Text, indent: str = "") -> str:
    """The words, a line a language."""
    blank = _blank(indent)
    first, *others = (line.replace("\n", f"\n{blank}  ") for line in lines(text))
    return "\n".join([indent + first, *(blank + other for other in others)])


def _blank(indent: str) -> str:
    """As wide as the sign that stands before the first line."""
    return " " * len(click.unstyle(indent))


def beside(text: Text) -> str:
    """The words for one line of a table or a heading, the second language after the first."""
    return "  ".join(lines(text))


def marked(text: Text) -> str:
    """The words for rich, what follows the first language dimmed."""
    escape = import_module("rich.markup").escape
    first, *others = (escape(line) for line in lines(text))
    return "  ".join([first, *(f"[dim]{other}[/]" for other in others)])


def tell(text: Text, *, err: bool = False, indent: str = "") -> None:
    """Print the words."""
    click.echo(told(text, indent), err=err)


def tell_finding(finding: Finding, head: str = "✗") -> None:
    """Print a finding on standard error: its id and place, what is wrong, and what to do."""
    place = f" {finding.place}" if finding.place else ""
    click.echo(f"{head} {finding.id}{place}", err=True)
    tell(finding.message, err=True, indent="    ")
    if finding.hint:
        tell(finding.hint, err=True, indent="    → ")


EXIT: Mapping[RefusalKind, int] = {
    "not found": 2,
    "forbidden": 1,
    "stale": 1,
    "invalid": 1,
    "conflict": 1,
}
"""What a command ends with that was refused: 2 where it asked for what is not there."""


def tell_refusal(refused: Refused, head: str = "✗") -> None:
    """Print everything that a refusal says."""
    for finding in refused.findings:
        tell_finding(finding, head)


def end_refused(refused: Refused, text: Text | None = None) -> NoReturn:
    """Print what a refusal says, and what that means for the command; end with its exit code."""
    tell_refusal(refused)
    if text is not None:
        tell(text, err=True, indent="✗ ")
    raise SystemExit(EXIT[refused.kind])


class Failed(click.ClickException):
    """What was asked for was not done; ends with 1."""

    def __init__(self, text: Text) -> None:
        super().__init__(told(text))


class WrongUsage(click.UsageError):
    """The command was not called as it must be; ends with 2."""

    def __init__(self, text: Text) -> None:
        super().__init__(told(text))


def help_of(text: Text) -> str:
    """The words for the help of an option or a command, which click sets into lines."""
    return " ".join(lines(text))


def joined(texts: Iterable[Text]) -> Text:
    """Several texts as a list."""
    return Text("{all}", "{all}", all=list(texts))
