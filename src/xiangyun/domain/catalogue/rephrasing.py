"""The same question in other words: without those of a sentence, or its parts in other order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xiangyun.domain.registers.names import is_chinese, normal, typed_latin

_WORD = re.compile(r"[a-z0-9]+")
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|ies|es|e|s|y)$")
"""What English words differ by that mean the same: start and starting, company and companies."""
_MEANINGLESS = frozenset(
    re.findall(
        r"\w+",
        "a an and at can do for get have how i in is it me my need of on or please should the to"
        " want what where which who will with you your",
    )
)
_BEFORE = re.compile(
    "^(?:请问|您好|你好|我们|我|本人|想要|想|要|需要|打算|准备|希望|怎么样|怎么|怎样|如何|哪里|哪儿"
    "|在哪|去哪|到哪|可以|能不能|能|应该|该|帮|帮忙|给|去|来|申请|办理|办|咨询|查询|问一下|一下)+"
)
_AFTER = re.compile(
    "(?:怎么办理|怎么办|怎么弄|怎么申请|如何办理|如何办|在哪里办|在哪办|去哪办|到哪办|办理|申请|手续|流程"
    "|要什么材料|需要什么材料|需要什么|要什么|要多久|多少钱|可以吗|行吗|吗|呢|吧|啊|的)+$"
)
"""How a sentence begins and ends around what it is about."""
_SHORTEST, _LONGEST = 4, 12
_SHORTEST_LATIN, _LONGEST_LATIN = 8, 30


def words_of(text: str, *, meant: bool = False) -> tuple[str, ...]:
    """The English words of a text without their endings; `meant`: those alone that mean something.

    All of them where none does: somebody may look for just that.
    """
    found = _WORD.findall(text.lower())
    if meant:
        found = [each for each in found if each not in _MEANINGLESS] or found
    return tuple(_ENDING.sub("", each) for each in found)


class Said(NamedTuple):
    """A question; not `whole`: its parts stand in another order than they were said in."""

    text: str
    whole: bool = True


def rephrased(question: str) -> Iterator[Said]:
    """Other ways of asking the same, the likeliest first."""
    if is_chinese(question):
        written = normal(question)
        about = _BEFORE.sub("", _AFTER.sub("", written)) or written
        if about != written:
            yield Said(about)
        shortest, longest, least = _SHORTEST, _LONGEST, 2
    else:
        about = typed_latin(question)
        shortest, longest, least = _SHORTEST_LATIN, _LONGEST_LATIN, 4
    if shortest <= len(about) <= longest:
        for cut in range(least, len(about) - least + 1):
            yield Said(about[cut:] + about[:cut], whole=False)
