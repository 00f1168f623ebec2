"""What is issued (certificate.yaml), and its content for one case (GB/T 36903 names the fields)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xiangyun.kernel.codes import certificate as identifiers
from xiangyun.kernel.codes import uscc
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import Form
from xiangyun.kernel.language import CHINESE, COMPLETE, ENGLISH
from xiangyun.kernel.packfile.display import FORMATS, Format, shown, written
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.fields import Fields
from xiangyun.kernel.packfile.formulas import Formula, field_formula
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.service import earlier
from xiangyun.kernel.worktime import office_time, office_zone

FILE = "certificate.yaml"
PLACES = ("top", "body", "foot")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One line of a certificate. `options_of`: the value holds options of that form question."""

    key: str
    label: Text
    value: Formula | None
    format: str
    options_of: str
    joined_by: str
    where: str
    wide: bool


@dataclass(frozen=True, slots=True)
class CertificateSpec:
    """A kind of certificate. Formulas see the case's variables and `issued_on`."""

    id: str
    name: Text
    type_code: str
    type_code_verified: bool
    issuer: Formula | None
    issuer_code: Formula | None
    holder: Formula | None
    holder_code: Formula | None
    holder_code_kind: str
    division: Formula | None
    valid_from: Formula | None
    valid_to: Formula | None
    fields: tuple[FieldSpec, ...]
    note: Text
    ended_by: tuple[str, ...]
    """The roles that may suspend, revoke and reinstate one, besides overseers."""

    def formulas(self) -> Iterator[Formula]:
        """Every expression, for the check of its names."""
        for found in (
            self.issuer,
            self.issuer_code,
            self.holder,
            self.holder_code,
            self.division,
            self.valid_from,
            self.valid_to,
            *(field.value for field in self.fields),
        ):
            if found:
                yield found


@dataclass(frozen=True, slots=True)
class CertificateField:
    """A line as issued: the FEEL value, and the words on the paper in both languages.

    `where` is top, body or foot of the page; `wide` lines take its whole width.
    """

    key: str
    label: Text
    value: Value
    shown: str
    shown_en: str
    where: str = "body"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """All that a certificate says. `valid_to` None: without end."""

    id: str
    type_code: str
    name: Text
    holder: str
    holder_code: str
    holder_code_kind: str
    issuer: str
    issuer_code: str
    division: str
    fields: tuple[CertificateField, ...]
    valid_from: date | None
    valid_to: date | None
    note: Text


def read_certificate(root: Node, report: Report) -> CertificateSpec:
    """The specification; faults are reported."""
    f = Fields(root, report)
    issuer, holder = _part(f, "issuer"), _part(f, "holder")
    found = CertificateSpec(
        id=f.string("id"),
        name=f.words("name"),
        type_code=f.string("type_code"),
        type_code_verified=f.boolean("type_code_verified"),
        issuer=field_formula(issuer, "name"),
        issuer_code=field_formula(issuer, "code"),
        holder=field_formula(holder, "name"),
        holder_code=field_formula(holder, "code"),
        holder_code_kind=holder.one_of("code_kind", ("uscc", "resident-id", "other")),
        division=field_formula(f, "division"),
        valid_from=field_formula(f, "valid_from"),
        valid_to=field_formula(f, "valid_to"),
        fields=tuple(_field(Fields(node, report, "fields")) for node in f.each("fields")),
        note=f.words("note"),
        ended_by=f.strings("ended_by") if f.has("ended_by") else earlier.ENDED_BY,
    )
    for part in (issuer, holder, f):
        part.done()
    code = found.type_code
    if code and (len(code) != 21 or not code[18:].isdigit() or not uscc.is_possible(code[:18])):
        report(
            fault(
                "pack.E007",
                Text(
                    "证照类型代码应为定义机构的统一社会信用代码 18 位加序号 3 位。",
                    "A certificate type code is the defining body’s 18 characters and 3 digits.",
                ),
                f.place("type_code"),
                Text("例如 11100000MB0143028R001。", "For example 11100000MB0143028R001."),
            )
        )
    return found


