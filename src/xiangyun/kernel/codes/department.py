"""The departments of the province: each has a key, a number that stays, and its names.

The key is what a role is narrowed to (`reviewer:fire`) and what a service, a register or a data set
belongs to. The number is the *matter* in row-level security, where it stands before the division
(see docs/explanation/who-sees-what.md): a number is never given again to another department, and
what belongs to nobody has the number 0.

The list follows the public line-up of a provincial government; it is a demonstration and not an
official register. Names that were made up for it are marked 虚构, fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xiangyun.kernel.findings import Text

NOBODYS = 0
"""The matter of what belongs to no department: only the place says who may see it."""


@dataclass(frozen=True, slots=True)
class Department:
    """One department; `fictitious` where its name was made up."""

    number: int
    key: str
    name: Text
    fictitious: bool


def spelled(key: str) -> str:
    """A key in its one spelling: `market-supervision` is `market_supervision`."""
    return key.strip().replace("-", "_")


def department(key: str) -> Department | None:
    """The department with this key; None where there is none."""
    return DEPARTMENTS.get(spelled(key))


def name_of(key: str) -> Text | None:
    """What the department with this key is called; None for an empty key and one that is none."""
    found = department(key)
    return found.name if found else None


def number_of(key: str) -> int:
    """The number of a department; `NOBODYS` for an empty key and for one that no department has."""
    found = department(key)
    return found.number if found else NOBODYS


_LINES = """
1|development_reform|发展和改革委员会|Development and Reform
2|education|教育厅|Education
3|science_technology|科学技术厅|Science and Technology
4|industry|工业和信息化厅|Industry and Information Technology
5|ethnic_affairs|民族事务委员会|Ethnic Affairs
6|security|公安厅|Public Security
7|civil_affairs|民政厅|Civil Affairs
8|justice|司法厅|Justice
9|finance|财政厅|Finance
10|human_resources|人力资源和社会保障厅|Human Resources and Social Security
11|natural_resources|自然资源厅|Natural Resources
12|ecology|生态环境厅|Ecology and Environment
13|housing|住房和城乡建设厅|Housing and Urban-Rural Development
14|traffic|交通运输厅|Transport
15|water|水利厅|Water Resources
16|agriculture|农业农村厅|Agriculture and Rural Affairs
17|livestock|畜牧业管理局|Animal Husbandry
18|commerce|商务厅|Commerce
19|culture_tourism|文化和旅游厅|Culture and Tourism
20|health|卫生健康委员会|Health
21|veterans|退役军人事务厅|Veterans Affairs
22|emergency|应急管理厅|Emergency Management
23|audit|审计厅|Audit
24|foreign_affairs|外事办公室|Foreign Affairs
25|market_supervision|市场监督管理厅|Market Supervision
26|state_assets|国有资产监督管理委员会|State Assets
27|forestry|林业和草原局|Forestry and Grassland
28|sports|体育局|Sports
29|statistics|统计局|Statistics
30|medical_insurance|医疗保障局|Medical Insurance
31|civil_defence|人民防空办公室|Civil Air Defence
32|grain|粮食和物资储备局|Grain and Reserves
33|digital_government|政务服务和数字化建设管理局|Government Services and Digital Construction
34|letters_visits|信访局|Letters and Visits
35|broadcasting|广播电视局|Radio and Television
36|drugs|药品监督管理局|Drug Administration
37|heritage|文物局|Cultural Heritage
38|energy|能源局|Energy
39|financial_regulation|地方金融管理局|Local Finance
40|government_offices|机关事务管理局|Government Offices
41|research|政府研究室|Government Research
42|reform|委员会改革办公室|Reform Office
43|rural_revitalisation|乡村振兴局|Rural Revitalisation
44|prisons|监狱管理局|Prisons
45|drug_rehabilitation|戒毒管理局|Drug Rehabilitation
46|fire|消防救援总队|Fire and Rescue
47|archives|档案局|Archives
48|secrecy|保密局|State Secrets
49|cryptography|密码管理局|Cryptography
50|cyberspace|互联网信息办公室|Cyberspace
51|press|新闻出版局|Press and Publication
52|film|电影局|Film
53|religion|宗教事务局|Religious Affairs
54|overseas_chinese|侨务办公室|Overseas Chinese Affairs
55|taiwan_affairs|台湾事务办公室|Taiwan Affairs
56|civil_service|公务员局|Civil Service
57|establishment|机构编制委员会办公室|Establishment Office
58|political_legal|政法委员会|Political and Legal Affairs
59|local_history|地方志编纂委员会|Local History
60|supply_marketing|供销合作社|Supply and Marketing
61|trade_unions|总工会|Trade Unions
62|youth_league|共青团委员会|Youth League
63|women|妇女联合会|Women's Federation
64|disabled|残疾人联合会|Disabled Persons' Federation
65|science_association|科学技术协会|Association for Science
66|red_cross|红十字会|Red Cross
67|trade_promotion|贸易促进委员会|Trade Promotion
68|industry_commerce|工商业联合会|Industry and Commerce Federation
69|tax|税务局|Tax
70|meteorology|气象局|Meteorology
71|earthquake|地震局|Earthquake
72|posts|邮政管理局|Posts
73|communications|通信管理局|Communications
74|tobacco|烟草专卖局|Tobacco Monopoly
75|customs|海关|Customs
76|immigration|出入境边防检查总站|Immigration Inspection
77|maritime|海事局|Maritime Safety
78|railways|铁路监督管理局|Railways
79|civil_aviation|民航监督管理局|Civil Aviation
80|mine_safety|矿山安全监察局|Mine Safety
81|central_bank|中国人民银行分行|Central Bank Branch
82|banking_supervision|金融监督管理局|Financial Supervision
83|securities|证券监督管理局|Securities
84|survey_team|调查总队|Survey Team
85|courts|高级人民法院|High Court
86|procuracy|人民检察院|Procuracy
87|geology|地质矿产勘查开发局|Geology
88|mapping|测绘地理信息局|Surveying and Mapping
89|land_registry|不动产登记中心|Real Estate Registry
90|social_insurance|社会保险事业管理局|Social Insurance
91|employment|就业服务局|Employment
92|provident_fund|住房公积金管理中心|Housing Provident Fund
93|public_resources|公共资源交易中心|Public Resource Trading
94|disease_control|疾病预防控制局|Disease Control
95|traditional_medicine|中医药管理局|Traditional Chinese Medicine
96|intellectual_property|知识产权局|Intellectual Property
97|greening|园林绿化局|Parks and Greening
98|urban_management|城市管理局|Urban Management
99|utilities|市政公用局|Public Utilities
100|drawings|施工图审查中心|Drawing Review
101|elderly_services|养老服务局（虚构）|Elderly Services (fictitious)
102|child_welfare|儿童福利局（虚构）|Child Welfare (fictitious)
103|charity|慈善事业局（虚构）|Charity (fictitious)
104|social_organisations|社会组织管理局（虚构）|Social Organisations (fictitious)
105|funerals|殡葬管理局（虚构）|Funeral Services (fictitious)
106|place_names|区划地名局（虚构）|Place Names (fictitious)
107|poverty_monitoring|低收入监测中心（虚构）|Low Income Monitoring (fictitious)
108|housing_security|住房保障中心（虚构）|Housing Security (fictitious)
109|construction_quality|工程质量监督站（虚构）|Construction Quality (fictitious)
110|land_reserve|土地储备中心（虚构）|Land Reserve (fictitious)
111|river_basin|流域管理局（虚构）|River Basins (fictitious)
112|flood_control|防汛抗旱办公室（虚构）|Flood Control (fictitious)
113|black_soil|黑土地保护局（虚构）|Black Soil Protection (fictitious)
114|seeds|种业管理局（虚构）|Seeds (fictitious)
115|farm_machinery|农业机械化局（虚构）|Farm Machinery (fictitious)
116|fisheries|渔业局（虚构）|Fisheries (fictitious)
117|ginseng|人参产业局（虚构）|Ginseng Industry (fictitious)
118|ice_snow|冰雪产业局（虚构）|Ice and Snow Economy (fictitious)
119|border_trade|边境贸易局（虚构）|Border Trade (fictitious)
120|ports|口岸管理局（虚构）|Ports (fictitious)
121|free_trade|开放合作区管理局（虚构）|Open Cooperation Zone (fictitious)
122|logistics|现代物流局（虚构）|Logistics (fictitious)
123|vehicles|汽车产业局（虚构）|Vehicle Industry (fictitious)
124|chemicals|危险化学品管理局（虚构）|Hazardous Chemicals (fictitious)
125|special_equipment|特种设备监察局（虚构）|Special Equipment (fictitious)
126|measurement|计量局（虚构）|Measurement (fictitious)
127|standards|标准化局（虚构）|Standards (fictitious)
128|food_safety|食品安全局（虚构）|Food Safety (fictitious)
129|consumer_protection|消费者权益保护局（虚构）|Consumer Protection (fictitious)
130|credit|信用管理局（虚构）|Credit (fictitious)
131|data_resources|数据资源局（虚构）|Data Resources (fictitious)
132|cloud|政务云管理中心（虚构）|Government Cloud (fictitious)
133|enquiries|政务热线中心（虚构）|Enquiry Line (fictitious)
134|private_economy|民营经济局（虚构）|Private Economy (fictitious)
135|investment|投资促进局（虚构）|Investment Promotion (fictitious)
136|talent|人才服务局（虚构）|Talent (fictitious)
137|vocational_education|职业教育局（虚构）|Vocational Education (fictitious)
138|examinations|考试管理中心（虚构）|Examinations (fictitious)
139|blood|血液管理中心（虚构）|Blood Services (fictitious)
140|emergency_medicine|急救中心（虚构）|Emergency Medicine (fictitious)
141|wetlands|湿地保护局（虚构）|Wetlands (fictitious)
"""


def _read(lines: str) -> Mapping[str, Department]:
    found: dict[str, Department] = {}
    for line in lines.split("\n"):
        if line:
            number, key, zh, en = line.split("|")
            name = Text.given(zh, en)
            found[key] = Department(int(number), key, name, "虚构" in zh)
    return MappingProxyType(found)


DEPARTMENTS: Mapping[str, Department] = _read(_LINES)
"""Every department, by its key, in the order of their numbers."""
_KEYS = {each.number: each.key for each in DEPARTMENTS.values()}


def key_of(number: int) -> str:
    """The key of the department with this number; empty for nobody's and for one that is none."""
    return _KEYS.get(number, "")
