"""A resource for tests: three units an hour, one of them kept for a lane that goes first."""

GATE = """
resources:
  - id: gate
    name: {zh-Hans: 查验, en: Inspection}
    place: "222404001000"
    slot: PT1H
    capacity: 3
    lanes:
      - {id: fresh, name: {zh-Hans: 鲜活, en: Fresh goods}, priority: 1, units: 1}
      - {id: freight, name: {zh-Hans: 货运, en: Freight}, priority: 2}
    opening:
      - {days: working, hours: "8:00-12:00,13:00-17:00"}
    opens: P14D
    closes: PT1H
    cancel: PT1H
    hold: PT10M
    waiting: 4
    series: 4
    no_show: {after: PT30M, most: 2, within: P30D, barred: P7D}
    extension: {days: 7, hours: 10}
"""
