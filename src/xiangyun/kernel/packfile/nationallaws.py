"""What national laws and regulations are called in English, for packs that cite them in passing.

The usual translated names, without a year: which edition is meant, the Chinese citation says. A
pack that rests on a law names it itself, in `legal_basis`, and its name for it goes first.
"""

from __future__ import annotations

from collections.abc import Mapping

NATIONAL: Mapping[str, str] = {
    "民法典": "Civil Code",
    "公司法": "Company Law",
    "行政许可法": "Administrative Licensing Law",
    "行政复议法": "Administrative Reconsideration Law",
    "行政诉讼法": "Administrative Litigation Law",
    "行政处罚法": "Administrative Penalties Law",
    "劳动合同法": "Labor Contract Law",
    "社会保险法": "Social Insurance Law",
    "残疾人保障法": "Law on the Protection of Persons with Disabilities",
    "老年人权益保障法": "Law on the Protection of the Rights and Interests of the Elderly",
    "未成年人保护法": "Law on the Protection of Minors",
    "居民身份证法": "Resident Identity Card Law",
    "个人信息保护法": "Personal Information Protection Law",
    "数据安全法": "Data Security Law",
    "网络安全法": "Cybersecurity Law",
    "电子签名法": "Electronic Signature Law",
    "食品安全法": "Food Safety Law",
    "城乡规划法": "Urban and Rural Planning Law",
    "土地管理法": "Land Administration Law",
    "建筑法": "Construction Law",
    "消防法": "Fire Protection Law",
    "防洪法": "Flood Control Law",
    "人民防空法": "Civil Air Defense Law",
    "文物保护法": "Cultural Relics Protection Law",
    "水土保持法": "Water and Soil Conservation Law",
    "环境影响评价法": "Environmental Impact Assessment Law",
    "道路交通安全法": "Road Traffic Safety Law",
    "市场主体登记管理条例": "Regulation on the Registration of Market Entities",
    "市场主体登记管理条例实施细则": (
        "Implementing Rules of the Regulation on the Registration of Market Entities"
    ),
    "企业名称登记管理规定": "Provisions on the Registration of Enterprise Names",
    "企业信息公示暂行条例": "Interim Regulation on Enterprise Information Disclosure",
    "企业投资项目核准和备案管理条例": (
        "Regulation on the Approval and Filing of Enterprise Investment Projects"
    ),
    "融资担保公司监督管理条例": "Regulation on the Supervision of Financing Guarantee Companies",
    "道路运输条例": "Regulation on Road Transport",
    "政府投资条例": "Regulation on Government Investment",
    "建设工程质量管理条例": "Regulation on the Quality of Construction Projects",
    "建设工程消防设计审查验收管理暂行规定": (
        "Interim Provisions on Fire Protection Design Review and Acceptance of Construction"
    ),
    "城市绿化条例": "Regulation on Urban Greening",
    "社会救助暂行办法": "Interim Measures for Social Assistance",
    "特困人员认定办法": "Measures for Identifying Persons in Extreme Difficulty",
    "城市生活无着的流浪乞讨人员救助管理办法": (
        "Measures for Assisting Vagrants and Beggars without Assured Living Sources in Cities"
    ),
}
"""By the name without 中华人民共和国 and without what stands in brackets behind it."""
