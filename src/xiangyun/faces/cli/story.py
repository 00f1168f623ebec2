"""The story of one application, walked through the same verbs as the pages use."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.look import limits
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import from_json

from .demonstration import PASSWORD
from .teller import Line, Teller
from .working import work_off_jobs

SERVICE = "market/company-registration"
CLASHING = "样祥"  # a brand that a company of the same trade holds already
_NUMERALS = "一二三四五六七八九十"


def tell(teller: Teller, folder: Path) -> list[Path]:
    """Walk one application from guide to archive; return the files left in `folder`."""
    wang = log_in("wang")
    teller.heading(Text("王样云在珲春开公司", "Wang Yangyun starts a company in Hunchun"))
    case_id = _apply(teller, wang)
    _correct(teller, wang, case_id)
    _decide(teller, case_id)
    with teller.step(
        Text("税务、社保、公章、公积金、银行并行办理", "Five departments, in parallel")
    ) as line:
        work_off_jobs()
        with acting_as(wang):
            for call in cases.service_calls_of(access.case_for(wang, case_id)):
                line.add(f"{call.headers['department']}: {(call.result or {}).get('reference')}")
    teller.heading(Text("凭证", "What anyone can verify"))
    return _evidence(teller, wang, case_id, folder)


def log_in(login: str) -> Actor:
    """One of the fictitious accounts."""
    actor = accounts.actor_by_password(login, PASSWORD)
    if actor is None:
        raise LookupError(f"the demonstration has no account {login}")
    return actor


def fresh_brand() -> str:
    """A brand nobody has taken yet, so that the story can be told again."""
    with acting_as(SYSTEM):
        for number in range(1, 10_000):
            digits = "".join(_NUMERALS[int(digit) - 1] for digit in str(number))
            if not registers.lookup("companies", "brand", f"样祥云{digits}"):
                return f"样祥云{digits}"
    raise LookupError("every brand of the story is taken; start anew with an empty data folder")


def example_answers(applicant: dict[str, str]) -> dict[str, object]:
    """What Wang types: a small cold-chain company in a street of Hunchun."""
    return {
        "name_prefix": "珲春市",
        "brand": CLASHING,
        "industry": "G59",
        "industry_words": "冷链物流",
        "name_form": "有限公司",
        "premises_division": "222404001001",
        "premises_detail": "靖和街道永新社区（虚构）口岸大路 12 号",
        "premises_kind": "rented",
        "capital": 100,
        "shareholders": [
            {**applicant, "amount": 60, "paid_in_by": "2029-12-31"},
            {
                "name": "李样山",
                "id_number": "222404198807210014",
                "amount": 40,
                "paid_in_by": "2029-12-31",
            },
        ],
        "legal_representative": applicant["name"],
        "legal_representative_id": applicant["id_number"],
        "legal_representative_post": "director",
        "supervisor": "李样山",
        "scope": ["cold_storage", "goods_trade"],
        "articles": "model",
        "bank": "frontier",
        "paper_licence": "none",
        "promise": True,
    }


def _apply(teller: Teller, wang: Actor) -> UUID:
    with (
        teller.step(Text("看办事指南，开始申请", "Reads the guide and begins")) as line,
        acting_as(wang),
    ):
        draft = drafts.start_draft(SERVICE, actor=wang, at=timezone.now())
        pack = catalogue.pack(draft.version_id)
        item, promised = pack.service, limits.promised(pack, timezone.localdate())
        line.add(f"承诺 {promised.zh} · 费用 {item.fee.amount} 元 · 跑 {item.visits} 次")
    with (
        teller.step(Text("人口库已知的不再问", "What the register knows is not asked")) as line,
        acting_as(wang),
    ):
        for key, known in drafts.known_values(draft).items():
            label = pack.form.question(key).label.zh
            line.add(f"{label}：{_masked(known.value)}（{known.source.zh}，{known.on}）")
    with (
        teller.step(Text("回答其余问题，上传住所证明", "Answers the rest, adds the lease")),
        acting_as(wang),
    ):
        applicant = {"name": wang.name, "id_number": "222404199203150027"}
        answers = from_json(pack.form, example_answers(applicant)).answers
        drafts.keep_answers(draft.id, answers, actor=wang, at=timezone.now())
        drafts.add_material(
            draft.id,
            pack.form.question("premises_proof"),
            name="租赁合同（虚构）.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.4\n% fictitious lease\n",
            actor=wang,
            at=timezone.now(),
        )
    with (
        teller.step(Text("提交申请，系统自动预审", "Sends it; the rules check it at once")) as line,
        acting_as(wang),
    ):
        case = actions.submit_case(draft.id, actor=wang, at=timezone.now())
        again = actions.submit_case(draft.id, actor=wang, at=timezone.now())
        line.add(f"办件编号 {case.number} · 再点一次仍是同一件：{case.pk == again.pk}")
        _show_findings(line, case)
    return case.id


def _correct(teller: Teller, wang: Actor, case_id: UUID) -> None:
    with teller.step(
        Text("受理窗口一次性告知补正", "The desk asks once for all corrections")
    ) as line:
        _act("shouli", case_id, "correct")
        with acting_as(wang):
            letter = cases.letters_of(access.case_for(wang, case_id))[0]
            line.add(f"《{letter.title['zh']}》")
    brand = fresh_brand()
    with (
        teller.step(
            Text(
                "王样云把字号改成“{brand}”",
                "Changes the name to “{brand}” and sends it again",
                brand=brand,
            )
        ) as line,
        acting_as(wang),
    ):
        case = access.case_for(wang, case_id)
        task = cases.open_tasks(wang, case)[0]
        changed: dict[str, Value] = {"brand": brand, "capital": Decimal(100)}
        case = actions.correct_answers(case_id, task.id, changed, actor=wang, at=timezone.now())
        _show_findings(line, case)


def _decide(teller: Teller, case_id: UUID) -> None:
    with teller.step(Text("登记科审查：同意", "The reviewer agrees")):
        _act("shencha", case_id, "agree")
    with teller.step(
        Text("负责人决定：准予登记，签发执照", "The office decides; the licence is issued")
    ):
        _act("jueding", case_id, "approve")


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


def _evidence(teller: Teller, wang: Actor, case_id: UUID, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    licence = licence_of(wang, case_id)
    stem = licence.case_number
    page, receipt = folder / f"{stem}-执照.html", folder / f"{stem}-回执.json"
    with teller.step(
        Text("下载执照，任何人可核验", "Downloads the licence; anyone verifies it")
    ) as line:
        page.write_text(licence.page, "utf-8")
        line.add(f"{licence.identifier} → {_answer(licence.page)}")
    with teller.step(Text("改动一个字即被发现", "One changed character is found")) as line:
        altered = licence.page.replace("100万元", "900万元", 1)
        line.add(f"100万元 → 900万元：{_answer(altered)}")
    with (
        teller.step(
            Text("日志封入默克尔树，取回执", "Sealed in the journal's Merkle tree")
        ) as line,
        acting_as(wang),
    ):
        proof = actions.receipt(case_id, actor=wang, at=timezone.now())
        receipt.write_text(json.dumps(proof, ensure_ascii=False, indent=1), "utf-8")
        line.add(f"{len(proof['entries'])} 条记录，每条都有在树中的证明")
    with teller.step(Text("王样云给了五星", "Wang rates it five stars")), acting_as(wang):
        actions.rate_case(case_id, 5, "一次没跑，当天就拿到了。", actor=wang, at=timezone.now())
    return [page, receipt]


def licence_of(wang: Actor, case_id: UUID) -> certificates.Certificate:
    """The licence that this case led to: on one day the story may be told several times."""
    with acting_as(wang):
        number = access.case_for(wang, case_id).number
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
