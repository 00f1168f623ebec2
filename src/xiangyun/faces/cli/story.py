"""The story of one application, walked through the same verbs as the pages use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.ratings import actions as ratings
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look import limits
from xiangyun.kernel.feel import from_json as feel_value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import from_json

from .demonstration import PASSWORD
from .demonstrationfile import Story, StoryStep, demonstration
from .teller import Line, Teller
from .working import work_off_jobs

_NUMERALS = "一二三四五六七八九十"
_FRESH = "{fresh}"
_LOOKS, _BETWEEN = 300, 0.1
"""How often one looks whether the case is over, and the seconds between."""


def _told() -> Story:
    """The story that the folders of packs bring. Raises LookupError where there is none."""
    found = demonstration().story
    if found is None:
        raise LookupError("no folder of packs brings a story")
    return found


SERVICE = _told().service


def tell(teller: Teller, folder: Path) -> list[Path]:
    """Walk one application from guide to archive; return the files left in `folder`."""
    story = _told()
    applicant = log_in(story.applicant)
    teller.heading(story.title)
    case_id = _apply(teller, applicant, story)
    fresh = fresh_brand() if story.fresh else ""
    for step in story.steps:
        _walk(teller, step, case_id, fresh)
    with teller.step(story.departments) as line:
        _work_until_over(applicant, case_id)
        with acting_as(applicant):
            for call in cases.service_calls_of(access.case_for(applicant, case_id)):
                answer = (call.result or {}).get("answer", {})
                line.add(f"{call.headers['department']}: {answer.get('reference')}")
    teller.heading(Text("凭证", "What anyone can verify"))
    return _evidence(teller, applicant, case_id, folder, story)


def _work_until_over(applicant: Actor, case_id: UUID) -> None:
    """Work until the case has ended: where the site is served meanwhile, its workers work, too."""
    for _ in range(_LOOKS):
        work_off_jobs()
        with acting_as(applicant):
            if access.case_for(applicant, case_id).ended_at is not None:
                return
        sleep(_BETWEEN)


def log_in(login: str) -> Actor:
    """One of the fictitious accounts."""
    actor = accounts.actor_by_password(login, PASSWORD)
    if actor is None:
        raise LookupError(f"the demonstration has no account {login}")
    return actor


def fresh_brand() -> str:
    """A value that nobody has yet, so that the story can be told again."""
    fresh = _told().fresh
    if fresh is None:
        raise LookupError("the story needs no value of its own")
    with acting_as(SYSTEM):
        for number in range(1, 10_000):
            digits = "".join(_NUMERALS[int(digit) - 1] for digit in str(number))
            if not registers.lookup(fresh.register, fresh.field, fresh.stem + digits):
                return fresh.stem + digits
    raise LookupError("every name of the story is taken; start anew with an empty data folder")


def example_answers(applicant: Mapping[str, str]) -> dict[str, object]:
    """What the applicant of the story types, told of somebody else: by `name` and `id_number`."""
    story = _told()
    teller = next(one for one in demonstration().people if one.login == story.applicant)
    others = {teller.name: applicant["name"], teller.id_number: applicant["id_number"]}
    answers: dict[str, object] = _instead(story.answers, others)
    return answers


def _instead(value: Any, others: Mapping[str, str]) -> Any:
    """The value with some texts in the place of others, however deep they lie."""
    if isinstance(value, Mapping):
        return {key: _instead(each, others) for key, each in value.items()}
    if isinstance(value, list):
        return [_instead(each, others) for each in value]
    return others.get(value, value) if isinstance(value, str) else value


def _apply(teller: Teller, applicant: Actor, story: Story) -> UUID:
    with (
        teller.step(Text("看办事指南，开始申请", "Reads the guide and begins")) as line,
        acting_as(applicant),
    ):
        draft = drafts.start_draft(story.service, actor=applicant, at=timezone.now())
        pack = catalogue.pack(draft.version_id)
        item, promised = pack.service, limits.promised(pack, timezone.localdate())
        line.add(f"承诺 {promised.zh} · 费用 {item.fee.amount} 元 · 跑 {item.visits} 次")
    with (
        teller.step(Text("人口库已知的不再问", "What the register knows is not asked")) as line,
        acting_as(applicant),
    ):
        for key, known in drafts.known_values(draft).items():
            label = pack.form.question(key).label.zh
            line.add(f"{label}：{_masked(known.value)}（{known.source.zh}，{known.on}）")
    with (
        teller.step(Text("回答其余问题，上传材料", "Answers the rest, adds the papers")),
        acting_as(applicant),
    ):
        answers = from_json(pack.form, story.answers).answers
        drafts.keep_answers(draft.id, answers, actor=applicant, at=timezone.now())
        for file in story.files:
            drafts.add_material(
                draft.id,
                pack.form.question(file.question),
                name=file.name,
                media_type="application/pdf",
                content=f"%PDF-1.4\n% {file.text}\n".encode(),
                actor=applicant,
                at=timezone.now(),
            )
    with (
        teller.step(Text("提交申请，系统自动预审", "Sends it; the rules check it at once")) as line,
        acting_as(applicant),
    ):
        case = actions.submit_case(draft.id, actor=applicant, at=timezone.now())
        again = actions.submit_case(draft.id, actor=applicant, at=timezone.now())
        line.add(f"办件编号 {case.number} · 再点一次仍是同一件：{case.pk == again.pk}")
        _show_findings(line, case)
    return case.id


def _walk(teller: Teller, step: StoryStep, case_id: UUID, fresh: str) -> None:
    """One step of the story: changed answers, or an action of an official."""
    with teller.step(step.words.replaced(_FRESH, Text.given(fresh, fresh))) as line:
        if not step.answers:
            _act(step.by, case_id, step.action)
            return
        applicant = log_in(step.by)
        with acting_as(applicant):
            case = access.case_for(applicant, case_id)
            line.add(f"《{cases.letters_of(case)[0].title['zh']}》")
            task = cases.open_tasks(applicant, case)[0]
            changed = {
                key: feel_value(value)
                for key, value in _instead(step.answers, {_FRESH: fresh}).items()
            }
            case = actions.correct_answers(
                case_id, task.id, changed, actor=applicant, at=timezone.now()
            )
            _show_findings(line, case)


def _act(login: str, case_id: UUID, action: str) -> None:
    official = log_in(login)
    now = timezone.now()
    with acting_as(official):
        case = access.case_for(official, case_id)
        actions.note_reading(case, actor=official, at=now)
        task = cases.open_tasks(official, case)[0]
        actions.complete_task(
            case_id, task.id, action=action, note="", actor=official, at=timezone.now()
        )


def _evidence(
    teller: Teller, applicant: Actor, case_id: UUID, folder: Path, story: Story
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    licence = licence_of(applicant, case_id)
    stem = licence.case_number
    page, receipt = folder / f"{stem}-证照.html", folder / f"{stem}-回执.json"
    with teller.step(
        Text("下载证照，任何人可核验", "Downloads the certificate; anyone verifies it")
    ) as line:
        page.write_text(licence.page, "utf-8")
        line.add(f"{licence.identifier} → {_answer(licence.page)}")
    with teller.step(Text("改动一个字即被发现", "One changed character is found")) as line:
        old, new = story.altered
        line.add(f"{old} → {new}：{_answer(licence.page.replace(old, new, 1))}")
    with (
        teller.step(
            Text("日志封入默克尔树，取回执", "Sealed in the journal's Merkle tree")
        ) as line,
        acting_as(applicant),
    ):
        proof = actions.receipt(case_id, actor=applicant, at=timezone.now())
        receipt.write_text(json.dumps(proof, ensure_ascii=False, indent=1), "utf-8")
        line.add(f"{len(proof['entries'])} 条记录，每条都有在树中的证明")
    given = Text("评价：{stars} 星", "Rates it: {stars} {stars|star|stars}", stars=story.stars)
    with teller.step(given), acting_as(applicant):
        ratings.rate_case(case_id, story.stars, story.praise, actor=applicant, at=timezone.now())
    return [page, receipt]


def licence_of(applicant: Actor, case_id: UUID) -> certificates.Certificate:
    """The licence that this case led to: on one day the story may be told several times."""
    with acting_as(applicant):
        number = access.case_for(applicant, case_id).number
        return certificates.certificates_for_case(number)[0]


def _answer(document: str) -> str:
    with acting_as(ANONYMOUS):
        return str(certificates.verdict(document).answer)


def _show_findings(line: Line, case: cases.Case) -> None:
    decision = cases.decisions_of(case)[0]
    rows = cases.fired_rows(cases.pack_of(case), decision)
    for found in decision.trace["findings"]:
        line.add(f"{found['id']}：{found['text']['zh']}（{found['basis']}）")
    if not decision.trace["findings"]:
        line.add(f"预审通过，命中 {len(rows)} 行规则，没有须处理的问题")


def _masked(value: object) -> str:
    text = str(value)
    return f"{text[:6]}********{text[-4:]}" if len(text) == 18 else text
