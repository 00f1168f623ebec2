"""Sentences stand whole in both complete languages, and nothing tells one language from another.

Each check walks what is there, so that a new file is looked at without anybody naming it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from xiangyun.adapters.languages import sentences
from xiangyun.kernel.language import BrokenTemplate, names
from xiangyun.kernel.language.template import Hole, pieces

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "xiangyun"
HAN = re.compile(r"[\u3400-\u9fff]")
# The one place that tells languages apart, and what reads and writes sentences as such.
LANGUAGE = PACKAGE / "kernel" / "language"
SAY = PACKAGE / "faces" / "look" / "templatetags" / "look.py"
HOW = (
    'write Text("第 {row} 行", "row {row}", row=…): two literals, their values by name;'
    " words from a pack, a register or a person are Text.given(…)"
)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module that ships, parsed; migrations stay as they landed."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path, ast.parse(path.read_text("utf-8"))


def at(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def texts(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Text"
        ):
            yield node


def test_a_sentence_is_two_literals_with_values_by_name() -> None:
    glued = [
        f"{at(path, call)} {ast.unparse(call)[:80]}"
        for path, tree in modules()
        if not path.is_relative_to(LANGUAGE) and path != SAY
        for call in texts(tree)
        if _is_ours(path)
        if len(call.args) != 2
        or not all(
            isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in call.args
        )
        or any(keyword.arg is None for keyword in call.keywords)
    ]
    assert not glued, HOW


def _is_ours(path: Path) -> bool:
    """Whether `Text` in a module is ours, and not that of rich."""
    return "from rich.text import Text" not in path.read_text("utf-8")


def test_the_values_of_a_sentence_are_those_that_it_asks_for() -> None:
    uneven = []
    for path, tree in modules():
        if path.is_relative_to(LANGUAGE) or path == SAY or not _is_ours(path):
            continue
        for call in texts(tree):
            given = {keyword.arg for keyword in call.keywords}
            zh, en = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
            if given and given != names(str(zh)) | names(str(en)):
                uneven.append(f"{at(path, call)} {given ^ (names(str(zh)) | names(str(en)))}")
    assert not uneven, "a value that no language asks for, or one that is not given"


def test_every_template_can_be_put_together() -> None:
    broken = []
    for sentence in sentences():
        for words in (sentence.zh, sentence.en):
            try:
                names(words)
            except BrokenTemplate:
                broken.append(f"{sentence.place} {words}")
    assert all("{" in each for each in broken)
    # A sentence without values may have braces that are no holes: nothing is put into them.
    assert not [each for each in broken if "say" in each]


_A_UNIT = re.compile(r"(working )?\{\w+\|[^{}]*\}")
"""The words of a number that stands beside them."""


def test_a_plural_form_stands_beside_its_number() -> None:
    lost = [
        f"{sentence.place} {words}"
        for sentence in sentences()
        for words in (sentence.zh, sentence.en)
        if not _A_UNIT.fullmatch(words)
        for hole in _holes(words)
        if hole.forms and not any(o.name == hole.name and not o.forms for o in _holes(words))
    ]
    assert not lost, "write {n} {n|row|rows}: a form is put there without its number"


def _holes(words: str) -> list[Hole]:
    try:
        return [each for each in pieces(words) if isinstance(each, Hole)]
    except BrokenTemplate:
        return []


_COMPARED = re.compile(
    r"""\.startswith\(["']en["']\)|\benglish\b|[=!]= ?["'](?:en|zh(?:-Hans)?)["']"""
)


def test_nothing_else_tells_one_language_from_another() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")])
        if not {"tests", "migrations"} & set(path.parts) and not path.is_relative_to(LANGUAGE)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _COMPARED.search(line)
    ]
    assert not found, "ask the Language for what differs; see kernel/language/text.py"


# Names and data in which two languages stand side by side by their nature, and why.
SIDE_BY_SIDE = {
    "faces/cli/story.py": "what the people of the story type",
    "kernel/formspec/reference.py": "makes a page of the documentation, which has both languages",
}
EXAMPLES = ("explained.py", "written.py")
"""Parts of files as their authors write them, words in both languages among them."""
_BOTH = re.compile(
    r"[\u3400-\u9fff，。：；”）][^\n]* / [A-Za-z]"
    r"|[A-Za-z][a-z]+[^\n]* / [\u3400-\u9fff]"
    r"|[\u3400-\u9fff。][^\n]*[ \n][a-z]+ [a-z]+"
    r"|[a-z]+ [a-z]+[^\n]*\n[\u3400-\u9fff]"
    r"|[\u3400-\u9fff。]\n[A-Z][a-z]+ "
)


