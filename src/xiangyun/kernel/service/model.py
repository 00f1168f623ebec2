"""The service item (事项): service.yaml as a value, all fields of the implementation list.

Fields follow the national exchange tables up_task_general_basic, _extend, _material (2020), whose
column names stand in the comments of service.yaml; codes follow GB/T 39554.1-2020 as read from
published examples (the rule itself is not verified).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiangyun.kernel.codes import division, organisation, uscc
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.packfile.laws import Basis
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.service.enquiries import EnquiryRule
from xiangyun.kernel.service.instead import NOTHING, Instead
from xiangyun.kernel.service.limits import ExtensionRule, Kind, StageLimit, TimeLimit
from xiangyun.kernel.service.meanings import ActionMeaning, LifeEvent, Outcome
from xiangyun.kernel.service.namecheck import NameCheck
from xiangyun.kernel.service.numbers import NumberRule
from xiangyun.kernel.service.openings import Opening
from xiangyun.kernel.service.retention import Retention
from xiangyun.kernel.service.secrecy import Circle
from xiangyun.kernel.service.whichcase import WhichCase

ITEM_TYPES = {
    "01": Text("行政许可", "licensing"),
    "02": Text("行政处罚", "penalty"),
    "03": Text("行政强制", "enforcement"),
    "04": Text("行政征收", "levy"),
    "05": Text("行政给付", "benefit"),
    "06": Text("行政检查", "inspection"),
    "07": Text("行政确认", "confirmation"),
    "08": Text("行政奖励", "award"),
    "09": Text("行政裁决", "ruling"),
    "10": Text("其他行政权力", "other administrative power"),
    "20": Text("公共服务", "public service"),
}
LEVELS = {
    "1": Text("国家", "country"),
    "2": Text("省", "province"),
    "3": Text("市", "prefecture"),
    "4": Text("县", "county"),
    "5": Text("乡镇（街道）", "town"),
    "6": Text("村（社区）", "village"),
}
PARTY_KINDS = ("person", "organisation", "place", "thing")
APPLICANT, AGENT = "applicant", "agent"
"""The roles of parties that every case knows: who applied, and who acted for that party."""
STATES = ("in_force", "suspended", "cancelled")
POWER_SOURCES = ("statutory", "delegated", "authorised")
AUTHORITY_KINDS = ("statutory_body", "authorised", "entrusted")
PERSON = "person"
APPLICANTS = {
    PERSON: Text("自然人", "person"),
    "company": Text("企业法人", "company"),
    "institution": Text("事业法人", "public institution"),
    "social": Text("社会组织法人", "social organisation"),
    "unincorporated": Text("非法人企业", "unincorporated enterprise"),
    "government": Text("行政机关", "government body"),
    "other": Text("其他组织", "other organisation"),
}
DESKS = ("online", "window", "post", "village_desk")
HANDLING_KINDS = ("immediate", "promised")
DEPTHS = (
    "consultation",
    "receipt",
    "pre_review",
    "acceptance",
    "handling",
    "result",
    "certificate",
)
AREAS = ("country", "interprovincial", "province", "prefecture", "county")
RESULT_KINDS = ("certificate", "approval", "document")
NECESSITIES = ("required", "conditional")
ORIGINS = ("generated", "register", "government", "applicant")
FORMATS = ("electronic", "paper", "both")
DIVISION = "{division}"
"""Where the name of the competent division goes in the name of an authority."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The body that decides in one division (实施主体): its name and unified credit code."""

    name: Text
    code: str


@dataclass(frozen=True, slots=True)
class AuthorityRule:
    """Which body decides, said once for every division of the service's level.

    A province publishes a service once and each of its counties uses it, so the service names no
    office: `name` holds `{division}` where the name of the division goes, and `organisation` is
    the two characters with which the organisation codes of these bodies begin.
    """

    name: Text
    general: Text
    """The body in words that fit everywhere, for readers who have not said where they are."""
    organisation: str
    kind: str
    entrusted_by: Text | None

    def of(self, division: Text, division_code: str) -> Authority:
        """The body of one division, by its name and its code of 6 or 12 digits."""
        return Authority(self.name.replaced(DIVISION, division), self.code(division_code))

    def code(self, division_code: str) -> str:
        """The code of the body of one division: made up, and well-formed (GB 32100-2015).

        1 the office for institutions, 1 a state organ, the six digits of the division, and the
        organisation code (GB 11714) whose body is `organisation` and these digits again.
        """
        digits = division_code[:6]
        return uscc.make("1", "1", digits, organisation.make(self.organisation + digits))


