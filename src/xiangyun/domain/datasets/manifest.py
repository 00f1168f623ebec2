"""Data sets: figures that are computed, tables that are open, and the catalogue of both."""

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.manifest import Manifest, Role

manifest = Manifest(
    builds_on=("cases", "registers"),
    queue="datasets",
    keeps_files="xiangyun.domain.datasets.releases:digests_named",
    modules={
        "rows": "what is computed over: records and cases as queries with their periods",
        "building": "the table of a release, from where its rows are kept",
        "disclosing": "what is too small in a table to be shown, beside what was shown before",
        "searching": "search in the catalogue, with facets",
        "listing": "entries of the catalogue, with their quality",
        "figures": "computing indicators, one statement for each",
        "releases": "reads of releases: which are given out, which are late",
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
        Verb("dataset.built", Text("编制数据集第 {number} 版", "Data set built: {number}")),
        Verb("dataset.published", Text("发布数据集第 {number} 版", "Data set published: {number}")),
        Verb(
            "dataset.rejected",
            Text("没有发布数据集第 {number} 版", "Data set not published: {number}"),
            notes=("why",),
        ),
        Verb(
            "dataset.withdrawn",
            Text("撤下数据集第 {number} 版", "Data set withdrawn: {number}"),
            notes=("why",),
            grave=True,
        ),
    ),
)
