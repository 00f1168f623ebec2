"""A register of made-up companies and one with secrets, as packs would declare them."""

from datetime import UTC, datetime

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import actions

AT = datetime(2026, 4, 9, 2, 0, tzinfo=UTC)
HUNCHUN = 222404000000
FIRMS = """\
code: firms
name: {zh-Hans: 测试法人库, en: Firms for tests}
department: market-supervision
subject: organisation
key: code
place: division
laws:
  - {law: {zh-Hans: 测试办法, en: Rules for tests}, article: 第一条, verified: false}
fields:
  - {name: code, type: text, words: {zh-Hans: 代码, en: Code}, required: true, searched: code}
  - {name: name, type: text, words: {zh-Hans: 名称, en: Name}, required: true, searched: name}
  - {name: division, type: text, format: division, words: {zh-Hans: 区划, en: Division}}
  - {name: capital, type: number, scale: 2, words: {zh-Hans: 资本, en: Capital}, searched: number}
  - {name: founded, type: date, words: {zh-Hans: 成立, en: Founded}, searched: date}
  - name: status
    type: choice
    words: {zh-Hans: 状态, en: Status}
    searched: code
    options:
      - {value: open, words: {zh-Hans: 存续, en: Open}}
      - {value: closed, words: {zh-Hans: 注销, en: Closed}}
  - {name: phone, type: text, words: {zh-Hans: 电话, en: Phone}, sensitive: true, searched: code}
readers: [reviewer]
writers: [approver, market/company-registration]
prefill: all
examples:
  - data: {code: A1, name: 样一}
"""


def declare(text: str = FIRMS) -> None:
    with acting_as(SYSTEM):
        code = text.partition("\n")[0].removeprefix("code: ")
        actions.declare(text, f"registers/{code}.yaml", "test/firms", at=AT)


def firm(code: str, name: str, **more: object) -> dict[str, object]:
    return {"code": code, "name": name, "division": str(HUNCHUN), **more}
