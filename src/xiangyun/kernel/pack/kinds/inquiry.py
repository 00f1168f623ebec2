"""`inquiries/<code>.yaml` and `.dmn`: questions answered from registers without their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.dmn.beside import rules_beside
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.inquiry import Inquiry, answer, checked_inquiry
from xiangyun.kernel.pack.kind import Declaration, Kind, Known, globs
from xiangyun.kernel.pack.kinds.register import registers_in
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.packfile.yamltext import Report
from xiangyun.kernel.record.data import as_feel, check_record

FILES, RULES = "inquiries/*.yaml", "inquiries/*.dmn"


def _read(files: Mapping[str, str], pack: str, report: Report) -> Sequence[Declaration]:
    found = []
    declared = globs(FILES)
    for path, text in sorted(files.items()):
        if not declared(path):
            continue
        rules_file = rules_beside(path)
        rules = files.get(rules_file)
        inquiry, findings = checked_inquiry(text, rules, path)
        for finding in findings:
            report(finding)
        if inquiry is not None and rules is not None:
            own = {path: text, rules_file: rules}
            place = Place(path, inquiry.place.line)
            found.append(
                Declaration(KIND.name, inquiry.code, pack, inquiry.name, own, inquiry, place)
            )
    return found


def _fits(declaration: Declaration, known: Known) -> Iterator[Finding]:
    """The registers exist and are such as are granted: about organisations, of ordinary need."""
    own: Inquiry = declaration.value
    registers = registers_in(known)
    for code in own.reads.values():
        register = registers.get(code)
        if register is None:
            if known.judges("register"):
                kind = Text("登记库", "register")
                yield unknown("pack.E350", kind, code, registers, declaration.place)
        elif register.subject != "organisation" or register.need != "ordinary":
            yield fault(
                "pack.E351",
                Text(
                    "库“{register}”不能由企业授权，不能据此回答。",
                    "The register {register} is none that a company can grant.",
                    register=code,
                ),
                declaration.place,
                Text(
                    "只写关于企业、没有密级的库。",
                    "Name registers about organisations, of the ordinary class.",
                ),
            )


def _rehearse(declaration: Declaration, known: Known) -> Iterator[Finding]:
    own: Inquiry = declaration.value
    registers = registers_in(known)
    for example in own.examples:
        records: dict[str, list[Mapping[str, Value]]] = {}
        for name, code in own.reads.items():
            register = registers.get(code)
            if register is None:
                return
            records[name] = []
            for data in example.records.get(name, ()):
                checked = check_record(register, data, partial=True)
                for each in checked.findings:
                    yield Finding(each.id, each.severity, each.message, example.place, each.hint)
                records[name].append(as_feel(register, checked.values))
        try:
            told = answer(own, records, example.chosen, example.on)
        except Refused as refused:
            for each in refused.findings:
                yield Finding(each.id, each.severity, each.message, example.place, each.hint)
            continue
        if (told.answer, told.row_id) != (example.answer, example.row):
            yield fault(
                "inquiry.E006",
                Text(
                    "这个例子的回答是{answer}（{row}）。",
                    "This example is answered {answer}, by the row {row}.",
                    answer=Text("是", "yes") if told.answer else Text("否", "no"),
                    row=told.row_id or "-",
                ),
                example.place,
                Text("请改决策表，或者改 answer 和 row。", "Mend the decision, or the example."),
            )


KIND = Kind(
    "inquiry",
    Text("查询问题", "inquiry"),
    (FILES,),
    globs(FILES, RULES),
    _read,
    _fits,
    _rehearse,
)
