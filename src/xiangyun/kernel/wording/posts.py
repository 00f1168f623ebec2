"""What a post asks for and a resume lacks, by the list of skills and its spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xiangyun.kernel.findings import Text

from .document import Line
from .remark import Looked, Remark
from .rules import Skill, WordRules

_ASKS = re.compile(
    r"(?:熟悉|掌握|精通|了解|会使用|熟练使用|熟练运用|具备|持有"
    r"|proficient in|knowledge of|experience with|familiar with)\s*[:：]?\s*([^。；;\n]+)",
    re.I,
)
_BETWEEN = re.compile(r"[、,，/]|\band\b|\bor\b|和|与|及|或", re.I)
_TAIL = re.compile(
    r"(?:等|优先|者优先|的|技能|能力|经验|工具|软件|开发|编程|语言|证书?)+$|^(?:使用|至少一种|任意一种|有|a|an|the)\s*",
    re.I,
)
_LONGEST = 16


def asked_by(lines: Sequence[Line], rules: WordRules) -> tuple[Skill, ...]:
    """What a post asks for: skills of the list, and what “familiar with” is followed by."""
    text = "\n".join(line.text for line in lines)
    found = [skill for skill in rules.skills if has(text, skill)]
    known = {name.casefold() for skill in found for name in skill.names}
    for match in _ASKS.finditer(text):
        for part in _BETWEEN.split(match[1]):
            name = _TAIL.sub("", part.strip(' .()（）“”"')).strip()
            plain = name.casefold()
            if not 1 < len(name) <= _LONGEST or any(each in plain for each in known):
                continue
            if re.fullmatch(r"[A-Za-z][\w+#. ]*", name):
                known.add(plain)
                found.append(Skill((name,)))
    return tuple(found)


def has(text: str, skill: Skill) -> bool:
    """Whether a text names a skill in one of its spellings."""
    return any(_spelling(name).search(text) for name in skill.names)


def _spelling(name: str) -> re.Pattern[str]:
    if name.isascii():
        return re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9+#])", re.I)
    return re.compile(re.escape(name), re.I)


def post(looked: Looked) -> Iterator[Remark]:
    """Each thing that the post asks for and the text does not name."""
    text = "\n".join(line.text for line in looked.resume.lines)
    for skill in looked.asked or ():
        if not has(text, skill):
            name = skill.names[0]
            yield Remark(
                "post.lacks", "1:1", name,
                Text("岗位要求“{skill}”，简历里没有。", "The post asks for “{skill}”: not here.",
                     skill=name),
                Text("若您确实会，请写明在哪里用过；不会就不要写。",
                     "If you can do it, say where you did; if not, leave it out."),
            )  # fmt: skip


def no_post(looked: Looked) -> Text | None:
    """Why what a post asks for could not be compared."""
    if looked.asked is None:
        return Text("没有选择岗位。", "No post was chosen.")
    if not looked.asked:
        return Text("岗位里没有认得的要求。", "Nothing was found that the post asks for.")
    return None
