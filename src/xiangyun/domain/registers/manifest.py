"""Registers: what is known already."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest

manifest = Manifest(
    builds_on=("accounts",),
    modules={
        "inforce": "the rows in force on a day, as SQL that duties read from",
        "settled": "up to which number facts are settled, for whoever looks at what is new",
        "sql": "rules over a whole register: a room of its own, without tables and without Django",
        "data": "readings of the province's places and of surnames",
        "declarations": "registers as packs declare them, published in versions",
        "names": "how a name is found by part, pinyin and variant form, without Django",
        "terms": "what of a record is searched, as typed index rows",
        "searching": "the statement of a search",
        "states": "what is true on a day, as known on a day",
        "sealing": "sensitive values: encrypted, found by keyed hash, masked",
        "looking": "who may look at what is secret, and who looked",
        "comparison": "facts against what the journal says of them, for the audit",
        "following": "records that follow merged divisions, duplicates and deaths",
        "loading": "a file into a register, a batch a transaction",
        "copying": "a batch as COPY takes it",
        "entering": "a table entered by an official, all rows or none",
        "exporting": "what is true, what has changed and what is proved, for others",
        "rotation": "sensitive values encrypted anew",
        "proofs": "a fact in the tree of its batch, without Django",
    },
    owned="xiangyun.domain.registers.queries:owned",
    rotates="xiangyun.domain.registers.rotation:encrypt_anew",
    succeeds="xiangyun.domain.registers.following:succeed",
    publishes={"register": "xiangyun.domain.registers.actions:publish"},
    verbs=(
        Verb("fact.recorded", Text("登记了一条记录", "A fact was recorded")),
        Verb("fact.corrected", Text("更正了一条记录", "A fact was corrected"), notes=("why",)),
        Verb(
            "record.ended", Text("注销了一条记录", "A record was ended"), notes=("why",), grave=True
        ),
        Verb("batch.loaded", Text("批量登记了 {facts} 条", "{facts} facts were loaded")),
        Verb(
            "record.looked",
            Text("查看了{register}里的记录", "Looked at a record of the {register}"),
            look=True,
        ),
        Verb(
            "record.unmasked",
            Text("查看了{register}里的敏感信息", "Looked at sensitive values of the {register}"),
            notes=("why",),
            look=True,
        ),
        Verb(
            "record.objected",
            Text("当事人提出异议（{case}）", "Its subject objects: case {case}"),
        ),
        Verb("record.moved", Text("随区划调整迁移", "It lies elsewhere"), notes=("why",)),
        Verb(
            "record.joined", Text("与重复的记录合并", "Joined with its duplicate"), notes=("why",)
        ),
        Verb("record.followed", Text("随主体合并转移", "It follows the party it is about")),
        Verb("handler.named", Text("指定了一名经办人", "A handler was named"), notes=("why",)),
        Verb(
            "handler.released", Text("解除了一名经办人", "A handler was released"), notes=("why",)
        ),
    ),
)
