"""The documentation says what the code does: links, commands, settings and error ids agree."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote
from urllib.request import urlopen

import click
import pytest

from xiangyun import manifest
from xiangyun.adapters.embedded import stop_embedded_if_idle
from xiangyun.faces.api.interface import api
from xiangyun.faces.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "xiangyun"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


# Links

_LINK = re.compile(r"(?<!`)!?\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, made as code hosts make them."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))):
        if target.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = unquote(target).partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            dead.append(target)
    assert not dead


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in _LINK.findall(page.read_text("utf-8")):
            aim = (page.parent / unquote(target).partition("#")[0]).resolve()
            if aim.suffix == ".md" and aim.exists() and aim not in reached:
                waiting.append(aim)
    assert not [page_id(page) for page in PAGES if page not in reached]


# Error ids

_ID = re.compile(r"[a-z]+\.[EWN]\d{3}")
_NUMBER = re.compile(r"[EWN]\d{3}")


def sources() -> dict[Path, ast.Module]:
    """Every module but tests and migrations, parsed."""
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    }


def error_ids() -> dict[str, str]:
    """All error ids in the code, and a place where each stands.

    `f"bpmn.{number}"` counts for all numbers in its package.
    """
    found: dict[str, str] = {}
    prefixes: dict[Path, str] = {}
    numbers: dict[Path, dict[str, str]] = {}
    for path, tree in sources().items():
        package = PACKAGE.joinpath(*path.relative_to(PACKAGE).parts[:2])
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                if prefix := re.fullmatch(r"f['\"]([a-z]+\.)\{number\}['\"]", ast.unparse(node)):
                    prefixes[package] = prefix[1]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                if _ID.fullmatch(node.value):
                    found[node.value] = place
                elif _NUMBER.fullmatch(node.value):
                    numbers.setdefault(package, {})[node.value] = place
    assert numbers.keys() <= prefixes.keys(), "numbers without the area they belong to"
    for package, some in numbers.items():
        found |= {prefixes[package] + number: place for number, place in some.items()}
    return found


def explained_ids() -> set[str]:
    return set(re.findall(r"^\| `([a-z]+\.[EWN]\d{3})`", text("errors.md"), re.MULTILINE))


def test_every_error_id_is_explained() -> None:
    explained = explained_ids()
    assert len(explained) > 100
    assert {id: at for id, at in error_ids().items() if id not in explained} == {}


def test_an_error_id_stands_for_one_finding_and_is_explained_once() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[EWN]\d{3})`", text("errors.md"), re.MULTILINE)
    assert [id for id, times in Counter(rows).items() if times > 1] == []


def test_no_error_is_explained_that_cannot_occur() -> None:
    assert sorted(explained_ids() - error_ids().keys()) == []


def text(name: str) -> str:
    return (DOCS / "reference" / name).read_text("utf-8")


# Settings


def settings_read() -> set[str]:
    """Every environment variable that the code asks for by name."""
    wanted = re.compile(r"(?:XIANGYUN_[A-Z_]+|DATABASE_URL)")
    return {
        node.value
        for tree in sources().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and wanted.fullmatch(node.value)
    } | {
        target.id
        for tree in (sources()[PACKAGE / "site" / "settings.py"],)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.startswith("XIANGYUN_")
    }


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)`", text("settings.md"), re.MULTILINE))
    assert settings_read() == explained


# Commands


def test_every_command_is_explained() -> None:
    explained = re.findall(r"^## xiangyun ([\w-]+)", text("commands.md"), re.MULTILINE)
    assert explained == list(COMMANDS)


def test_what_needs_the_database_is_told_of_every_command() -> None:
    needs = {
        "database": "yes",
        "nothing": "no",
        "database when it asks": "when what it is asked for lies there",
    }
    told = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", text("commands.md"), re.MULTILINE)
    assert told[: len(COMMANDS)] == [
        (name, f"with {', '.join(f'`{each}`' for each in entry.database_for)}")
        if entry.database_for
        else (name, needs[entry.needs])
        for name, entry in COMMANDS.items()
    ]


def options_of(name: str) -> Iterator[str]:
    module, _, attribute = COMMANDS[name].place.partition(":")
    command: click.Command = getattr(__import__(module, fromlist=[attribute]), attribute)
    for each in (command, *getattr(command, "commands", {}).values()):
        for parameter in each.params:
            if isinstance(parameter, click.Option):
                yield from (*parameter.opts, *parameter.secondary_opts)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_explained(name: str) -> None:
    section = text("commands.md").partition(f"## xiangyun {name}\n")[2].partition("\n## ")[0]
    assert not [option for option in options_of(name) if f"`{option}" not in section]


def test_every_role_is_explained() -> None:
    assert not [role for role in manifest.roles() if f"`{role}`" not in text("access.md")]


def test_every_make_target_is_explained() -> None:
    targets = re.findall(r"^([a-z-]+):.*?##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert [t for t in targets if f"`make {t}`" not in text("commands.md")] == []


# What a reader types. A block ```console shows commands after "$ ". All are looked up, with their
# options; those of `QUICK` are run; whole how-tos are walked by the slow tests.

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUICK = {
    *(("xiangyun", "new"), ("xiangyun", "check")),
    *(("xiangyun", "--help"), ("xiangyun", "--version")),
}
EDITING = ("sed", "printf")
"""What changes files of a page's own pack between its checks."""
KNOWN_TOOLS = {
    *("cd", "cp", "mv", "rm", "mkdir", "cat", "git", "export", "sudo", "createdb", "createuser"),
    *("curl", "python3", "pip", "jq", "openssl", "sed", "psql", "apt-get", "uuidgen", "printf"),
    "systemd-analyze",
}