def _part(f: Fields, key: str) -> Fields:
    empty = Node({}, f.place(), f.place())
    return f.section(key) or Fields(empty, lambda _: None)


def _field(f: Fields) -> FieldSpec:
    found = FieldSpec(
        key=f.string("key"),
        label=f.words("label"),
        value=field_formula(f, "value"),
        format=f.one_of("format", FORMATS) if f.has("format") else "",
        options_of=f.string("options_of", required=False),
        joined_by=f.string("joined_by", required=False),
        where=f.string("place", required=False) or "body",
        wide=f.boolean("wide", default=False),
    )
    f.done()
    return found


def content(
    spec: CertificateSpec,
    form: Form,
    variables: Mapping[str, Value],
    issued_on: date,
    at: datetime | None = None,
) -> CertificateContent:
    """The certificate of one case, issued on a day; `at` is the moment, for `now()`, `today()`."""
    context = {**variables, "issued_on": issued_on}
    now = from_json(office_time(at or datetime(*issued_on.timetuple()[:3], tzinfo=office_zone())))

    def of(formula: Formula | None) -> Value:
        return formula.value(context, now) if formula else None

    def words(formula: Formula | None) -> str:
        return shown(of(formula), CHINESE)

    def day(formula: Formula | None) -> date | None:
        value = of(formula)
        return value if isinstance(value, date) else None

    return CertificateContent(
        id=spec.id,
        type_code=spec.type_code,
        name=spec.name,
        holder=words(spec.holder),
        holder_code=words(spec.holder_code),
        holder_code_kind=spec.holder_code_kind,
        issuer=words(spec.issuer),
        issuer_code=words(spec.issuer_code),
        division=words(spec.division),
        fields=tuple(_line(field, form, of(field.value)) for field in spec.fields),
        valid_from=day(spec.valid_from),
        valid_to=day(spec.valid_to),
        note=spec.note,
    )


def number_of(made: CertificateContent, identifier: str) -> str:
    """The number that a certificate is known by: its first line on top, else its serial."""
    top = [field.shown for field in made.fields if field.where == "top"]
    return top[0] if top else identifiers.parse(identifier).serial


def next_identifier(
    made: CertificateContent,
    issued_on: date,
    drawn: str,
    replaced: identifiers.CertificateIdentifier | None = None,
) -> str:
    """The identifier of a new certificate, or the next version of the one that it replaces.

    `drawn`: what tells those of one issuer and day apart. Raises Refused `code.E04x`.
    """
    if replaced is not None:
        old, version = replaced, int(replaced.version) + 1
        return identifiers.make(old.type_code, old.issuer, old.serial, version)
    return identifiers.make(made.type_code, made.issuer_code, f"{issued_on:%Y%m%d}{drawn}")


def _declared(spec: FieldSpec, form: Form) -> Format:
    """How a field is written: as it says, or as the form declares the answer that stands here."""
    source = spec.value.expression.source.strip() if spec.value is not None else ""
    path, _, key = source.rpartition(".")
    rules = next((q.rules for q in form.questions if q.key == key and path == "application"), None)
    if spec.format or rules is None:
        return Format(spec.format)
    return Format(rules.format or "", rules.decimals)


def _line(spec: FieldSpec, form: Form, value: Value) -> CertificateField:
    declared = _declared(spec, form)
    words = {tag: written(value, declared, language) for tag, language in COMPLETE.items()}
    if spec.options_of:
        question = form.question(spec.options_of)
        values = value if isinstance(value, list) else [value]
        for language in COMPLETE.values():
            labels = [
                option.label.pick(language) if (option := question.option(item)) else str(item)
                for item in values
                if item is not None
            ]
            words[language.tag] = (spec.joined_by or "、").join(labels)
    return CertificateField(
        spec.key, spec.label, value, words[CHINESE.tag], words[ENGLISH.tag], spec.where, spec.wide
    )
