"""The fictitious people of the demonstration, and everything that must stand before they act."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.catalogue import queries as published_packs
from xiangyun.domain.divisions import actions as divisions
from xiangyun.domain.divisions import queries as known_places
from xiangyun.domain.parties import actions as parties
from xiangyun.domain.registers import actions as registers

from .folder import is_pack, read_folder

PASSWORD = "xiangyun"
JILIN, YANBIAN, HUNCHUN, GONGZHULING = 220000000000, 222400000000, 222404000000, 220184000000
YONGXIN = 222404001001  # 珲春市靖和街道永新社区


@dataclass(frozen=True, slots=True)
class Figure:
    """One fictitious account. `mandates`: (role, division, desk)."""

    login: str
    name: str
    kind: str
    id_number: str = ""
    mobile: str = ""
    division: int | None = None
    mandates: tuple[tuple[str, int, str], ...] = field(default=())


# The departments of a joint review of construction projects; one account acts for all of them.
REVIEWING = (
    *("development_reform", "natural_resources", "housing", "fire", "civil_defence", "ecology"),
    *("heritage", "water", "greening", "traffic", "drawings", "security", "archives"),
    "utilities",
)
_LEADING = tuple(
    (role, HUNCHUN, "珲春市工程建设项目审批牵头部门（演示）")
    for role in ("approver:natural_resources", "approver:housing")
)
FIGURES = (
    Figure("wang", "王样云", "person", "222404199203150027", "13804330001", YONGXIN),
    Figure("li", "李样山", "person", "222404198807210014", "13804330002", YONGXIN),
    Figure(
        "shouli",
        "金样理",
        "official",
        division=HUNCHUN,
        mandates=(
            ("acceptor:market_supervision", HUNCHUN, "珲春市市场监督管理局 受理窗口（演示）"),
        ),
    ),
    Figure(
        "shencha",
        "朴样查",
        "official",
        division=HUNCHUN,
        mandates=(("reviewer:market_supervision", HUNCHUN, "珲春市市场监督管理局 登记科（演示）"),),
    ),
    Figure(
        "jueding",
        "崔样定",
        "official",
        division=HUNCHUN,
        mandates=(("approver:market_supervision", HUNCHUN, "珲春市市场监督管理局 局领导（演示）"),),
    ),
    # A deputy beside each lead: who asks for an extension does not approve it.
    Figure(
        "fujueding",
        "韩样副",
        "official",
        division=HUNCHUN,
        mandates=(("approver:market_supervision", HUNCHUN, "珲春市市场监督管理局 局领导（演示）"),),
    ),
    Figure(
        "bangban",
        "全样帮",
        "official",
        division=YONGXIN,
        mandates=(("desk", YONGXIN, "靖和街道永新社区 帮办点（演示）"),),
    ),
    Figure(
        "duban",
        "安样督",
        "official",
        division=YANBIAN,
        mandates=(("supervisor", YANBIAN, "延边州政务服务和数字化建设管理局（演示）"),),
    ),
    Figure(
        "gongzhuling",
        "赵样窗",
        "official",
        division=GONGZHULING,
        mandates=(
            ("acceptor:market_supervision", GONGZHULING, "公主岭市市场监督管理局 受理窗口（演示）"),
        ),
    ),
    Figure(
        "yanglao",
        "许样老",
        "official",
        division=HUNCHUN,
        mandates=(
            ("acceptor:civil_affairs", HUNCHUN, "珲春市民政局 养老服务窗口（演示）"),
            ("assessor:civil_affairs", HUNCHUN, "珲春市老年人能力评估机构（演示）"),
        ),
    ),
    Figure(
        "pinggu",
        "方样评",
        "official",
        division=HUNCHUN,
        mandates=(("assessor:civil_affairs", HUNCHUN, "珲春市老年人能力评估机构（演示）"),),
    ),
    Figure(
        "chushen",
        "南样初",
        "official",
        division=HUNCHUN,
        # A case lies in its county, so the reviewer of a town holds the role there for now.
        mandates=(("town_reviewer:civil_affairs", HUNCHUN, "珲春市各乡镇（街道）初审（演示）"),),
    ),
    Figure(
        "minzheng",
        "许样政",
        "official",
        division=HUNCHUN,
        mandates=(("approver:civil_affairs", HUNCHUN, "珲春市民政局 局领导（演示）"),),
    ),
    Figure(
        "gongjian",
        "董样建",
        "official",
        division=HUNCHUN,
        mandates=tuple(
            (role, HUNCHUN, "珲春市工程建设项目审批窗口（演示）")
            for role in ("acceptor:natural_resources", "acceptor:housing")
        ),
    ),
    Figure(
        "lianshen",
        "玄样联",
        "official",
        division=HUNCHUN,
        mandates=tuple(
            (f"reviewer:{department}", HUNCHUN, "珲春市并联审查各部门（演示）")
            for department in REVIEWING
        ),
    ),
    Figure(
        "zhuguan",
        "文样主",
        "official",
        division=HUNCHUN,
        mandates=_LEADING,
    ),
    Figure(
        "fuzhuguan",
        "沈样副",
        "official",
        division=HUNCHUN,
        mandates=_LEADING,
    ),
    Figure(
        "fabu",
        "吉样发",
        "official",
        division=JILIN,
        mandates=(("publisher", JILIN, "吉林省政务服务和数字化建设管理局（演示）"),),
    ),
)

# A company that has its name already, so that a second one of the same name at the same office
# is found. Its office follows from the pack that registers companies.
_KNOWN_COMPANY = {
    "name": "珲春市样祥仓储有限公司",
    "brand": "样祥",
    "industry": "G59",
    "code": "91222404MA0XY0029L",
    "status": "registered",
}
_REGISTERED_BY = "market/company-registration"


@dataclass(frozen=True, slots=True)
class Prepared:
    """How many divisions, accounts and services there are, and which packs were refused."""

    divisions: int
    accounts: int
    services: int
    refused: tuple[str, ...]


def prepare() -> Prepared:
    """Bring divisions, accounts, registers and packs to what the demonstration needs.

    A second run changes nothing that people did meanwhile. A pack with an error is left out.
    """
    places = divisions.load_divisions()
    with acting_as(SYSTEM):
        parties.load_departments()
    for figure in FIGURES:
        _open(figure)
    with acting_as(SYSTEM) as actor:
        files = {
            folder.relative_to(settings.PACKS).as_posix(): read_folder(folder)
            for folder in pack_folders()
        }
        done, refused = catalogue.publish_all(files, actor=actor, at=timezone.now())
        _enter_known_company()
    return Prepared(places, len(FIGURES), len(done), tuple(refused))


def _enter_known_company() -> None:
    try:
        version = published_packs.current_version(_REGISTERED_BY)
    except ObjectDoesNotExist:
        return
    office = published_packs.pack(version.id).service.authority_for(
        known_places.division(HUNCHUN).words, str(HUNCHUN)
    )
    registers.enter_record(
        register="company",
        key=_KNOWN_COMPANY["code"],
        division=HUNCHUN,
        data={**_KNOWN_COMPANY, "authority": office.code},
        source="企业登记库（虚构）",
        on=date(2024, 8, 1),
    )


def pack_folders() -> list[Path]:
    """Every folder under packs/ that declares something."""
    return sorted(filter(is_pack, Path(settings.PACKS).glob("*/*")))


def _open(figure: Figure) -> None:
    account = accounts.open_account(
        login=figure.login,
        password=PASSWORD,
        name=figure.name,
        kind=figure.kind,
        id_number=figure.id_number,
        mobile=figure.mobile,
        division=figure.division,
    )
    for role, division, desk in figure.mandates:
        accounts.give_mandate(account, role=role, division=division, desk=desk)
    if figure.kind == "person" and figure.division is not None:
        with acting_as(SYSTEM):
            registers.enter_record(
                register="person",
                key=figure.id_number,
                division=figure.division,
                data={
                    "name": figure.name,
                    "id_number": figure.id_number,
                    "mobile": figure.mobile,
                },
                source="人口库（虚构）",
                on=date(2026, 1, 1),
                holder=account.pk,
            )