def typed(page: Path) -> list[str]:
    """The commands of a page, in order; a backslash at the end of a line goes on with the next."""
    blocks = "\n".join(_CONSOLE.findall(page.read_text("utf-8"))).replace("\\\n", " ")
    return [line[2:].strip() for line in blocks.splitlines() if line.startswith("$ ")]


def quick(page: Path) -> list[str]:
    """The commands that take moments, with the changes between them; none where nothing is run."""
    lines = [(line, shlex.split(line)) for line in typed(page)]
    if not any(tuple(words[:2]) in QUICK for _, words in lines):
        return []
    return [line for line, words in lines if tuple(words[:2]) in QUICK or words[0] in EDITING]


WITH_COMMANDS = [page for page in PAGES if typed(page)]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=page_id)
def test_what_a_reader_is_told_to_type_exists(page: Path) -> None:
    for line in typed(page):
        for part in re.split(r"\s(?:\||&&|;)\s", line):
            words = shlex.split(part, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            assert words, line
            assert_known(words, line)


def assert_known(words: list[str], line: str) -> None:
    tool = words[0].removeprefix(".venv/bin/")
    if tool == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = [word for word in words[1:] if "=" not in word]
        assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets), line
    elif tool == "xiangyun":
        if words[1].startswith("-"):
            return
        assert words[1] in COMMANDS, line
        allowed = {*options_of(words[1]), "--help"}
        options = [word.partition("=")[0] for word in words[2:] if word.startswith("-")]
        assert set(options) <= allowed, line
    else:
        assert tool in KNOWN_TOOLS, f"write a command that every reader has: {line}"


