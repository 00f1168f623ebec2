"""The house stands as it is drawn: floors, names, sizes, words. See docs/explanation/the-house.md.

Each check walks what is there, so that a new file is looked at without anybody naming it.
"""

from __future__ import annotations

import ast
import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from contracts import crossings
from grimp import ImportGraph, build_graph
from importlinter.cli import lint_imports

from xiangyun import manifest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "xiangyun"
DOMAIN_APPS = sorted(path.parent for path in (PACKAGE / "domain").glob("*/__init__.py"))
HAN = re.compile(r"[\u3400-\u9fff]")

# The eight names of an app, and what Django itself asks for.
EIGHT_NAMES = {"models", "actions", "queries", "access", "ports", "handlers", "checks", "tests"}
DJANGO_NAMES = {"__init__", "migrations", "templates", "static", "apps"}
# What is found by its name: the manifest by everybody, jobs by the worker's queue.
FOUND_NAMES = {"manifest", "jobs"}
APPS = manifest.apps()
"""A module beside these names is a noun of the field that has outgrown one of them; the app's
manifest says which and why."""


def python_files(*folders: str) -> list[Path]:
    """Python files below the folders, without migrations, which Django writes."""
    found = chain.from_iterable((ROOT / folder).rglob("*.py") for folder in folders)
    return sorted(path for path in found if "migrations" not in path.parts)


