"""Reading types (grammar rules 51–55): `list<number>`, `date and time`, `function<a> -> b`."""

from __future__ import annotations

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.cursor import Cursor
from xiangyun.kernel.feel.lexer import Kind
from xiangyun.kernel.feel.names import RESERVED, NameTable

BUILTIN_TYPES = (
    "any",
    "Any",
    "Null",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "dateTime",
    "days and time duration",
    "dayTimeDuration",
    "years and months duration",
    "yearMonthDuration",
    "list",
    "context",
    "function",
    "range",
)
_TABLE = NameTable.of(BUILTIN_TYPES)


def parse_type(cursor: Cursor) -> ast.TypeNode:
    """The type that begins at the cursor."""
    start = cursor.token.start
    if cursor.token.kind is not Kind.WORD:
        cursor.fail("type")
    following = cursor.peek().text
    if cursor.sees("list", "range") and following == "<":
        maker = ast.ListTypeNode if cursor.token.text == "list" else ast.RangeTypeNode
        cursor.at += 2
        item = parse_type(cursor)
        return maker(item, start=start, end=cursor.expect(">").end)
    if cursor.sees("context") and following == "<":
        return _context_type(cursor)
    if cursor.sees("function") and following == "<":
        return _function_type(cursor)
    return ast.NamedType(_type_name(cursor), start=start, end=cursor.tokens[cursor.at - 1].end)


def _context_type(cursor: Cursor) -> ast.TypeNode:
    start = cursor.token.start
    cursor.at += 2
    entries: list[tuple[str, ast.TypeNode]] = []
    while not cursor.sees(">"):
        name = cursor.declared(":")
        cursor.expect(":")
        entries.append((name, parse_type(cursor)))
        if not cursor.accept(","):
            break
    return ast.ContextTypeNode(tuple(entries), start=start, end=cursor.expect(">").end)


def _function_type(cursor: Cursor) -> ast.TypeNode:
    start = cursor.token.start
    cursor.at += 2
    parameters: list[ast.TypeNode] = []
    while not cursor.sees(">"):
        parameters.append(parse_type(cursor))
        if not cursor.accept(","):
            break
    cursor.expect(">")
    cursor.expect("->")
    result = parse_type(cursor)
    return ast.FunctionTypeNode(tuple(parameters), result, start=start, end=result.end)


def _type_name(cursor: Cursor) -> str:
    known = _TABLE.longest(cursor.tokens, cursor.at)
    if known:
        name, length = known
        after = cursor.peek(length)
        if after.kind is not Kind.WORD or after.text in RESERVED:
            cursor.at += length
            return name
    parts: list[str] = []
    while cursor.token.kind is Kind.WORD and cursor.token.text not in RESERVED:
        word = cursor.token.text
        cursor.at += 1
        while cursor.sees(".") and cursor.peek().kind is Kind.WORD:
            word += "." + cursor.peek().text
            cursor.at += 2
        parts.append(word)
    if not parts:
        cursor.fail("type")
    return " ".join(parts)
