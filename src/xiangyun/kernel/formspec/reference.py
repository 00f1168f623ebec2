"""The reference of forms from the declarations: `make reference` writes it into forms.md."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.formspec import formjs
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.kinds import kinds
from xiangyun.kernel.formspec.questionkind import QuestionKind


def reference() -> str:
    """All kinds, formats and components as Markdown, in both languages."""
    parts: list[str] = []
    for kind in sorted(kinds().values(), key=lambda each: each.name):
        parts += _kind(kind)
    parts += ["### Formats of text", "", *_table("`properties.format`", "Meaning", "含义")]
    parts += [f"| `{name}` | {form.about.en} | {form.about.zh} |" for name, form in FORMATS.items()]
    parts += [
        "",
        "### Refused, or without effect, in every question",
        "",
        *_table("Member", "Instead", "请改用"),
    ]
    parts += [f"| `{name}` | {to.en} | {to.zh} |" for name, to in formjs.REFUSED_MEMBERS.items()]
    parts += [
        f"| `{name}` | **No effect.** {to.en} | **不起作用。** {to.zh} |"
        for name, to in formjs.NOTED_MEMBERS.items()
    ]
    parts += ["", "### Components that ask nothing", "", *_table("Component", "Here", "在这里")]
    parts += list(_components())
    return "\n".join(parts) + "\n"


def _kind(kind: QuestionKind) -> list[str]:
    lines = [f"### {kind.name}: {kind.title.en}, {kind.title.zh}", ""]
    lines += [kind.about.en + " " + kind.about.zh, ""]
    lines += [f"Answer: {kind.answer.en}; {kind.answer.zh}. As JSON: `{kind.example}`", ""]
    lines += _table("Member", "Enforced", "校验")
    lines += [f"| `{p.written}` | {p.about.en} | {p.about.zh} |" for p in kind.properties]
    lines += [
        f"| `{name}` | **Refused.** {instead.en} | **不接受。** {instead.zh} |"
        for name, instead in kind.refused.items()
    ]
    lines += [
        f"| `{name}` | **No effect.** {here.en} | **不起作用。** {here.zh} |"
        for name, here in kind.noted.items()
    ]
    if kind.looks:
        named = ", ".join(f"`{name}`" for name in sorted(kind.looks))
        lines.append(f"| {named} | Only how form-js shows it. | 只影响 form-js 的显示。 |")
    return [*lines, ""]


def _components() -> Iterator[str]:
    groups = _names(formjs.GROUPS | formjs.TRANSPARENT)
    yield f"| {groups} | A page at the top, else its questions. | 顶层为一页，其余只取问题。 |"
    yield f"| `{formjs.TEXT}` | Stands above the question after it. | 显示在其后的问题上方。 |"
    yield f"| {_names(formjs.NEEDLESS)} | Left out: pages have their own. | 略去：页面自有。 |"
    for name, to in formjs.NOT_SHOWN.items():
        yield f"| `{name}` | Left out, with a note. {to.en} | 略去并提示。{to.zh} |"


def _names(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _table(*heads: str) -> list[str]:
    return ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
