"""Tokens to syntax tree: a recursive-descent parser for FEEL (DMN 1.5 §10.3.1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, DecimalException
from typing import Literal, cast

from xiangyun.kernel.feel import syntax as ast
from xiangyun.kernel.feel.cursor import Cursor
from xiangyun.kernel.feel.errors import FeelSyntaxError
from xiangyun.kernel.feel.lexer import Kind, Token, position, string_value
from xiangyun.kernel.feel.typesyntax import parse_type
from xiangyun.kernel.feel.values import DECIMAL128
from xiangyun.kernel.findings import Text

# Words that can only stand between expressions.
_JOINERS = frozenset(["then", "else", "return", "satisfies", "in", "between", "and", "or"])
_AFTER_RANGE = frozenset([",", ")", "]", "}", ".", "=", "!=", "..", "instance"])
_COMPARATORS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}


class Parser(Cursor):
    """One method a grammar level, loosest binding first."""

    def whole(self) -> ast.Node:
        node = self.expression()
        if self.token.kind is not Kind.END:
            self.fail("operator", "end of the expression")
        return node

    def whole_tests(self) -> ast.Node:
        """Unary tests (rule 17): `-`, `not(tests)`, or tests."""
        if self.sees("-") and self.peek().kind is Kind.END:
            return ast.Anything(start=self.token.start, end=self.token.end)
        if self.sees("not") and self.peek().text == "(":
            mark = self.at
            try:
                return self._negated_tests()
            except FeelSyntaxError:
                self.at = mark  # `not(a) and b`: an ordinary expression after all
        start = self.token.start
        tests = self._tests()
        if self.token.kind is not Kind.END:
            self.fail(",", "end of the tests")
        return ast.Tests(tests, start=start, end=self.token.end)

    def _negated_tests(self) -> ast.Node:
        start = self.token.start
        self.at += 2
        tests = self._tests()
        end = self.expect(")").end
        if self.token.kind is not Kind.END:
            self.fail("end of the tests")
        return ast.Tests(tests, negated=True, start=start, end=end)

    def _tests(self) -> tuple[ast.Node, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> ast.Node:
        return self._unary_comparison() if self.sees(*_COMPARATORS) else self.expression()

    def _unary_comparison(self) -> ast.Node:
        start = self.token.start
        operator = cast(ast.Comparator, self.token.text)
        self.at += 1
        operand = self._additive()
        return ast.UnaryComparison(operator, operand, start=start, end=operand.end)

    # Expressions --------------------------------------------------------------------------------

    def expression(self) -> ast.Node:
        return self._junction("or")

    def _junction(self, kind: Literal["and", "or"]) -> ast.Node:
        def operand() -> ast.Node:
            return self._junction("and") if kind == "or" else self._comparison()

        first = operand()
        if not self.sees(kind):
            return first
        operands = [first]
        while self.accept(kind):
            operands.append(operand())
        return ast.Junction(kind, tuple(operands), start=first.start, end=operands[-1].end)

    def _comparison(self) -> ast.Node:
        left = self._additive()
        while True:
            if self.sees(*_COMPARATORS):
                operator = cast(ast.Comparator, self.token.text)
                self.at += 1
                right = self._additive()
                left = ast.Comparison(operator, left, right, start=left.start, end=right.end)
            elif self.accept("between"):
                low = self._additive()
                self.expect("and")
                high = self._additive()
                left = ast.Between(left, low, high, start=left.start, end=high.end)
            elif self.accept("in"):
                tests = self._in_tests()
                end = self.tokens[self.at - 1].end
                left = ast.In(left, tests, start=left.start, end=end)
            else:
                return left

    def _in_tests(self) -> tuple[ast.Node, ...]:
        if self.sees(*_COMPARATORS):
            return (self._unary_comparison(),)
        if self.sees("("):
            start = self.expect("(").start
            tests = self._tests()
            if self.sees("..") and len(tests) == 1:
                return (self._range(tests[0], low_closed=False, start=start),)
            self.expect(")")
            if len(tests) > 1 or isinstance(tests[0], ast.UnaryComparison):
                return tests
            return (self._postfix(tests[0]),)
        return (self._additive(),)

    def _additive(self) -> ast.Node:
        left = self._multiplicative()
        while self.sees("+", "-"):
            left = self._arithmetic(left, self._multiplicative)
        return left

    def _multiplicative(self) -> ast.Node:
        left = self._power()
        while self.sees("*", "/"):
            left = self._arithmetic(left, self._power)
        return left

    def _power(self) -> ast.Node:
        left = self._negation()
        while self.sees("**"):
            left = self._arithmetic(left, self._negation)
        return left

    def _arithmetic(self, left: ast.Node, operand: Callable[[], ast.Node]) -> ast.Node:
        operator = cast(ast.ArithmeticOperator, self.token.text)
        self.at += 1
        right = operand()
        return ast.Arithmetic(operator, left, right, start=left.start, end=right.end)

    def _negation(self) -> ast.Node:
        if self.sees("-"):
            start = self.token.start
            self.at += 1
            operand = self._negation()
            return ast.Negation(operand, start=start, end=operand.end)
        return self._instance()

    def _instance(self) -> ast.Node:
        node = self._postfix(self._primary())
        while self.sees("instance") and self.peek().text == "of":
            self.at += 2
            type_ = parse_type(self)
            node = ast.InstanceOf(node, type_, start=node.start, end=type_.end)
        return node

    def _postfix(self, node: ast.Node) -> ast.Node:
        while True:
            if self.accept("."):
                member = self.member()
                end = self.tokens[self.at - 1].end
                node = ast.Path(node, member, start=node.start, end=end)
            elif self.sees("("):
                node = self._call(node)
            elif self.sees("[") and not self._closes_range():
                node = self._filter(node)
            else:
                return node

    _inside_range = False

    def _closes_range(self) -> bool:
        """Whether this `[` ends `]1..x[` rather than opening a filter: nothing can follow it."""
        after = self.peek()
        ends = after.kind is Kind.END or after.text in _JOINERS or after.text in _AFTER_RANGE
        return self._inside_range and ends and after.kind is not Kind.STRING

    def _filter(self, source: ast.Node) -> ast.Node:
        self.expect("[")
        inside, self._inside_range = self._inside_range, False
        try:
            with self._scope(("item",), members=True):
                condition = self.expression()
            end = self.expect("]").end
        finally:
            self._inside_range = inside
        return ast.Filter(source, condition, start=source.start, end=end)

    def _call(self, function: ast.Node) -> ast.Node:
        self.expect("(")
        arguments: list[ast.Node] = []
        names: list[str] | None = [] if self._named_argument_ahead() else None
        while not self.sees(")"):
            if names is not None:
                names.append(self.declared(":"))
                self.expect(":")
            arguments.append(self.expression())
            if not self.accept(","):
                break
        end = self.expect(")").end
        named = None if names is None else tuple(names)
        return ast.Call(function, tuple(arguments), named, start=function.start, end=end)

    def _named_argument_ahead(self) -> bool:
        at = self.at
        if self.tokens[at].kind is not Kind.WORD:
            return False
        while self.tokens[at].kind in (Kind.WORD, Kind.NUMBER) or self.tokens[at].text in "'+-*/.":
            if self.tokens[at].kind is Kind.END:
                return False
            at += 1
        return self.tokens[at].text == ":" and self.tokens[at].kind is Kind.SYMBOL

    # Primaries ----------------------------------------------------------------------------------

    def _primary(self) -> ast.Node:
        token = self.token
        if token.kind is Kind.NUMBER:
            self.at += 1
            return ast.Constant(self._number(token), start=token.start, end=token.end)
        if token.kind is Kind.STRING:
            self.at += 1
            return ast.Constant(string_value(self.source, token), start=token.start, end=token.end)
        if token.kind is Kind.WORD:
            return self._word()
        if self.sees("["):
            return self._list_or_range()
        if self.sees("("):
            return self._brackets_or_range()
        if self.sees("]"):
            return self._range(self._endpoint_after("]"), low_closed=False, start=token.start)
        if self.sees("{"):
            return self._context()
        if self.accept("@"):
            text = self.token
            if text.kind is not Kind.STRING:
                self.fail("string")
            self.at += 1
            return ast.AtLiteral(string_value(self.source, text), start=token.start, end=text.end)
        self.fail("expression")

    def _number(self, token: Token) -> Decimal:
        try:
            return DECIMAL128.create_decimal(token.text)
        except DecimalException:
            message = Text("数值超出范围。", "This number is out of range.")
            raise FeelSyntaxError(message, *position(self.source, token.start)) from None

    def _word(self) -> ast.Node:
        token = self.token
        known = self.names.longest(self.tokens, self.at)
        if known is None or known[1] == 1:
            if token.text in _CONSTANTS:
                self.at += 1
                return ast.Constant(_CONSTANTS[token.text], start=token.start, end=token.end)
            if token.text == "if":
                return self._if()
            if token.text == "for":
                return self._for()
            if token.text in ("some", "every"):
                return self._quantified()
            if token.text == "function" and self.peek().text == "(":
                return self._function()
            if token.text in _JOINERS:
                self.fail("expression")
        name = self.reference()
        return ast.Name(name, start=token.start, end=self.tokens[self.at - 1].end)

    def _list_or_range(self) -> ast.Node:
        start = self.expect("[").start
        items: list[ast.Node] = []
        while not self.sees("]"):
            with self._range_end_allowed(False):
                items.append(self._test())
            if self.sees("..") and len(items) == 1:
                return self._range(items[0], low_closed=True, start=start)
            if not self.accept(","):
                break
        return ast.ListNode(tuple(items), start=start, end=self.expect("]").end)

    def _brackets_or_range(self) -> ast.Node:
        start = self.expect("(").start
        with self._range_end_allowed(False):
            node = self._test()
        if self.sees(".."):
            return self._range(node, low_closed=False, start=start)
        self.expect(")")
        return node

    def _endpoint_after(self, bracket: str) -> ast.Node:
        self.expect(bracket)
        return self._additive()

    def _range(self, low: ast.Node, *, low_closed: bool, start: int) -> ast.Node:
        self.expect("..")
        with self._range_end_allowed(True):
            high = self._additive()
        if not self.sees("]", ")", "["):
            self.fail("]", ")", "[")
        closing = self.token
        self.at += 1
        return ast.RangeNode(
            low, high, low_closed, closing.text == "]", start=start, end=closing.end
        )

    def _context(self) -> ast.Node:
        start = self.expect("{").start
        entries: list[tuple[str, ast.Node]] = []
        outer = self.names
        while not self.sees("}"):
            key = self._key()
            self.expect(":")
            entries.append((key, self.expression()))
            self.names = self.names.plus((key,))
            self.members = self.members.plus((key,))
            if not self.accept(","):
                break
        self.names = outer
        return ast.ContextNode(tuple(entries), start=start, end=self.expect("}").end)

    def _key(self) -> str:
        if self.token.kind is Kind.STRING:
            self.at += 1
            return string_value(self.source, self.tokens[self.at - 1])
        return self.declared(":")

    # Textual expressions ------------------------------------------------------------------------

    def _if(self) -> ast.Node:
        start = self.expect("if").start
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        no = self.expression()
        return ast.If(condition, yes, no, start=start, end=no.end)

    def _for(self) -> ast.Node:
        start = self.expect("for").start
        outer = self.names
        iterators = self._iterators()
        self.expect("return")
        with self._scope(("partial",)):
            body = self.expression()
        self.names = outer
        return ast.For(iterators, body, start=start, end=body.end)

    def _quantified(self) -> ast.Node:
        start = self.token.start
        kind: Literal["some", "every"] = "some" if self.token.text == "some" else "every"
        self.at += 1
        outer = self.names
        iterators = self._iterators()
        self.expect("satisfies")
        condition = self.expression()
        self.names = outer
        return ast.Quantified(kind, iterators, condition, start=start, end=condition.end)

    def _iterators(self) -> tuple[ast.Iterator, ...]:
        iterators: list[ast.Iterator] = []
        while True:
            start = self.token.start
            name = self.declared("in")
            self.expect("in")
            domain = self.expression()
            until = self.expression() if self.accept("..") else None
            end = self.tokens[self.at - 1].end
            iterators.append(ast.Iterator(name, domain, until, start=start, end=end))
            self.names = self.names.plus((name,))
            if not self.accept(","):
                return tuple(iterators)

    def _function(self) -> ast.Node:
        start = self.token.start
        self.at += 2
        parameters: list[ast.Parameter] = []
        while not self.sees(")"):
            at = self.token.start
            name = self.declared(":", ",", ")")
            type_ = parse_type(self) if self.accept(":") else None
            parameters.append(
                ast.Parameter(name, type_, start=at, end=self.tokens[self.at - 1].end)
            )
            if not self.accept(","):
                break
        self.expect(")")
        external = self.accept("external")
        with self._scope([parameter.name for parameter in parameters]):
            body = self.expression()
        return ast.FunctionNode(tuple(parameters), body, external, start=start, end=body.end)

    @contextmanager
    def _scope(self, names: Iterable[str], members: bool = False) -> Iterator[None]:
        """Names known only inside; in a filter, an element's members are names as well."""
        outer = self.names
        inner = self.members.merged(outer) if members else outer
        self.names = inner.plus(names)
        yield
        self.names = outer

    @contextmanager
    def _range_end_allowed(self, allowed: bool) -> Iterator[None]:
        outer, self._inside_range = self._inside_range, allowed
        try:
            yield
        finally:
            self._inside_range = outer