def tracked_files() -> list[Path]:
    """What git keeps; outside a checkout these tests have nothing to say."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# Floors


def test_every_floor_imports_only_from_the_floors_below(capsys: pytest.CaptureFixture) -> None:
    broken = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True)
    assert not broken, capsys.readouterr().out


@pytest.fixture(scope="module")
def imports() -> dict[str, set[str]]:
    """By module, the modules that it imports, at its head or in a function; without tests."""
    graph = build_graph("xiangyun", cache_dir=None)
    shipped = {name for name in graph.modules if ".tests" not in name}
    return {name: graph.find_modules_directly_imported_by(name) & shipped for name in shipped}


def test_no_files_import_each_other_in_a_circle(imports: dict[str, set[str]]) -> None:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_every_app_of_the_domain_has_a_manifest() -> None:
    packages = {f"xiangyun.domain.{app.name}" for app in DOMAIN_APPS}
    assert packages <= {app.package for app in APPS}


def test_every_package_of_the_kernel_stands_in_the_contracts() -> None:
    config = ConfigParser()
    config.read(ROOT / ".importlinter")
    layers = config["importlinter:contract:kernel-order"]["layers"]
    kernel = {path.parent.name for path in (PACKAGE / "kernel").glob("*/__init__.py")}
    kernel |= {path.stem for path in (PACKAGE / "kernel").glob("[!_]*.py")}
    assert kernel == set(re.findall(r"[\w.]+", layers))


def test_the_contract_between_apps_sees_what_crosses() -> None:
    graph = ImportGraph()
    crossing = (
        ("xiangyun.domain.journal.actions", "xiangyun.domain.cases.queries"),
        ("xiangyun.domain.certificates.actions", "xiangyun.domain.cases.models"),
        ("xiangyun.faces.portal.views", "xiangyun.faces.workbench.views"),
        ("xiangyun.faces.cli.serve", "xiangyun.faces.portal.views"),
        ("xiangyun.faces.portal.views", "xiangyun.domain.cases.models"),
    )
    allowed = (
        ("xiangyun.domain.certificates.actions", "xiangyun.domain.journal.queries"),
        ("xiangyun.faces.cli.serve", "xiangyun.faces.look.limits"),
        ("xiangyun.faces.portal.views", "xiangyun.domain.cases.queries"),
        ("xiangyun.domain.cases.tests.test_walk", "xiangyun.domain.certificates.models"),
    )
    for importer, imported in (*crossing, *allowed):
        for module in (importer, imported):
            graph.add_module(module)
        graph.add_import(importer=importer, imported=imported)
    assert sorted(crossings(graph)) == sorted(f"{a} -> {b}" for a, b in crossing)


@pytest.mark.parametrize(
    "line", ["datetime.datetime.now()", "datetime.date.today()", "time.time()", "random.random()"]
)
def test_the_lint_keeps_clock_and_chance_out_of_the_kernel(line: str) -> None:
    snippet = f"import {line.split('.')[0]}\n\n{line}\n"
    where = PACKAGE / "kernel" / "snippet.py"
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251"]
    command += ["--stdin-filename", str(where), "-"]
    found = subprocess.run(command, input=snippet, capture_output=True, text=True, cwd=ROOT)
    assert "TID251" in found.stdout, found.stdout + found.stderr


def test_the_kernel_reads_neither_clock_nor_chance() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251"]
    command.append(str(PACKAGE / "kernel"))
    found = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert found.returncode == 0, found.stdout


# Names


@pytest.mark.parametrize("app", DOMAIN_APPS, ids=lambda app: app.name)
def test_an_app_holds_the_eight_names_and_nouns_with_a_reason(app: Path) -> None:
    nouns = import_module(f"xiangyun.domain.{app.name}.manifest").manifest.modules
    present = {path.stem for path in app.iterdir() if path.name != "__pycache__"}
    surplus = present - EIGHT_NAMES - DJANGO_NAMES - FOUND_NAMES - nouns.keys()
    assert not surplus, f"{app.name}: give {surplus} one of the eight names, or say why not"
    assert nouns.keys() <= present, f"{app.name}: listed, but gone: {nouns.keys() - present}"


def test_no_module_is_called_by_what_it_is_not() -> None:
    banned = {"utils", "util", "helpers", "helper", "common", "misc", "signals", "base", "mixins"}
    assert not [short(path) for path in python_files("src", "tests") if path.stem in banned]


# A sentence has a finite verb: these, or a word that ends as the third person or the past does.
_VERBS = set(
    re.findall(
        r"\w+",
        """
    is are was were has have had can may must does do did will cannot could becomes become stay go
    went come came ran get gets lose agree answer name match see say find found start end keep kept
    know hold held stand stood take took make made give gave lie lay meet read wrote show mean draw
    need want use wait fit change
    """,
    )
)
_FINITE = re.compile(r"[a-z]{2,}(?:s|ed)(?<!ss)")


def is_sentence(name: str) -> bool:
    """Whether `late_material_pauses_the_clock` may say what is true: four words, a verb among them.

    A heap of words in the plural still passes: that much a reader has to see.
    """
    words = name.split("_")
    return len(words) >= 4 and any(w in _VERBS or _FINITE.fullmatch(w) for w in words)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("late_material_pauses_the_clock", True),
        ("nobody_sees_another_county", True),
        ("a_b_c_d", False),
        ("clock_pause_late_material", False),
        ("the_form", False),
        ("pauses", False),
    ],
)
def test_a_sentence_is_told_from_a_heap_of_words(name: str, said: bool) -> None:
    assert is_sentence(name) is said


def test_tests_are_called_by_sentences() -> None:
    nameless = [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in python_files("src", "tests")
        if path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not is_sentence(node.name.removeprefix("test_"))
    ]
    assert not nameless, "say in a sentence what is true"


MINUTES = 40
"""What slow tests may take, two at a time, so twenty by the clock: the whole stays below forty."""


def test_a_slow_test_says_how_many_minutes_it_takes() -> None:
    silent, minutes = [], 0.0
    for path in python_files("src", "tests"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Attribute | ast.Call):
                continue
            spelled = ast.unparse(node)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.slow":
                minutes += sum(float(ast.literal_eval(each.value)) for each in node.keywords)
                silent += [] if node.keywords else [f"{short(path)}:{node.lineno}"]
            elif spelled == "pytest.mark.slow" and f"{spelled}(" not in _line(path, node.lineno):
                silent.append(f"{short(path)}:{node.lineno}")
    assert not silent, "pytest.mark.slow(minutes=…), on one of two cores"
    assert minutes <= MINUTES


def _line(path: Path, number: int) -> str:
    return path.read_text("utf-8").splitlines()[number - 1]


# Sizes


def test_no_file_is_above_600_lines() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in python_files("src")}
    assert not {short(path): length for path, length in lengths.items() if length > 600}


def test_nine_of_ten_files_have_at_most_300_lines() -> None:
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in python_files("src"))
    assert lengths[len(lengths) * 9 // 10] <= 300


def test_the_base_style_is_at_most_10_kB_and_a_part_of_it_2_kB_compressed() -> None:
    base = PACKAGE / "faces" / "look" / "static" / "look" / "look.css"
    templates = (file.read_text("utf-8") for file in PACKAGE.rglob("templates/**/*.html"))
    of_pages = {path for text in templates for path in re.findall(r"static '([^']+\.css)'", text)}
    paths = {app.manifest.stylesheet for app in APPS if app.manifest.stylesheet} | of_pages
    parts = {path: next(iter(PACKAGE.glob(f"*/*/static/{path}")), PACKAGE / path) for path in paths}
    parts.pop("look/look.css")
    assert sorted({base, *parts.values()}) == sorted(PACKAGE.rglob("static/**/*.css"))
    sizes = {sheet: len(gzip.compress(sheet.read_bytes())) for sheet in (base, *parts.values())}
    assert sizes.pop(base) <= 10_000
    assert not {short(sheet): size for sheet, size in sizes.items() if size > 2_000}


# Code


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_nothing_evaluates_text_as_python() -> None:
    banned = {"eval", "exec", "builtins.eval", "builtins.exec", "__import__"}
    assert not [
        f"{short(path)}:{line} {name}"
        for path in python_files("src")
        for line, name in _calls(ast.parse(path.read_text("utf-8")))
        if name in banned
    ]


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for path in python_files("src"):
        lines = path.read_text("utf-8").splitlines()
        explained: set[str] = set()
        for line, what in _imports_in_functions(ast.parse("\n".join(lines))):
            marked, _, reason = lines[line - 1].partition("# noqa: PLC0415")
            if reason.strip() or lines[line - 2].strip().startswith("#"):
                explained.add(what)  # once a module is enough
            if marked == lines[line - 1] or what not in explained:
                silent.append(f"{short(path)}:{line} {what}")
    assert not silent, "put the import on top, or a reason beside `noqa: PLC0415`"


def _imports_in_functions(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno, ast.unparse(node)


# What is kept in the repository

_PLACES = re.compile(
    r"(?<![\w.:/}-])/(?:root|work|home/[\w-]+|Users/[\w-]+|tmp/bash\w*)/"
    r"|https?://[\w.-]*(?:pypi|pythonhosted|artifactory|nexus|npmjs|registry)\b"
    r"|(?:index-url|extra-index-url|find-links)\s*[= ]\s*\S*://",
    re.IGNORECASE,
)


def test_no_file_names_this_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        text = path.read_text("utf-8", errors="ignore")
        found += [f"{short(path)}: {hit.group()}" for hit in _PLACES.finditer(text)]
        if str(ROOT) in text:
            found.append(f"{short(path)}: the path of this checkout")
    assert not found


def test_lock_files_carry_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert locks
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "://" not in text, short(lock)
        pinned = re.findall(r"^[\w.-]+(?:\[\w+\])?==", text, re.MULTILINE)
        unhashed = re.findall(r"^[\w.-]+(?:\[\w+\])?==[^\\\n]*$", text, re.MULTILINE)
        assert pinned, short(lock)
        assert not unhashed, short(lock)


# Words

TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
# The paper itself shows both languages at once; its own test is below.
PAPER = PACKAGE / "domain" / "certificates" / "templates" / "certificates" / "certificate.html"
# A language is offered under its own name.
_LANGUAGE_SWITCH = "{% if english %}中文{% else %}English{% endif %}"
_SILENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
_SAY = re.compile(r"""{%\s*say\s+("[^"]*"|'[^']*')\s+("[^"]*"|'[^']*')[^%]*%}""")
# What is typed is the same in every language.
_TYPED = r"""<(kbd|code|pre)\b.*?</\1>|<(\w+) class="[^"]*\bcode\b.*?</\2>"""
_TAG = re.compile(r"{%.*?%}|{{.*?}}|" + _TYPED)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_says_everything_in_two_languages(template: Path) -> None:
    text = _SILENT.sub("", template.read_text("utf-8"))
    for said in _SAY.finditer(text):
        zh, en = (words[1:-1] for words in said.groups())
        assert zh, said.group()
        assert en, said.group()
        # An English sentence may quote a name, as in "For example 净月".
        assert not HAN.search(en) or re.search("[A-Za-z]{3}", en), f"no English: {said.group()}"
        assert HAN.search(zh) or not re.search("[A-Za-z]{3}", en), f"no Chinese: {said.group()}"
    rest = _SAY.sub("", text).replace(_LANGUAGE_SWITCH, "")
    if template == PAPER:
        return
    assert not HAN.search(rest), [line for line in rest.splitlines() if HAN.search(line)]
    words = re.findall(r">([^<>]*[A-Za-z]{3}[^<>]*)<", _TAG.sub("", rest))
    assert not words, f"English that no Chinese reader is told: {words}"


def test_the_paper_shows_both_languages_side_by_side() -> None:
    body = PAPER.read_text("utf-8").partition("<body>")[2]
    single = [
        line
        for line in body.splitlines()
        if HAN.search(_TAG.sub("", line)) and 'lang="en"' not in line
    ]
    lines = [line for line in body.splitlines() if HAN.search(_TAG.sub("", line))]
    assert lines, "the paper has no Chinese any more"
    assert not single
