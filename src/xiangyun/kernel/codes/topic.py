"""Topics (主题) by which services are listed: those of people's and of companies' matters.

The Chinese names are the values that service.yaml and the national exchange tables carry
(`user_topic_type`, `corp_topic_type`). The list is from memory and is not asserted to be complete:
a topic that is not in it stands as it is written, in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.findings import Text

_ENGLISH: Mapping[str, str] = {
    "生育收养": "Birth and adoption",
    "户籍办理": "Household registration",
    "教育科研": "Education and research",
    "就业创业": "Work and starting up",
    "设立变更": "Setting up and changes",
    "准营准办": "Permission to operate",
    "资质认证": "Qualifications",
    "职业资格": "Professional titles",
    "婚姻登记": "Marriage",
    "优待抚恤": "Benefits and care",
    "规划建设": "Planning and building",
    "国土和规划建设": "Land, planning and building",
    "投资审批": "Investment",
    "住房保障": "Housing",
    "社会保障": "Social security",
    "社会救助": "Social assistance",
    "证件办理": "Papers and certificates",
    "交通出行": "Roads and travel",
    "交通运输": "Transport",
    "医疗卫生": "Health",
    "文化体育": "Culture and sport",
    "公共安全": "Public safety",
    "司法公证": "Justice and notaries",
    "离职退休": "Retirement",
    "死亡殡葬": "Death and burial",
    "知识产权": "Intellectual property",
    "环保绿化": "Environment",
    "农林牧渔": "Farming, forests and fishing",
    "商务贸易": "Trade",
    "融资信贷": "Loans and finance",
    "检验检疫": "Inspection and quarantine",
    "公用事业": "Utilities",
    "其他": "Other",
}


def topic_name(written: str) -> Text:
    """A topic in words; one that is in no list as it is written."""
    return Text.given(written, _ENGLISH.get(written, written))
