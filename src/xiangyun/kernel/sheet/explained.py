"""What is wrong and what is right in a sheet of a place: `xiangyun check --explain`."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Explained

_SHEETS = "docs/how-to/keep-your-own-sheet.md"
_CODES = "GB/T 39554.1-2020"
_CALENDAR = "民法典 203"
EXPLAINED: Mapping[str, Explained] = {
    "sheet.E001": Explained("name: {zh-Hans: 别名, en: Another}", "(nothing)", _CODES),
    "sheet.E002": Explained("item: culture/library-crad", "item: culture/library-card", _SHEETS),
    "sheet.E003": Explained('division: "110000000000"', 'division: "220184000000"', _SHEETS),
    "sheet.E004": Explained("waived: [horoscope]", "waived: [articles]", _SHEETS),
    "sheet.E005": Explained(
        "materials: {articles: {copies: 2}}", "materials: {articles: {copies: 0}}", _SHEETS
    ),
    "sheet.E006": Explained(
        "promised: {days: 6, unit: working_day} where the item has 5",
        "promised: {days: 4, unit: working_day}",
        _SHEETS,
    ),
    "sheet.E007": Explained(
        "promised: {days: 7, unit: natural_day} where the item has 5 working days",
        "promised: {days: 5, unit: natural_day}",
        _CALENDAR,
    ),
    "sheet.E008": Explained(
        "extension: {days: 9, unit: working_day}",
        "extension: {days: 0, unit: working_day}",
        _SHEETS,
    ),
    "sheet.E009": Explained("fee: {amount: 30}", "fee: {amount: 0}", _SHEETS),
    "sheet.E010": Explained(
        'rows: [{when: {application.age: "< 60"}, amount: 5}]',
        'rows: [{when: {application.age: "< 60"}, amount: 5}, '
        '{when: {application.age: ">= 60"}, amount: 0}]',
        _SHEETS,
    ),
    "sheet.E011": Explained(
        'application.age: "< 18" where the item has "< 16"', 'application.age: "< 14"', _SHEETS
    ),
    "sheet.E012": Explained("{id: no.such.row, …}", "{id: capacity.under_age, …}", _SHEETS),
    "sheet.E013": Explained("visits: 2 where the item has 1", "visits: 0", _SHEETS),
    "sheet.E014": Explained("by_post: false where the item says true", "(nothing)", _SHEETS),
    "sheet.E015": Explained("online_depth: receipt", "online_depth: certificate", _SHEETS),
    "sheet.E016": Explained(
        "area: county where the item has prefecture", "area: province", _SHEETS
    ),
    "sheet.E017": Explained("filing_desks: [window]", "filing_desks: [online, window]", _SHEETS),
    "sheet.E018": Explained("applicants: [person]", "applicants: [person, company]", _SHEETS),
    "sheet.E019": Explained("quota: {zh-Hans: 一百名, en: A hundred}", "quota: null", _SHEETS),
    "sheet.E021": Explained("revision: 3 where somebody saved revision 4", "revision: 4", _SHEETS),
    "sheet.E022": Explained("drafted and approved by one person", "approved by another", _SHEETS),
    "sheet.E023": Explained(
        "an item that promises 2 days where a county promises 3",
        "the county’s sheet first",
        _SHEETS,
    ),
    "sheet.E024": Explained("submit what is approved", "save a new draft", _SHEETS),
    "sheet.E025": Explained("a sheet that was never drafted", "xiangyun sheet save", _SHEETS),
    "sheet.E027": Explained(
        "a file for a place that has a sheet", "a new version, drafted by the place", _SHEETS
    ),
    "sheet.E026": Explained('--why ""', '--why "the item has changed"', _SHEETS),
}
