"""Questions that are marked sensitive: what keeps them so, and what would give them away."""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.pack.objections import told
from xiangyun.kernel.pack.reader import FORM, PackSources
from xiangyun.kernel.pack.taskforms import file_of
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.reader import FILE as SERVICE
from xiangyun.kernel.service.secrecy import SEALED


def check_sensitive(sources: PackSources) -> Iterator[Finding]:
    """What is wrong with sensitive questions of the forms of a service."""
    service, form = sources.service, sources.form
    if service is None or form is None:
        return
    marked = {FORM: form.sensitive}
    marked |= {file_of(name): each.sensitive for name, each in sources.forms.items()}
    if service.need != SEALED:
        if told(sources):
            del marked[FORM]  # an objection to a sensitive value is sealed whatever the class
        yield from _encrypts_nothing(marked)
    elif not any(marked.values()):
        yield _nothing_marked()
    for key, question in _stands_in_clear(service).items():
        if question in form.sensitive:
            yield _given_away(question, key)


def _stands_in_clear(service: ServiceItem) -> dict[str, str]:
    """The questions whose answers stand in rows of their own, by what service.yaml calls them."""
    found = {"competent_question": service.competent_question}
    for party in service.parties:
        found[f"parties.{party.role}.code"] = party.code
        found[f"parties.{party.role}.party_name"] = party.party_name
    return found


def _encrypts_nothing(marked: dict[str, frozenset[str]]) -> Iterator[Finding]:
    for file, questions in marked.items():
        if questions:
            yield fault(
                "pack.E071",
                Text(
                    "{questions}写了 sensitive，但事项不是密封的：什么都不加密。",
                    "{questions}: sensitive where the service is not sealed encrypts nothing.",
                    questions=sorted(questions),
                ),
                Place(file),
                Text(
                    "请在 service.yaml 写 class: sealed，或去掉 sensitive。",
                    "Write class: sealed in service.yaml, or take sensitive out.",
                ),
            )


def _nothing_marked() -> Finding:
    return fault(
        "pack.W010",
        Text(
            "密封的事项没有敏感的问题：申请内容以明文保存。",
            "A sealed service without a sensitive question keeps its applications in clear.",
        ),
        Place(SERVICE),
        Text(
            '请在要加密的问题写 "properties": {"sensitive": "true"}。',
            'Mark questions with "properties": {"sensitive": "true"}.',
        ),
        "warning",
    )


def _given_away(question: str, key: str) -> Finding:
    return fault(
        "pack.E072",
        Text(
            "“{question}”是敏感的，不能用作 {key}：那里以明文保存。",
            "“{question}” is sensitive and cannot be {key}, which is kept in clear.",
            question=question,
            key=key,
        ),
        Place(SERVICE),
        Text("请换一个不敏感的问题。", "Take a question that is not sensitive."),
    )
