"""The platform knows no service: words and codes of packs do not stand in its code.

All words that packs declare are collected, and looked for in what the platform ships: Python
without docstrings and comments, templates, SQL and scripts. A word of the platform's own that a
pack uses too is listed with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "xiangyun"
PACKS = ROOT / "packs"

# Words that are the platform's own as well: where, and why. A pack may use them as anybody.
OWN: dict[str, dict[str, str]] = {
    "applicant": {"": "whoever applied: the one party that every case has"},
    "supervisor": {"": "the role that is told of overdue work, declared by the app `cases`"},
    "recusal": {"kernel/occasion/draws.py": "a key of draws.yaml: where one asks for it"},
    "person": {"": "a kind of party, of account and of applicant; and a register of that name"},
    "company": {"": "a kind of account and of applicant; and a register of that name"},
    "refuse": {"": "the gravest severity of a finding of rules (kernel/service/ruling.py)"},
    "correct": {"": "the second severity of a finding of rules, and the address of its page"},
    "done": {
        "domain/exchange/": "the state of a message to another system",
        "kernel/bpmn/": "the state of a step in a drawing",
        "domain/cases/queries/history.py": "the state of a step in a drawing",
        "faces/look/drawings.py": "the state of a step in a drawing",
        "faces/workbench/urls.py": "a page of what was done",
        "faces/cli/convert.py": "a change that was made to a file",
        "domain/batches/": "how a task of a batch came out",
        "faces/workbench/templates/workbench/batch.html": "how a task of a batch came out",
        "domain/payments/": "the state of a refund",
    },
    "paid": {
        "adapters/payments.py": "what a provider says of an order",
        "domain/payments/": "the state of an order",
        "faces/": "the state of an order",
        "kernel/pack/paid.py": "the answer of `payment.ask`",
        "kernel/service/": "the answer of `payment.ask`",
    },
    "declined": {
        "domain/payments/": "the state of a refund",
        "faces/payments/": "refunds that a provider declined",
    },
    "held": {"faces/credentials/": "the page of what a wallet holds"},
    "inspector": {
        "kernel/service/tasks/draw_recuse.py": "who is drawn for an object, a term of draws",
        "domain/draws/": "who is drawn for an object, a term of draws",
        "faces/cli/draw.py": "who is drawn for an object, a term of draws",
        "kernel/draw/": "who is drawn for an object, a term of draws",
    },
    "inspection": {
        "kernel/service/model.py": "a type of item of the national list",
        "kernel/worktime/": "why a clock stands still by law",
    },
    "penalty": {"kernel/service/model.py": "a type of item of the national list"},
    "visit": {"kernel/service/headers.py": "the example of a header"},
    "approved": {"faces/open/": "a field of CKAN"},
    "help": {"faces/open/": "a field of CKAN"},
    "withdrawn": {
        "domain/certificates/": "a status of certificates (GB/T 36903)",
        "faces/credentials/": "a status of certificates (GB/T 36903)",
        "kernel/service/tasks/certificate_issue.py": "a status of certificates (GB/T 36903)",
        "domain/datasets/": "a state of releases of data sets",
        "faces/open/": "a state of releases of data sets",
    },
    "refused": {
        "domain/exchange/": "the state of a message to another system",
        "faces/cli/conformance_": "how a verifier answered what a suite asks it",
        "kernel/record/": "a key of the examples of a register",
        "domain/batches/": "how a task of a batch came out",
        "faces/workbench/templates/workbench/batch.html": "how a task of a batch came out",
    },
    "li": {"faces/tasks/static/": "an element of HTML"},
    "confirm": {
        "kernel/connector/": "a key of the examples of a connector",
        "faces/inbox/": "the page that confirms an address",
    },
    "verify": {"domain/evidence/": "a module", "faces/": "a command and a page of everybody's"},
    "decide": {"faces/cli/commands.py": "a command", "kernel/dmn/": "a function"},
    "accept": {"kernel/formspec/": "a property of form-js"},
    "approver": {"kernel/service/times.py": "a key of service.yaml"},
    "hearing": {
        "kernel/worktime/": "why a clock stands still by law (Administrative Licensing Law)"
    },
    "submit": {
        "faces/portal/static/": "an event of browsers",
        "faces/tasks/static/": "an event of browsers",
        "faces/exchange/templates/": "a kind of button",
    },
    "bank": {"domain/grants/": "to whom a company grants a look"},
    "close": {"adapters/webserver.py": "a word of HTTP"},
    "security": {"faces/api/": "a key of OpenAPI"},
}
# Files that name words of packs for a reason.
EXCUSED = {
    "kernel/service/earlier.py": "what packs published before the declarations meant by them",
    "kernel/pack/standard/drawings.py": "the standard ways are the platform's own; items name them",
    "kernel/pack/standard/words.py": "the standard ways are the platform's own; items name them",
    "kernel/pack/standard/ways.py": "the standard ways are the platform's own; items name them",
    "domain/catalogue/models.py": "a help text that stands in a frozen migration",
    "kernel/service/tasks/register_enter.py": "the example of a header",
    "kernel/service/tasks/register_lookup.py": "the example of a header",
}


def service_files() -> list[Path]:
    return sorted(PACKS.glob("*/*/service.yaml"))


def read(path: Path) -> dict:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader) or {}


def headers(folder: Path, name: str) -> set[str]:
    """The words of a header in all drawings of a pack."""
    drawn = "".join(path.read_text("utf-8") for path in folder.rglob("*.bpmn"))
    values = re.findall(rf'key="{name}" value="([^"]*)"', drawn)
    return {word.strip() for value in values for word in value.split(",") if word.strip()}


def words_of_packs() -> dict[str, str]:
    """Each word, and what it is where."""
    found: dict[str, str] = {}

    def take(what: str, place: Path, words: object) -> None:
        for word in words if isinstance(words, (list, set, tuple, dict)) else [words]:
            if isinstance(word, str) and word:
                found.setdefault(word, f"{what} of {place.relative_to(PACKS).as_posix()}")

    for path in service_files():
        item, folder = read(path), path.parent
        take("code", folder, [item["code"], folder.name, item["code"].replace("/", ".")])
        take("outcome", folder, item.get("outcomes", {}))
        take("action", folder, headers(folder, "actions") | set(item.get("actions", {})))
        take(
            "stage", folder, [s["id"] if isinstance(s, dict) else s for s in item.get("stages", [])]
        )
        take("role", folder, item.get("roles", []))
        take("department", folder, item["joint_departments"])
        take("department", folder, [r.partition(":")[2] for r in item.get("roles", []) if ":" in r])
        take("role", folder, [r.partition(":")[0] for r in item.get("roles", [])])
        take("register", folder, headers(folder, "register"))
        take("certificate", folder, item["result"]["certificate"])
        event = item["topics"].get("life_event")
        take("life event", folder, event["code"] if isinstance(event, dict) else [])
    for path in PACKS.glob("*/*/registers/*.yaml"):
        take("register", path.parent.parent, path.stem)
    for path in PACKS.glob("*/*/roles.yaml"):
        take("role", path.parent, [each["role"] for each in read(path)["roles"]])
    people = read(PACKS / "demonstration.yaml")
    take("person", PACKS, [each["name"] for each in people["people"]])
    take("login", PACKS, [each["login"] for each in people["people"]])
    take("record", PACKS, [each["data"].get("name", "") for each in people["records"]])
    return found


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a file that does something, with its line."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        tree = ast.parse(text)
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in said
            ):
                yield node.lineno, node.value
    else:
        for number, line in enumerate(text.splitlines(), 1):
            for quoted in re.findall(r"'([^']*)'|\"([^\"]*)\"|>([^<{]+)<", line):
                yield from ((number, part.strip()) for part in quoted if part.strip())


def shipped() -> list[Path]:
    endings = {".py", ".html", ".sql", ".js"}
    files = (path for path in sorted(PACKAGE.rglob("*")) if path.suffix in endings)
    return [path for path in files if not {"tests", "migrations", "packs"} & set(path.parts)]


def holds(text: str, word: str) -> bool:
    """A code or a name is found within a text; a plain word only where it is all of it."""
    within = "/" in word or "-" in word or not word.isascii()
    return word in text if within else word == text


def standing(words: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """File, line and word, wherever one of the words stands in what is shipped."""
    words = list(words)
    for path in shipped():
        short = path.relative_to(PACKAGE).as_posix()
        for line, text in strings(path):
            yield from ((short, line, word) for word in words if holds(text, word))


def is_excused(file: str, word: str) -> bool:
    return file in EXCUSED or any(file.startswith(place) for place in OWN.get(word, {}))


def test_no_word_of_a_pack_stands_in_the_code_of_the_platform() -> None:
    words = words_of_packs()
    assert len(words) > 60
    found = [
        f"{file}:{line} “{word}”, {words[word]}"
        for file, line, word in standing(words)
        if not is_excused(file, word)
    ]
    assert found == []


def test_a_word_in_python_or_a_template_is_found() -> None:
    endings = {Path(file).suffix for file, _, _ in standing(["official", "button"])}
    assert {".py", ".html"} <= endings


def test_every_excuse_is_needed() -> None:
    words = words_of_packs()
    found = list(standing(words))
    idle = [
        f"{word} in {place or 'any file'}"
        for word, places in OWN.items()
        for place in places
        if not any(each == word and file.startswith(place) for file, _, each in found)
    ]
    idle += [file for file in EXCUSED if not any(each == file for each, _, _ in found)]
    assert idle == []