@pytest.mark.parametrize("page", list(filter(quick, PAGES)), ids=page_id)
def test_quick_commands_do_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "packs", tmp_path / "packs")
    (tmp_path / "services").mkdir()
    for line in quick(page):
        if line.startswith(EDITING):
            subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True)
            continue
        words = shlex.split(line, comments=True)[1:]
        done = run(words, tmp_path, XIANGYUN_PACKS=str(tmp_path / "services"))
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def run(words: list[str], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"XIANGYUN_HOME": str(folder / "home"), **settings}
    command = [sys.executable, "-m", "xiangyun.site.main", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder like a checkout, with an instance in `var/` that has told its story once."""
    # Not below pytest's own folder: PostgreSQL's account must be able to enter it.
    with TemporaryDirectory(prefix="xiangyun-docs-", ignore_cleanup_errors=True) as made:
        place = Path(made)
        place.chmod(0o755)
        (place / ".venv").symlink_to(sys.prefix)
        shutil.copytree(ROOT / "packs", place / "packs")
        told = run(["demo", "--no-serve"], place, XIANGYUN_HOME=f"{place}/var")
        assert told.returncode == 0, told.stderr
        for suffix, name in ((".html", "licence.html"), (".json", "receipt.json")):
            (left,) = (place / "var" / "demo").glob(f"*{suffix}")
            shutil.copy(left, place / name)
        shutil.copy(place / "var" / "keys" / "public.pem", place)
        (place / "lease.pdf").write_bytes(b"%PDF-1.4\n")
        yield place
        stop_embedded_if_idle(place / "var" / "postgres")


def walk(page: str, folder: Path, **environment: str) -> None:
    """Type every command of a page, one after the other; the first that fails ends the walk."""
    missing = [tool for tool in ("bash", "curl", "openssl") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"apt-get install {' '.join(missing)}")
    # A page shows `curl` without --fail, which a person does not need and a test does.
    script = 'set -euo pipefail\ncurl() { command curl --silent --fail-with-body "$@"; }\n'
    script += "\n".join(typed(DOCS / "how-to" / page))
    for said, meant in environment.items():
        script = script.replace(said, meant)
    known = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    known |= {"PATH": f"{folder}/.venv/bin:{known['PATH']}", "XIANGYUN_HOME": f"{folder}/var"}
    command = ["bash", "-xc", script]
    done = subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def block(page: str, language: str) -> str:
    """The first block of a page in a language."""
    found = re.search(
        rf"^```{language}\n(.*?)^```$", (DOCS / "how-to" / page).read_text("utf-8"), re.M | re.S
    )
    assert found
    return found[1]


@pytest.mark.slow(minutes=1.5)
def test_a_service_is_published_as_the_page_says(folder: Path) -> None:
    walk("publish-a-service.md", folder)


@pytest.mark.slow(minutes=0.5)
def test_a_certificate_is_verified_as_the_page_says(folder: Path) -> None:
    (folder / "take_apart.py").write_text(block("verify-a-certificate.md", "python"), "utf-8")
    walk("verify-a-certificate.md", folder)


@pytest.mark.slow(minutes=0.5)
def test_a_province_is_decided_as_the_page_says(folder: Path) -> None:
    walk("decide-for-everybody.md", folder)


@pytest.mark.slow(minutes=0.5)
def test_a_program_applies_as_the_page_says(folder: Path) -> None:
    (folder / "application.json").write_text(block("use-the-interface.md", "json"), "utf-8")
    with served(folder) as site:
        walk("use-the-interface.md", folder, **{"127.0.0.1:8000": site})


@pytest.mark.slow(minutes=0.5)
def test_a_newcomer_writes_a_service_as_the_page_says(folder: Path) -> None:
    with served(folder) as site:
        walk("write-a-service.md", folder, **{"127.0.0.1:8000": site})


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The site of a folder's instance; gives its host and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "xiangyun.site.main", "serve", "--port", site.split(":")[1]]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    server = subprocess.Popen(
        command, cwd=folder, env=environment | {"XIANGYUN_HOME": f"{folder}/var"}
    )
    try:
        wait_for(f"http://{site}/alive")
        yield site
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_every_address_of_the_interface_that_is_named_exists() -> None:
    known = [
        re.compile(re.sub(r"{\w*code}", ".+", re.sub(r"{(?!\w*code)\w+}", "[^/]+", path)))
        for path in [*api.get_openapi_schema()["paths"], "/api/openapi.json", "/api/docs"]
    ]
    named = {
        (page_id(page), address.rstrip("./"))
        for page in PAGES
        for address in re.findall(r"(?<=[ `ED])(/api/[\w/.${}-]+)", page.read_text("utf-8"))
    }
    assert len(named) > 5
    assert not [each for each in named if not any(path.fullmatch(each[1]) for path in known)]


# Who is said to prove something does exist

_TEST = re.compile(r"`(test_\w+)`")


def test_every_test_that_the_documentation_names_exists() -> None:
    defined = {
        node.name
        for folder in ("src", "tests")
        for path in (ROOT / folder).rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    files = {path.stem for folder in ("src", "tests") for path in (ROOT / folder).rglob("test_*")}
    named = {
        (page_id(page), name)
        for page in PAGES
        for name in _TEST.findall(page.read_text("utf-8"))
        if name not in files
    }
    assert sorted(each for each in named if each[1] not in defined) == []


def test_a_decision_has_a_number_of_its_own_and_says_what_was_decided() -> None:
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        parts = set(_HEADING.findall(page.read_text("utf-8")))
        assert {"Why", "Decision", "Price"} <= parts, page.name


def test_every_domain_app_and_kernel_package_stands_in_the_house() -> None:
    house = (DOCS / "explanation" / "the-house.md").read_text("utf-8")
    for floor in ("domain", "kernel", "faces"):
        for init in (PACKAGE / floor).glob("*/__init__.py"):
            assert f"`{init.parent.name}`" in house, f"{floor}/{init.parent.name}"


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = (
        len(_HEADING.findall((ROOT / name).read_text("utf-8")))
        for name in ("README.md", "README.zh-CN.md")
    )
    assert english == chinese
