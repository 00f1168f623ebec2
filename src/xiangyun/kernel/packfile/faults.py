"""What can be wrong with a pack: the table of error ids, and the findings made from it.

`FAULTS` is the reference that the documentation prints; every finding of this package has its id
there. Faults inside a file of its own language keep the ids of its reader: feel.*, bpmn.*, dmn.*,
form.*, code.*.
"""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Place, Severity, Text
from xiangyun.kernel.spelling import did_you_mean

FAULTS: dict[str, Text] = {
    "pack.E001": Text("缺少文件", "a file is missing"),
    "pack.E002": Text("YAML 或 JSON 写法有误", "the YAML or JSON cannot be read"),
    "pack.E003": Text("同一个键写了两次", "a key is written twice"),
    "pack.E004": Text("不认识的键", "an unknown key"),
    "pack.E005": Text("缺少必填的键", "a required key is missing"),
    "pack.E006": Text("值不符合要求", "a value is not of the kind asked for"),
    "pack.E007": Text("事项编码不符合规则", "a code of the service does not follow the rule"),
    "pack.E008": Text("文件太大", "a file is too large"),
    "pack.E010": Text("数字没有法律依据", "a figure has no legal basis"),
    "pack.E011": Text("规则行没有法律依据", "a row of a rule has no legal basis"),
    "pack.E012": Text("规则行编号与结论编号不同", "a row's id is not the id of its finding"),
    "pack.E013": Text("时限公式算不出天数", "a time limit comes to no number of days"),
    "pack.E014": Text("环节的时限不会开始", "the limit of a stage never begins"),
    "pack.E015": Text("时限公式问了现在的时间", "a time limit asks for the time of day"),
    "pack.E020": Text("没有这个变量", "a variable does not exist"),
    "pack.E021": Text("没有这个决策", "a decision does not exist"),
    "pack.E022": Text("没有这个角色", "a role does not exist"),
    "pack.E023": Text("没有这种服务任务", "a kind of service task does not exist"),
    "pack.E024": Text("没有这种证照", "a certificate does not exist"),
    "pack.E025": Text("表单里没有这个问题", "a question is not in the form"),
    "pack.E026": Text("没有这个环节", "a stage does not exist"),
    "pack.E027": Text("没有这种办理结果", "an outcome does not exist"),
    "pack.E028": Text("任务头缺少或不对", "a header is missing or its value is wrong"),
    "pack.E029": Text("没有这个法定数字", "a figure does not exist"),
    "pack.E018": Text("编号在别的流程里已用过", "an id is used in two processes"),
    "pack.E019": Text("没有被调用的流程", "a called process does not exist"),
    "pack.E030": Text("缺少文字", "words are missing"),
    "pack.E031": Text("文字只有一种语言", "words are given in one language only"),
    "pack.E032": Text("没有人读的任务头或属性", "a header or property that nothing reads"),
    "pack.E033": Text("服务任务的输入不对", "an input of a service task is missing or not read"),
    "pack.E035": Text("事项代码不是它的路径", "a pack's code is not its path"),
    "pack.E040": Text("示例的结果与预期不同", "an example does not come out as expected"),
    "pack.E041": Text("示例走不下去", "an example cannot be walked"),
    "pack.E042": Text("示例的答案不符合表单", "an example's answers do not fit the form"),
    "pack.E050": Text("没有这个库", "a register does not exist"),
    "pack.E051": Text("库里没有这一项，或不能按它查", "a register has no such field to use"),
    "pack.E052": Text("库没有允许这样用", "a register does not allow this use"),
    "pack.E053": Text("登记缺少必填字段", "what is recorded lacks a required field"),
    "pack.E054": Text("代码在别处已声明", "a code is declared elsewhere too"),
    "pack.E055": Text("服务任务的旧写法", "a type of service task of earlier versions"),
    "pack.E056": Text("改动会使别的声明出错", "a change that breaks another declaration"),
    "pack.W001": Text("内容尚未核对", "something has not been verified"),
    "pack.W002": Text("多余的文件", "a file that is not used"),
    "pack.W003": Text("没有示例用到的规则行", "a row of a rule that no example fires"),
    "pack.W005": Text("问题可以不答，决策表要说明", "a table meets a question left unanswered"),
    "pack.W004": Text("没有用到的文字", "words that nothing uses"),
    "pack.W006": Text("没有用到的办理结果", "an outcome that no end says"),
    "pack.W008": Text("没有写明办理结果的含义", "outcomes have no declared meaning"),
    "pack.W007": Text("没有这个动作", "an action that no task has"),
}


def fault(
    id: str,
    message: Text,
    place: Place | None,
    hint: Text | None = None,
    severity: Severity | None = None,
) -> Finding:
    """A finding of this package; `E` is an error, `W` a warning, unless `severity` says else."""
    if id not in FAULTS:
        raise KeyError(id)
    return Finding(id, severity or ("error" if ".E" in id else "warning"), message, place, hint)


def unknown(id: str, kind: Text, name: str, known: Iterable[str], place: Place | None) -> Finding:
    """A reference to something that does not exist, with a suggestion."""
    return fault(
        id,
        Text("没有{kind}“{name}”。", "There is no {kind} “{name}”.", kind=kind, name=name),
        place,
        did_you_mean(name, known),
    )
