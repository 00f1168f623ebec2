r"""Patterns of form-js are JavaScript's; here they mean the same, or are refused by name.

form-js tests a pattern anywhere in the text, without flags: `\d` and `\w` are ASCII, `$` is the
very end. What is searched takes time linear in the text (RE2); a pattern that RE2 has no way to
run, such as one that looks ahead, is searched by Python, and refused where it could take for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import re2

_LONGEST = 500
_OTHERWISE = re.compile(
    r"\(\?(?:[a-zA-Z-]*[imsUaLux][a-zA-Z-]*[:)]|P[<=>]|#|\(|>)"  # (?i) (?P<name>) (?#…) (?>…)
    r"|\\[AZzQECGX]|\\[pP]\{?|\\x\{|\\u\{?"
    r"|\[\^?\]|\[\[:"
    r"|[*+?}]\+"
)
_ATOM = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]", re.S)
_NESTED = re.compile(r"\([^()]*[*+|{][^()]*\)(?:[*+]|\{)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it was written, and whether a text fits it."""

    source: str
    fits: Callable[[str], bool]


def compiled(source: str) -> Pattern:
    """The pattern, ready to be searched. Raises re.error with what is wrong."""
    if len(source) > _LONGEST:
        raise re.error(f"more than {_LONGEST} characters")
    # Escapes that JavaScript has and RE2 has not.
    written = re.sub(
        r"\\u([0-9a-fA-F]{4})", lambda found: re.escape(chr(int(found[1], 16))), source
    )
    if found := _OTHERWISE.search(re.sub(r"\\\\", "", written)):
        raise re.error(f"“{found[0]}” does not mean the same in form-js")
    written = written.replace(r"\/", "/")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        linear = re2.compile(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", written), options)
    except re2.error:
        return Pattern(source, _backtracking(written))
    return Pattern(source, lambda text: linear.search(text) is not None)


def _backtracking(written: str) -> Callable[[str], bool]:
    bones = _ATOM.sub("x", written)
    while (inner := re.sub(r"\([^()*+|{]*\)(?![*+{])", "x", bones)) != bones:
        bones = inner
    if _NESTED.search(bones) or bones.count("(") > 20:
        raise re.error("a repetition within a repetition, which may take for ever")
    python = re.compile(_to_the_end(re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", written)), re.ASCII)
    return lambda text: python.search(text) is not None


def _to_the_end(pattern: str) -> str:
    r"""`$` outside of classes and escapes as `\Z`: Python's also matches before a last newline."""
    parts, at = [], 0
    for match in _ATOM.finditer(pattern):
        parts += [pattern[at : match.start()].replace("$", r"\Z"), match[0]]
        at = match.end()
    return "".join([*parts, pattern[at:].replace("$", r"\Z")])
