"""Draws: who is checked and by whom, by lots that anybody can repeat."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("cases", "registers", "files"),
    queue="draws",
    modules={
        "jobs": "the queue finds jobs by this name",
        "freezing": "the frame and the inspectors, as the registers know them on a day",
        "opened": "the cases of visits: opened, and following who goes there",
        "records": "the published record of a draw",
    },
    keeps_files="xiangyun.domain.draws.queries:named_files",
    verbs=(
        Verb("draw.planned", Text("列入年度抽查计划（{draw}）", "A draw was planned: {draw}")),
        Verb("draw.ordered", Text("发出抽查令（{digest}）", "A draw was ordered: {digest}")),
        Verb("draw.revealed", Text("公布秘密和信标，抽出结果（{result}）",
                                   "Secret and beacon were revealed: {result}")),
        Verb("draw.recused", Text("检查人员回避，重新抽取", "An inspector was recused"),
             notes=("why",)),
    ),
)  # fmt: skip