@dataclass(frozen=True, slots=True)
class Fee:
    """What it costs, in yuan."""

    charged: bool
    amount: Decimal
    explained: Text
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Material:
    """A paper of the application (申请材料); by `origin` register or generated, nobody is asked.

    `question`: the form question that takes it, if any.
    """

    key: str
    name: Text
    necessity: str
    origin: str
    question: str | None
    form: str
    original: bool
    copies: int
    page_format: str | None
    standard: Text
    basis: str
    verified: bool
    certificate: str = ""
    """The id of the type of certificate that it is (证照), where it is one; else empty."""
    instead: Instead = NOTHING
    """What may stand instead of the paper."""
    sample: str = ""
    """The paper that shows it filled in, by its name (示例样表); empty for none."""
    blank: str = ""
    """The paper that is handed out to be filled in, by its name (空白表格); empty for none."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the applicant gets (办理结果)."""

    name: Text
    kind: str
    certificate: str | None
    sample: str | None
    """The example whose certificate, or last letter, is shown as a sample (结果样本)."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where one can go (办理地点)."""

    name: Text
    address: Text
    division: str
    hours: Text | None = None
    """When it is open; None: as the service says."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where one can go: in words that fit everywhere, and the offices that are known by name."""

    general: Text
    offices: tuple[Office, ...]

    def within(self, division_code: str) -> tuple[Office, ...]:
        """The offices in a division and below."""
        low, high = division.subtree(division_code)
        return tuple(office for office in self.offices if low <= int(office.division) <= high)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Whom to turn to against the decision, and within how long (法律救济)."""

    kind: str
    limit: int
    unit: str
    to: Text
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class PartyRole:
    """A role in which a party stands in a case, besides those that every case knows.

    `code` and `party_name` are the questions that hold the party's code and name. A party that does
    not see the case sees the letters addressed to its role.
    """

    role: str
    kind: str
    words: Text
    code: str
    party_name: str
    sees: bool


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """One service item (实施清单), the same for every division that offers it."""

    code: str
    version: int
    state: str
    name: Text
    everyday_name: Text
    also_called: tuple[str, ...]
    summary: Text
    item_type: str
    power_source: str
    level: str
    basic_code: str
    handling_item: str
    """Two digits: which of the handlings (业务办理项) of the service this is."""
    authority: AuthorityRule
    department: str
    """The key of the department whose matter its cases are; empty for nobody's."""
    parties: tuple[PartyRole, ...]
    """The parties of its cases in further roles, such as the company that it is about."""
    circle: Circle
    """Who may know of its cases."""
    joint_departments: tuple[str, ...]
    applicants: tuple[str, ...]
    filing_desks: tuple[str, ...]
    handling_kind: str
    special_procedures: tuple[str, ...]
    accept_conditions: tuple[Text, ...]
    statutory: TimeLimit
    promised: TimeLimit
    kinds: tuple[Kind, ...]
    """The kinds of cases for which limits that are formulas differ."""
    extension: ExtensionRule | None
    fee: Fee
    visits: int
    visit_reason: Text | None
    online: bool
    online_depth: str
    single_sign_on: bool
    pay_online: bool
    by_post: bool
    appointment: bool
    self_service_terminal: bool
    in_service_hall: bool
    area: str
    area_explained: Text | None
    quota: Text | None
    agencies: tuple[str, ...]
    town: str | None
    village: str | None
    result: Result
    legal_basis: tuple[Basis, ...]
    materials: tuple[Material, ...]
    stages: tuple[str, ...]
    stage_limits: tuple[StageLimit, ...]
    """Of the stages that have a clock of their own."""
    unannounced: tuple[str, ...]
    """Stages that most cases never see: shown when they come, not before."""
    outcomes: tuple[Outcome, ...]
    actions: tuple[ActionMeaning, ...]
    """The buttons that mean more than their words."""
    overseer: str
    """The role that is told when work is overdue (督办)."""
    roles: tuple[str, ...]
    openings: tuple[Opening, ...]
    """How its cases open."""
    person_topics: tuple[str, ...]
    company_topics: tuple[str, ...]
    life_event: LifeEvent | None
    places: Places
    hours: Text
    enquiries: Text
    complaints: Text
    remedies: tuple[Remedy, ...]
    planned_from: date | None
    planned_until: date | None
    subject: Formula | None
    """What one case is about, for lists: over the starting variables."""
    competent_question: str
    public_decisions: tuple[str, ...]
    """The question whose division, at the service's level, decides which office is competent."""
    unverified: tuple[Text, ...]
    numbers: tuple[NumberRule, ...] = ()
    """How its cases and documents are numbered."""
    fees: tuple[FeeItem, ...] = ()
    """What is paid through the platform in its cases; `fee` says it to readers."""
    asked_in_case: EnquiryRule | None = None
    """Who answers what applicants ask inside their cases; None: nobody does."""
    name_check: NameCheck | None = None
    """How the names that it registers are looked at beforehand; None: it registers none."""
    which_case: WhichCase | None = None
    """What is asked before an application to sort cases; None: nothing."""
    process: str = ""
    """The standard way that it goes, such as standard/promised; empty for a process of its own."""
    retention: Retention | None = None
    """How long its cases stay after their end; none where they never move to the archive."""

    def fee_item(self, code: str) -> FeeItem | None:
        """A declared fee; None for one that is not."""
        return next((each for each in self.fees if each.code == code), None)

    def number(self, name: str) -> NumberRule | None:
        """A declared kind of number; None for one that is not."""
        return next((each for each in self.numbers if each.name == name), None)

    @property
    def need(self) -> int:
        """Who may know of its cases: 0 by place and matter, 1 its handlers, 2 sealed besides."""
        return self.circle.need

    @property
    def party_roles(self) -> tuple[str, ...]:
        """Every role in which a party may stand in a case, and to which letters go."""
        return (APPLICANT, AGENT, *(each.role for each in self.parties))

    @property
    def doers(self) -> tuple[str, ...]:
        """Whoever a task may wait for: the roles of officials, and parties that see the case."""
        return (*self.roles, *(each.role for each in self.parties if each.sees))

    def opening(self, how: str) -> Opening | None:
        """How cases open in this way; None where they do not."""
        return next((each for each in self.openings if each.how == how), None)

    def stage_limit(self, stage: str) -> StageLimit | None:
        """The limit of a stage; None for one without a clock of its own."""
        return next((each for each in self.stage_limits if each.stage == stage), None)

    def outcome(self, name: str) -> Outcome | None:
        """What an outcome means; None for one that the service does not declare."""
        return next((each for each in self.outcomes if each.name == name), None)

    def is_grave(self, action: str) -> bool:
        """Whether an action decides against the applicant."""
        return any(each.grave for each in self.actions if each.name == action)

    def follows(self, severity: str) -> frozenset[str]:
        """The actions that findings of a severity lead to."""
        return frozenset(each.name for each in self.actions if each.follows == severity)

    @property
    def counts_hours(self) -> bool:
        """Whether some limit is in hours: then what moves its clocks happens at a moment."""
        return any(limit.in_hours for limit in self.limits)

    @property
    def limits(self) -> tuple[TimeLimit, ...]:
        """Every time limit of the service."""
        return (self.statutory, self.promised, *(each.limit for each in self.stage_limits))

    def authority_for(self, division: Text, division_code: str) -> Authority:
        """The body that decides in a division of the service's level."""
        return self.authority.of(division, division_code)

    def implementation_code(self, division_code: str) -> str:
        """实施编码 in one division, 31 characters: authority's code, level, basic code."""
        return self.authority.code(division_code) + self.level + self.basic_code

    def handling_code(self, division_code: str) -> str:
        """业务办理项编码 in one division, 33 characters."""
        return self.implementation_code(division_code) + self.handling_item
