"""Made-up resumes: clean ones, and the same with one planted fault of a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from xiangyun.kernel.wording import WordRules

_FAMILY, _GIVEN = "样云祥虚构例", "一二三四五六小明清远文静"
_PLACES = ("长春", "吉林", "四平", "延吉", "珲春")
_DONE_ZH = (
    "设计并实现订单查询接口，响应时间从{a}毫秒降到{b}毫秒",
    "搭建自动化测试平台，覆盖{a}个场景，回归时间缩短{b}%",
    "组织{a}场宣讲会，吸引{b}名同学参加",
    "分析{a}万条销售记录，提出{b}条改进建议并全部落地",
    "编写{a}页操作手册，培训{b}名新员工",
    "优化仓库拣货路线，每单用时减少{b}%，全年节省{a}万元",
    "带领{b}人小组完成{a}户入户调查，有效问卷率达到95%",
    "策划校园招聘活动{b}场，签约{a}人",
    "维护{a}台设备，故障停机时间下降{b}%",
    "撰写新闻稿{a}篇，其中{b}篇被省级媒体采用",
)
_DONE_EN = (
    "Designed a scheduling service that cut waiting time by {b}% for {a} clinics",
    "Built {b} dashboards used by {a} colleagues every week",
    "Led a team of {b} and delivered {a} features on time",
    "Analyzed {a} thousand orders and reduced returns by {b}%",
    "Wrote {a} pages of documentation and trained {b} new colleagues",
    "Migrated {b} databases without downtime for {a} customers",
    "Organized {b} workshops attended by {a} students",
    "Automated the monthly report, saving {a} hours a year across {b} teams",
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEAK_ZH = ("负责部门日常工作", "参与了一些项目", "协助领导处理各种事务", "负责相关资料的整理")
_WEAK_EN = ("Responsible for various tasks", "Helped with daily work", "Worked on several things")


@dataclass
class MadeUp:
    """A resume in pieces, so that a fault can be planted in one of them."""

    chinese: bool
    name: str
    phone: str | None
    email: str | None
    school: tuple[str, tuple[int, int], tuple[int, int]]
    jobs: list[tuple[str, tuple[int, int], tuple[int, int], list[str]]]
    skills: list[str]
    style: int
    left_out: set[str] = field(default_factory=set)

    def text(self) -> str:
        return self._chinese() if self.chinese else self._english()

    def _chinese(self) -> str:
        head = ("## {}", "【{}】", "{}")[self.style]
        contact = [f"电话：{self.phone}"] * bool(self.phone) + [f"邮箱：{self.email}"] * bool(
            self.email
        )
        lines = [f"{'# ' if self.style == 0 else ''}{self.name}", " | ".join(contact), ""]
        parts = {
            "教育背景": [
                f"{self.school[0]}  计算机科学与技术  本科  {self._span(*self.school[1:])}"
            ],
            "工作经历": [
                line
                for firm, first, last, done in self.jobs
                for line in (
                    f"{firm}  工程师  {self._span(first, last)}",
                    *(f"- {d}" for d in done),
                )
            ],
            "专业技能": [f"- 熟练使用{'、'.join(self.skills)}"] * bool(self.skills),
        }
        for title, inside in parts.items():
            if title not in self.left_out:
                lines += [head.format(title), *inside, ""]
        return "\n".join(lines)

    def _english(self) -> str:
        head = ("## {}", "**{}**", "{}")[self.style]
        contact = [f"Email: {self.email}"] * bool(self.email) + [f"Phone: {self.phone}"] * bool(
            self.phone
        )
        lines = [self.name, " | ".join(contact), ""]
        parts = {
            "Education": [f"{self.school[0]}, B.Sc. Economics", self._span(*self.school[1:])],
            "Experience": [
                line
                for firm, first, last, done in self.jobs
                for line in (
                    f"Engineer, {firm}",
                    self._span(first, last),
                    *(f"• {d}" for d in done),
                )
            ],
            "Skills": [f"- {', '.join(self.skills)}"] * bool(self.skills),
        }
        for title, inside in parts.items():
            if title not in self.left_out:
                lines += [head.format(title), *inside, ""]
        return "\n".join(lines)

    def _span(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        if not self.chinese:
            names = _MONTHS
            return f"{names[first[1] - 1]} {first[0]} – {names[last[1] - 1]} {last[0]}"
        form = ("{}.{:02}", "{}年{}月", "{}/{:02}")[self.style]
        return f"{form.format(*first)}{('-', '至', ' — ')[self.style]}{form.format(*last)}"


def clean(seed: int) -> MadeUp:
    """A resume without a fault."""
    draw = Random(seed)
    chinese = seed % 3 != 0
    start = 2004 + draw.randrange(8)
    texts = list(_DONE_ZH if chinese else _DONE_EN)
    draw.shuffle(texts)
    jobs, month = [], (start + 4) * 12 + 6
    for number in range(draw.randint(2, 3)):
        length = draw.randint(8, 30)
        done = [texts.pop().format(a=draw.randint(11, 98), b=draw.randint(2, 9)) for _ in range(2)]
        firm = (
            f"样云{_GIVEN[number]}{draw.choice(_PLACES)}公司" if chinese else f"Cloud {number} Ltd."
        )
        jobs.append((firm, _ym(month), _ym(month + length), done))
        month += length + draw.randint(1, 3)
    name = draw.choice(_FAMILY) + draw.choice(_GIVEN) + draw.choice(_GIVEN)
    school = "样省大学" if chinese else "Sample University"
    skills = draw.sample(["Python", "Excel", "SQL", "AutoCAD", "SPSS", "Photoshop"], 3)
    return MadeUp(
        chinese, name if chinese else draw.choice(("Yang Xiaoyun", "JOHN YANG", "Ann Yun-Li")),
        f"138{draw.randrange(10**8):08}", f"sample{seed}@example.com",
        (school, (start, 9), (start + 4, 6)), jobs, skills, draw.randrange(3),
    )  # fmt: skip


def _ym(month: int) -> tuple[int, int]:
    return month // 12, month % 12 + 1


def _typing(made: MadeUp, draw: Random, rules: WordRules) -> None:
    fitting = [each for each in rules.confusions if each.wrong.isascii() is not made.chinese]
    wrong = draw.choice(fitting).wrong
    done = draw.choice(made.jobs)[3]
    done[0] += f"，{wrong}" if made.chinese else f" and {wrong}"


def _gap(made: MadeUp, draw: Random, rules: WordRules) -> None:
    firm, first, last, done = made.jobs[-1]
    made.jobs[-1] = (firm, (first[0] + 2, first[1]), (last[0] + 2, last[1]), done)


def _overlap(made: MadeUp, draw: Random, rules: WordRules) -> None:
    firm, first, _, done = made.jobs[0]
    later = made.jobs[1][1]
    made.jobs[0] = (firm, first, _ym(later[0] * 12 + later[1] - 1 + 5), done)


def _reversed(made: MadeUp, draw: Random, rules: WordRules) -> None:
    firm, first, last, done = made.jobs[-1]
    made.jobs[-1] = (firm, last, first, done)


def _weak(made: MadeUp, draw: Random, rules: WordRules) -> None:
    draw.choice(made.jobs)[3][1] = draw.choice(_WEAK_ZH if made.chinese else _WEAK_EN)


def _no_figures(made: MadeUp, draw: Random, rules: WordRules) -> None:
    firm, first, last, _ = made.jobs[0]
    done = (
        ["设计订单系统的接口", "搭建测试平台"]
        if made.chinese
        else ["Designed the order system", "Built tests"]
    )
    made.jobs[0] = (firm, first, last, done)


def _repeated(made: MadeUp, draw: Random, rules: WordRules) -> None:
    made.jobs[-1][3].append(made.jobs[0][3][0])


def _wrong_phone(made: MadeUp, draw: Random, rules: WordRules) -> None:
    made.phone = (made.phone or "")[:9]


def _wrong_mail(made: MadeUp, draw: Random, rules: WordRules) -> None:
    made.email = (made.email or "").replace(".com", "").replace("example", "example")


def _long(made: MadeUp, draw: Random, rules: WordRules) -> None:
    texts = _DONE_ZH if made.chinese else _DONE_EN
    for number in range(130):
        made.jobs[number % len(made.jobs)][3].append(
            draw.choice(texts).format(a=100 + number, b=200 + number)
        )


def _endless(made: MadeUp, draw: Random, rules: WordRules) -> None:
    texts = _DONE_ZH if made.chinese else _DONE_EN
    many = (draw.choice(texts).format(a=100 + n, b=200 + n) for n in range(7))
    draw.choice(made.jobs)[3][0] = ("，" if made.chinese else " and ").join(many)


def _future(made: MadeUp, draw: Random, rules: WordRules) -> None:
    firm, _, _, done = made.jobs[-1]
    made.jobs[-1] = (firm, (2031, 2), (2031, 9), done)


def _empty_skills(made: MadeUp, draw: Random, rules: WordRules) -> None:
    made.skills = []


def _identity(made: MadeUp, draw: Random, rules: WordRules) -> None:
    made.phone = f"{made.phone} | 身份证号 22240419990230{draw.randrange(1000):03}X"


PLANTED: dict[str, Callable[[MadeUp, Random, WordRules], None]] = {
    "typing.confusion": _typing,
    "timeline.gap": _gap,
    "timeline.overlap": _overlap,
    "timeline.reversed": _reversed,
    "doing.weak": _weak,
    "doing.figure": _no_figures,
    "repetition.line": _repeated,
    "contact.wrong_phone": _wrong_phone,
    "contact.wrong_email": _wrong_mail,
    "contact.phone": lambda made, draw, rules: setattr(made, "phone", None),
    "contact.email": lambda made, draw, rules: setattr(made, "email", None),
    "structure.missing": lambda made, draw, rules: made.left_out.add(
        draw.choice(("教育背景", "专业技能") if made.chinese else ("Education", "Skills"))
    ),
    "length.long": _long,
    "length.sentence": _endless,
    "timeline.future": _future,
    "structure.empty": _empty_skills,
    "contact.name": lambda made, draw, rules: setattr(made, "name", ""),
    "contact.private": _identity,
    "length.short": lambda made, draw, rules: setattr(
        made, "jobs", [(*made.jobs[0][:3], made.jobs[0][3][:1])]
    ),
}
