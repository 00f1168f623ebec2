"""Shorter SQL that means the same: what a CASE asks of a condition is only whether it is true.

FEEL's `=` never gives null, so it is compiled to IS NOT DISTINCT FROM; and a value outside its
declared ones is null, so it is compiled behind a guard. Where only truth counts, both are more
than is needed: `x = 'rural'` is true for the same rows. A database evaluates that several times
faster, and a person reads it.
"""

from __future__ import annotations

from sqlglot import exp

Sql = exp.Expr


def lean(tree: Sql) -> Sql:
    """The tree with every condition of a CASE reduced to what makes it true."""
    for branch in reversed(list(tree.find_all(exp.If))):
        branch.set("this", _holds(branch.this))
    return tree


def lean_condition(tree: Sql) -> Sql:
    """A condition of which only whether it is true is asked, such as that of a WHERE."""
    return _holds(lean(tree))


def _holds(condition: Sql) -> Sql:
    """A condition that is true for the same rows; where it is not true it may differ."""
    if isinstance(condition, exp.Paren):
        inner = _holds(condition.this)
        return inner if isinstance(inner, (exp.Column, exp.Paren)) else exp.Paren(this=inner)
    if isinstance(condition, (exp.And, exp.Or)):
        sides = _holds(condition.this), _holds(condition.expression)
        if isinstance(condition, exp.Or):
            sides = _where_known(*sides), _where_known(*reversed(sides))
        return type(condition)(this=sides[0], expression=sides[1])
    if isinstance(condition, exp.Coalesce) and condition.expressions == [exp.false()]:
        return _holds(condition.this)
    if isinstance(condition, exp.NullSafeEQ):
        return _equals(condition)
    return condition


def _where_known(one: Sql, other: Sql) -> Sql:
    """A side of OR whose other side is `x IS NULL`: x is known in it, so that `=` says the same."""
    bare, beside = _bare(one), _bare(other)
    if not isinstance(bare, exp.NullSafeEQ) or not isinstance(beside, exp.Is):
        return one
    known = _bare(beside.this)
    if isinstance(beside.expression, exp.Null) and known in (
        _bare(bare.this),
        _bare(bare.expression),
    ):
        return exp.Paren(this=exp.EQ(this=bare.this, expression=bare.expression))
    return one


def _bare(node: Sql) -> Sql:
    return _bare(node.this) if isinstance(node, exp.Paren) else node


def _equals(condition: exp.NullSafeEQ) -> Sql:
    value, wanted = condition.this, condition.expression
    if not _is_literal(wanted):
        return condition
    value = _unguarded(value, wanted)
    if isinstance(wanted, exp.Boolean):
        return value if wanted.this else exp.Not(this=value)
    return exp.EQ(this=value, expression=wanted)


def _unguarded(value: Sql, wanted: Sql) -> Sql:
    """The value without guards that let `wanted` through: equal to it before, equal after."""
    guard = value.this if isinstance(value, exp.Paren) else value
    if not isinstance(guard, exp.Case) or guard.this is not None:
        return value
    branches, otherwise = guard.args["ifs"], guard.args.get("default")
    if len(branches) != 1 or not isinstance(otherwise, (exp.Null, type(None))):
        return value
    inner = branches[0].args["true"]
    if wanted not in _let_through(branches[0].this, inner):
        return value
    return _unguarded(inner, wanted)


def _let_through(condition: Sql, value: Sql) -> list[Sql]:
    """The literals for which a condition on a value is surely true: `value` is one of them."""
    if isinstance(condition, exp.Paren):
        return _let_through(condition.this, value)
    if isinstance(condition, exp.Coalesce):
        return _let_through(condition.this, value)
    if isinstance(condition, exp.Or):
        sides = condition.this, condition.expression
        return [found for side in sides for found in _let_through(side, value)]
    if isinstance(condition, (exp.NullSafeEQ, exp.EQ)):
        same = condition.this == value or condition.this == _unguarded(value, condition.expression)
        return [condition.expression] if same else []
    return []


def _is_literal(node: Sql) -> bool:
    """Whether a node is a value written out, which is never null."""
    if isinstance(node, exp.Paren):
        return isinstance(node.this, exp.Neg) and _is_literal(node.this.this)
    if isinstance(node, exp.Cast):
        return _is_literal(node.this)
    return isinstance(node, (exp.Literal, exp.Boolean))
