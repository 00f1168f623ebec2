"""A register for tests, with a field of every type."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.record import Register, checked_register

COMPANY = """\
code: company
name: {zh-Hans: 法人库, en: Companies}
department: market-supervision
class: ordinary
subject: organisation
key: code
place: division
laws:
  - law: {zh-Hans: 企业信息公示暂行条例, en: Regulation on Company Information}
    article: 第六条
    verified: false
fields:
  - {name: code, type: text, format: uscc, words: {zh-Hans: 信用代码, en: Code}, required: true,
     searched: code}
  - {name: name, type: text, words: {zh-Hans: 名称, en: Name}, required: true, searched: name}
  - {name: division, type: text, format: division, words: {zh-Hans: 区划, en: Place}}
  - {name: capital, type: number, scale: 2, words: {zh-Hans: 资本, en: Capital}, searched: number}
  - {name: staff, type: integer, words: {zh-Hans: 人数, en: Staff}}
  - {name: listed, type: boolean, words: {zh-Hans: 上市, en: Listed}}
  - {name: founded, type: date, words: {zh-Hans: 成立日期, en: Founded}, searched: date}
  - {name: checked_at, type: moment, words: {zh-Hans: 检查时刻, en: Checked}}
  - name: status
    type: choice
    words: {zh-Hans: 状态, en: Status}
    options:
      - {value: open, words: {zh-Hans: 存续, en: open}}
      - {value: closed, words: {zh-Hans: 注销, en: closed}}
  - {name: brands, type: list, words: {zh-Hans: 字号, en: Brands}}
  - {name: owner_id, type: text, format: resident-id, sensitive: true,
     words: {zh-Hans: 证件, en: ID}, searched: code}
readers: [registrar, "reviewer:fire"]
writers: [market/company-registration]
prefill: all
examples:
  - {data: {code: 91110000600037341L, name: 样例有限公司, capital: 12.50, founded: 2026-01-02}}
  - {data: {code: 91110000600037341L}, refused: name}
"""


def read(text: str = COMPANY, path: str = "registers/company.yaml") -> list[Finding]:
    return checked_register(text, path)[1]


def company() -> Register:
    register, findings = checked_register(COMPANY, "registers/company.yaml")
    assert register is not None
    assert findings == []
    return register
