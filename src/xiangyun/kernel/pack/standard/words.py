"""The words of the standard ways, Chinese and English; `‹name›` is where the item's name goes."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]
NAME = "‹name›"

_COMMON: Mapping[str, Pair] = {
    "guide.before": (
        "备好下面列出的材料，拍照或者扫描。",
        "Have the papers listed below, as photos or scans.",
    ),
    "guide.step.1": (
        "核对姓名，附上材料，几分钟就好。",
        "Check your name and attach the papers; a few minutes.",
    ),
    "guide.next": (
        "结果在“我的办件”里，同时发给您。",
        "The result is under “My cases” and is sent to you.",
    ),
    "stage.submit": ("提交", "Sent"),
    "stage.correct": ("补正", "Correction"),
    "stage.issue": ("办结", "Result"),
    "action.submit": ("提交申请", "Send the application"),
    "action.submit.effect": ("申请送到办理机关。", "The application goes to the authority."),
    "action.withdraw": ("撤回申请", "Withdraw"),
    "action.withdraw.effect": (
        "申请到此为止，以后可以重新申请。",
        "The application ends here; you can apply again later.",
    ),
    "task.correct": ("补正", "Correct"),
    "task.correct.hint": ("请按通知改好标出的内容。", "Correct what the letter lists."),
    "task.correct.resubmit": ("提交补正", "Send the corrections"),
    "task.correct.resubmit.effect": (
        "改过的申请送回办理机关。",
        "The application goes back to the authority.",
    ),
    "task.correct.pause": (
        "等待申请人补正，不计入办理时限。",
        "Waiting for the applicant’s corrections; not counted.",
    ),
    "outcome.issued": ("已办结", "Done"),
    "outcome.issued.next": ("结果在“我的办件”里。", "The result is under “My cases”."),
    "outcome.refused": ("不予办理", "Refused"),
    "outcome.refused.next": (
        "情况有变化可以重新申请；不服的，可以申请行政复议或者提起行政诉讼。",
        "You may apply again when things have changed, ask for reconsideration or go to court.",
    ),
    "outcome.withdrawn": ("已撤回", "Withdrawn"),
    "outcome.withdrawn.next": ("以后可以重新申请。", "You can apply again later."),
    "outcome.lapsed": ("视为撤回", "Deemed withdrawn"),
    "outcome.lapsed.next": (
        "补正期限已过，可以重新申请。",
        "The time for corrections has passed; you can apply again.",
    ),
    "letter.correction.title": ("一次性告知书", "What to correct"),
    "letter.correction.body": (
        "{application.applicant_name}：\n\n"
        "您于{filed_on}提交的“‹name›”申请（办件编号 {case_number}），"
        "需要补正：\n\n{‹asked›.note}\n\n请在 {parameters.correction_days} 日内到“我的办件”里补正。"
        "逾期未补正的，视为撤回。\n\n{authority.name}",
        "Dear {application.applicant_name},\n\nyour application of {filed_on} for “‹name›” (case "
        "{case_number}) needs this to be corrected:\n\n{‹asked›.note}\n\nPlease do so within "
        "{parameters.correction_days} days under “My cases”. After that it counts as withdrawn.\n\n"
        "{authority.name}",
    ),
    "letter.issued.title": ("办结通知书", "Done"),
    "letter.issued.body": (
        "{application.applicant_name}：\n\n"
        "您于{filed_on}提交的“‹name›”申请（办件编号 {case_number}）"
        "已经办结。\n\n{authority.name}",
        "Dear {application.applicant_name},\n\nyour application of {filed_on} for “‹name›” (case "
        "{case_number}) is done.\n\n{authority.name}",
    ),
    "letter.refused.title": ("不予办理决定书", "Refused"),
    "letter.refused.body": (
        "{application.applicant_name}：\n\n"
        "您于{filed_on}提交的“‹name›”申请（办件编号 {case_number}），"
        "决定不予办理。\n\n理由：{‹why›}\n\n不服本决定的，可以依法申请行政复议或者提起行政诉讼，"
        "期限见办事指南。\n\n{authority.name}",
        "Dear {application.applicant_name},\n\nyour application of {filed_on} for “‹name›” (case "
        "{case_number}) is refused.\n\nThe reason: {‹why›}\n\nYou may ask for "
        "reconsideration or go "
        "to court; the guide says until when.\n\n{authority.name}",
    ),
    "page.who.title": ("谁来申请", "Who applies"),
    "page.what.title": ("材料", "Papers"),
    "form.home.label": ("在哪个地方办理", "Where it is dealt with"),
    "form.home.why": ("决定由哪个机关办理。", "Decides which authority deals with it."),
    "form.promise.label": ("我确认以上内容真实", "I confirm that all this is true"),
    "form.promise.why": ("申请人对内容的真实性负责。", "The applicant answers for it."),
    "element.filed": ("", "Application sent"),
    "element.letter_correction": ("", "Ask for corrections"),
    "element.correct": ("", "Correct"),
    "element.overdue": ("", "Not corrected in time"),
    "element.end_overdue": ("", "Overdue"),
    "element.correct_to_again": ("", "corrected"),
    "element.withdrawn": ("", "Withdrawn"),
    "element.end_withdrawn": ("", "Withdrawn"),
    "element.gate_outcome_to_end_lapsed": ("", "overdue"),
    "element.gate_outcome_to_letter_refused": ("", "refused"),
    "element.letter_issued": ("", "Send the result"),
    "element.end_issued": ("", "Done"),
    "element.letter_refused": ("", "Tell that it is refused"),
    "element.end_refused": ("", "Refused"),
    "element.end_lapsed": ("", "Deemed withdrawn"),
}

_ASK: Mapping[str, Pair] = {
    "ask-correction": ("要求补正", "Ask for corrections"),
    "ask-correction.effect": (
        "申请人收到一封信，写明须补正的内容。",
        "The applicant gets one letter with all that is to be corrected.",
    ),
    "refuse-application": ("不予办理", "Refuse"),
    "refuse-application.effect": (
        "申请人收到决定，写明理由和救济途径，办件结束。",
        "The applicant gets the decision with reason and remedies, and the case ends.",
    ),
}


def _asking(task: str) -> dict[str, Pair]:
    return {f"task.{task}.{key}": words for key, words in _ASK.items()}


def _decided_at(gate: str) -> dict[str, Pair]:
    return {f"element.{gate}_to_letter_correction": ("", "to correct")}


_IMMEDIATE: Mapping[str, Pair] = {
    "guide.step.2": ("工作人员当场办理。", "An official deals with it at once."),
    "stage.decide": ("办理", "Handling"),
    "task.decide": ("当场办理", "Deal with it at once"),
    "task.decide.hint": (
        "材料齐全、符合条件的，当场办结。",
        "Where all is there and right, it is done at once.",
    ),
    "task.decide.approve-at-once": ("准予", "Approve"),
    "task.decide.approve-at-once.effect": (
        "办结，并通知申请人。",
        "It is done and the applicant is told.",
    ),
    **_asking("decide"),
    **_decided_at("gate_decision"),
    "element.examine": ("", "Handling at once"),
    "element.decide": ("", "Deal with it at once"),
    "element.gate_decision_to_end_decided": ("", "decided"),
    "element.end_decided": ("", "Decided"),
    "element.gate_outcome_to_letter_issued": ("", "approved"),
}

_PROMISED: Mapping[str, Pair] = {
    "guide.step.2": (
        "办理机关受理，要补正的一次说清。",
        "The authority accepts it; what must be corrected is said at once.",
    ),
    "guide.step.3": ("在承诺时限内决定。", "It is decided within the promised time."),
    "stage.accept": ("受理", "Acceptance"),
    "stage.decide": ("决定", "Decision"),
    "task.accept": ("受理", "Accept"),
    "task.accept.hint": (
        "看材料是否齐全，决定受理、要求补正，还是不予受理。",
        "Look whether all is there; accept, ask for corrections, or refuse.",
    ),
    "task.accept.accept-application": ("受理", "Accept"),
    "task.accept.accept-application.effect": (
        "申请人收到受理通知，承诺时限从现在起算。",
        "The applicant is told, and the promised time runs from now.",
    ),
    **_asking("accept"),
    **_decided_at("gate_acceptance"),
    "task.decide": ("决定", "Decide"),
    "task.decide.hint": (
        "看过申请和受理意见后决定。",
        "Decide by the application and what the colleague who accepted it says.",
    ),
    "task.decide.approve-application": ("准予", "Approve"),
    "task.decide.approve-application.effect": (
        "办结，并通知申请人。",
        "It is done and the applicant is told.",
    ),
    "task.decide.refuse-application": _ASK["refuse-application"],
    "task.decide.refuse-application.effect": _ASK["refuse-application.effect"],
    "letter.accepted.title": ("受理通知书", "Accepted"),
    "letter.accepted.body": (
        "{application.applicant_name}：\n\n"
        "您于{filed_on}提交的“‹name›”申请（办件编号 {case_number}）"
        "已受理，将在承诺的时限内办结。\n\n{authority.name}",
        "Dear {application.applicant_name},\n\nyour application of {filed_on} for “‹name›” (case "
        "{case_number}) is accepted and will be decided within the promised "
        "time.\n\n{authority.name}",
    ),
    "element.examine": ("", "Acceptance and decision"),
    "element.accept": ("", "Accept"),
    "element.gate_acceptance_to_letter_accepted": ("", "accepted"),
    "element.gate_acceptance_to_end_not_accepted": ("", "not accepted"),
    "element.letter_accepted": ("", "Tell that it is accepted"),
    "element.decide": ("", "Decide"),
    "element.end_decided": ("", "Decided"),
    "element.end_not_accepted": ("", "Not accepted"),
    "element.gate_outcome_to_letter_issued": ("", "approved"),
}

_REPORT: Mapping[str, Pair] = {
    "guide.step.2": ("提交后马上得到收件凭证。", "You get a receipt as soon as it is sent."),
    "guide.step.3": (
        "办理机关核对后存档，缺什么会告诉您。",
        "The authority looks at it and tells you what is missing.",
    ),
    "stage.decide": ("核对", "Check"),
    "task.decide": ("核对备案", "Look at the report"),
    "task.decide.hint": ("材料齐全的，予以备案。", "Where all is there, put it on file."),
    "task.decide.put-on-file": ("予以备案", "Put on file"),
    "task.decide.put-on-file.effect": (
        "存档，并通知申请人。",
        "It is filed and the applicant is told.",
    ),
    **_asking("decide"),
    **_decided_at("gate_decision"),
    "letter.received.title": ("收件凭证", "Receipt"),
    "letter.received.body": (
        "{application.applicant_name}：\n\n"
        "您于{filed_on}提交的“‹name›”（办件编号 {case_number}）已经收到。"
        "\n\n{authority.name}",
        "Dear {application.applicant_name},\n\nwe received “‹name›” from you on {filed_on} (case "
        "{case_number}).\n\n{authority.name}",
    ),
    "element.examine": ("", "Receipt and check"),
    "element.letter_received": ("", "Send the receipt"),
    "element.decide": ("", "Look at the report"),
    "element.gate_decision_to_end_decided": ("", "looked at"),
    "element.end_decided": ("", "Looked at"),
    "element.gate_outcome_to_letter_issued": ("", "on file"),
}

_PERSON: Mapping[str, Pair] = {
    "form.applicant_name.label": ("姓名", "Name"),
    "form.applicant_name.why": (
        "取自人口库，不用填写。",
        "Taken from the population register; nothing to fill in.",
    ),
    "form.applicant_id.label": ("公民身份号码", "Identity number"),
    "form.applicant_id.why": (
        "取自人口库，不用填写。",
        "Taken from the population register; nothing to fill in.",
    ),
}
_COMPANY: Mapping[str, Pair] = {
    "form.applicant_name.label": ("单位名称", "Name of the organisation"),
    "form.applicant_name.why": (
        "取自企业登记库，不用填写。",
        "Taken from the register of companies; nothing to fill in.",
    ),
    "form.applicant_id.label": ("统一社会信用代码", "Unified social credit code"),
    "form.applicant_id.why": (
        "取自企业登记库，不用填写。",
        "Taken from the register of companies; nothing to fill in.",
    ),
}
_ANYBODY: Mapping[str, Pair] = {
    "form.applicant_name.label": ("申请人姓名或者名称", "Name of the applicant"),
    "form.applicant_name.why": (
        "个人填姓名，单位填全称。",
        "Your name, or the full name of the organisation.",
    ),
    "form.applicant_id.label": (
        "身份号码或者统一社会信用代码",
        "Identity number or unified social credit code",
    ),
    "form.applicant_id.why": ("用来确认是谁申请。", "Shows who applies."),
}
APPLICANTS: Mapping[str, Mapping[str, Pair]] = {
    "person": _PERSON,
    "company": _COMPANY,
    "anybody": _ANYBODY,
}
CERTIFICATE: Mapping[str, Pair] = {
    "element.issue_certificate": ("", "Issue the certificate"),
    "element.gate_outcome_to_issue_certificate": ("", "approved"),
}
"""Of a way that ends with a certificate; the flow that goes straight to the letter is not there."""


def words(way: str, asked: str, why: str) -> dict[str, Pair]:
    """All words of a way, by key. `asked`, `why`: the variable and the formula of the letters."""
    own = {"immediate": _IMMEDIATE, "promised": _PROMISED, "report": _REPORT}[way]
    found = {**_COMMON, **own}
    put = {"‹asked›": asked, "‹why›": why}
    for key in ("letter.correction.body", "letter.refused.body"):
        zh, en = found[key]
        for token, formula in put.items():
            zh, en = zh.replace(token, formula), en.replace(token, formula)
        found[key] = (zh, en)
    return found