def test_no_string_is_glued_from_two_languages() -> None:
    glued = []
    for path, tree in modules():
        if path.relative_to(PACKAGE).as_posix() in SIDE_BY_SIDE or path.name in EXAMPLES:
            continue
        sentences_in = {id(part) for call in _whole(tree) for part in ast.walk(call)}
        for node, words in _strings(tree):
            if id(node) not in sentences_in and _BOTH.search(words):
                glued.append(f"{at(path, node)} {words[:80]!r}")
    assert not glued, HOW


def _whole(tree: ast.Module) -> Iterator[ast.AST]:
    """Calls of Text, whose words may quote the other language; docstrings; what is asserted."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("Text", "Text.given")) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            yield node


def _strings(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            constants = (part for part in node.values if isinstance(part, ast.Constant))
            yield node, "".join(str(part.value) for part in constants)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts
        ):
            yield node, node.value


# Messages -----------------------------------------------------------------------------------------

_HALF = re.compile(r"(?<=[\u3400-\u9fff”）》])[,;:!?(](?! |//)|[,;:!?)](?=[\u3400-\u9fff“（《])")


# Calls whose texts are messages: whole sentences, said to a person. Of what a process is told the
# first text is the middle of a sentence, which `words.fault` makes whole.
MESSAGES = {"Finding", "Failed", "WrongUsage", "NullResult", "Spent", "FeelSyntaxError", "fault"}
MESSAGES |= {"_finding", "_refused", "_fault", "_refuse", "error", "differs", "doubt"}
MADE_WHOLE = PACKAGE / "kernel" / "bpmn"


def messages() -> Iterator[tuple[str, str, str]]:
    """Every text that is a message: of a finding, of its hint, of a refusal of a command."""
    for path, tree in modules():
        if not _is_ours(path):
            continue
        named = dict(_named(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name not in MESSAGES:
                continue
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            said = [call for arg in given for call in _texts_of(arg, named)]
            if name != "Finding" and path.is_relative_to(MADE_WHOLE):
                said = said[1:]
            for call in said:
                zh, en = call.args[:2]
                if isinstance(zh, ast.Constant) and isinstance(en, ast.Constant):
                    yield at(path, call), str(zh.value), str(en.value)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What stands under a name of its own before it is said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _texts_of(arg: ast.expr, named: Mapping[str, ast.expr]) -> Iterator[ast.Call]:
    """The texts that an argument may be."""
    if isinstance(arg, ast.IfExp):
        yield from _texts_of(arg.body, named)
        yield from _texts_of(arg.orelse, named)
    elif isinstance(arg, ast.Name) and isinstance(found := named.get(arg.id), ast.Call):
        yield from _texts_of(found, {})
    elif isinstance(arg, ast.Call) and ast.unparse(arg.func) == "Text":
        yield arg


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_message_ends_like_a_sentence(language: str) -> None:
    ends = tuple("。！？…") if language == "zh" else tuple(".!?…")
    open_ended = [
        f"{place} {zh if language == 'zh' else en}"
        for place, zh, en in messages()
        if not (zh if language == "zh" else en).rstrip("”\"')）").endswith(ends)
        and not _ends_in_what_is_typed(zh if language == "zh" else en)
    ]
    assert len(list(messages())) > 100
    assert not open_ended, "a full stop, in Chinese a full-width one"


def _ends_in_what_is_typed(words: str) -> bool:
    """A command or a value to copy, after a colon, gets no stop: it would be copied too."""
    return bool(re.search(r"(?:[:：] ?\{\w+\}|[:：] ?[a-z0-9\"][^。]*)$", words))


def test_chinese_sentences_have_full_width_punctuation() -> None:
    half = [
        f"{sentence.place} {sentence.zh}" for sentence in sentences() if _HALF.search(sentence.zh)
    ]
    assert not half
