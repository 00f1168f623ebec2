"""Data sets: figures that are computed, tables that are open, and the catalogue of both."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("cases", "registers", "bookings", "messaging"),
    queue="datasets",
    follows_journal="xiangyun.domain.datasets.forgetting:take",
    keeps_files="xiangyun.domain.datasets.releases:digests_named",
    modules={
        "rows": "what is computed over: records and cases as queries with their periods",
        "building": "the table of a release, from where its rows are kept",
        "disclosing": "what is too small in a table to be shown, beside what was shown before",
        "attacking": "tables of a group and all their releases, as an attacker sees them",
        "uses": "who uses which data for which purpose, from the public register",
        "subscribing": "who is told of new releases, and telling them",
        "facets": "the facets of the catalogue, counted in memory",
        "searching": "search in the catalogue, with facets",
        "forgetting": "what ended in a register leaves the releases that held it",
        "listing": "entries of the catalogue, with their quality",
        "figures": "computing indicators, one statement for each",
        "standings": "ranks in a scheme of points, and what would change them",
        "releases": "reads of releases: which are given out, which are late",
        "recomputing": "registers that decisions are recorded in each period, by one statement",
        "harvesting": "catalogues of others: taken over where they changed",
        "jobs": "the queue finds jobs by this name",
    },
    roles={
        "data_steward": Role(
            Text("数据管理", "data steward"),
            Text(
                "编制和发布开放数据，两人各一步。",
                "Builds and publishes open data: one builds, another publishes.",
            ),
            across=True,
            sees_records=False,
        )
    },
    verbs=(
        Verb(
            "register.recomputed",
            Text("按决策重算登记库，{changed} 条有变化", "Decided anew; {changed} records changed"),
        ),
        Verb("dataset.built", Text("编制数据集第 {number} 版", "Data set built: {number}")),
        Verb("dataset.published", Text("发布数据集第 {number} 版", "Data set published: {number}")),
        Verb(
            "dataset.rejected",
            Text("没有发布数据集第 {number} 版", "Data set not published: {number}"),
            notes=("why",),
        ),
        Verb(
            "dataset.harvested",
            Text(
                "采集目录：新增 {came}，更新 {changed}，移除 {went}",
                "Catalogue harvested: {came} came, {changed} changed, {went} went",
            ),
        ),
        Verb(
            "dataset.withdrawn",
            Text("撤下数据集第 {number} 版", "Data set withdrawn: {number}"),
            notes=("why",),
            grave=True,
        ),
    ),
)
