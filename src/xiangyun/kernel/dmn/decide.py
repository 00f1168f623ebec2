"""Making decisions (DMN 1.5 §6.3 and §10.4): requirements first, each once, with a trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xiangyun.kernel.dmn.boxed import compile_box, typed, unfit
from xiangyun.kernel.dmn.decided import Decided, Traced
from xiangyun.kernel.dmn.items import fitted_input, from_typed_json, plain
from xiangyun.kernel.dmn.model import (
    Decision,
    Element,
    InputData,
    Knowledge,
    Model,
    Reference,
    Service,
)
from xiangyun.kernel.dmn.quick import Quick, quick_table
from xiangyun.kernel.feel.calls import invoke
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.running import Run, ended
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.temporal import DateTime
from xiangyun.kernel.feel.types import ANY, FunctionOf, Type, coerce
from xiangyun.kernel.feel.values import Function, Value
from xiangyun.kernel.findings import Finding, NotFound, Place, Text


def decide(
    model: Model,
    decision: str,
    inputs: Mapping[str, Value],
    trace: bool = True,
    now: DateTime | None = None,
) -> Decided:
    """Make a decision, named by name or id; a decision service gives its output decisions.

    `inputs` are FEEL values by the name of the input data; those of an imported model stand in a
    context under the import's name. Functions among them (see `feel.function`) can be called in
    every expression of the model. A decision's name among the inputs replaces that decision only
    for services that list it as an input decision. `now` answers `now()` and `today()`.

    Raises:
        Refused: when the model has no such decision.
    """
    quick = model.quick.get(decision)
    if quick is None:
        quick = model.quick[decision] = _quick(model, decision)
    decided = quick(inputs, trace)
    if decided is not None:
        return decided
    element = model.by_name.get(decision)
    if element is None or isinstance(element, InputData):
        raise _no_such(model, decision)
    session = _Session(model, inputs, trace, now)
    value = ended(lambda scope: session.invocable(element, inputs), session.root)
    return Decided(value, tuple(session.trace or ()), tuple(session.root.log))


def inputs_from_json(model: Model, data: Mapping[str, object]) -> dict[str, Value]:
    """Inputs for `decide` from parsed JSON: dates and durations are read where a type says so."""
    types = {
        each.name: each.type for each in model.elements.values() if not isinstance(each, Service)
    }
    return {name: from_typed_json(value, types.get(name, ANY)) for name, value in data.items()}


def _quick(model: Model, decision: str) -> Quick:
    """The short way to a decision; one that is never open where there is none."""
    element = model.by_name.get(decision)
    found = quick_table(model, element) if isinstance(element, Decision) else None
    return found or (lambda inputs, trace: None)


def _no_such(model: Model, decision: str) -> NotFound:
    names = ", ".join(name for _, name in model.decisions)
    return NotFound(
        [
            Finding(
                "dmn.E009",
                "error",
                Text(
                    "没有决策“{decision}”。",
                    "There is no decision “{decision}”.",
                    decision=decision,
                ),
                Place(model.file),
                Text("这个模型有：{names}", "This model has: {names}", names=names),
            )
        ]
    )


class _Session:
    """One run over a model: inputs, values decided so far, and where imports are decided."""

    def __init__(
        self,
        model: Model,
        inputs: Mapping[str, Value],
        trace: bool,
        now: DateTime | None,
        parent: _Session | None = None,
    ) -> None:
        self.model = model
        self.inputs = inputs
        own = {name: value for name, value in inputs.items() if isinstance(value, Function)}
        self.functions: dict[str, Value] = own if parent is None else {**parent.functions, **own}
        self.values: dict[str, Value] = {}
        self.imported: dict[str, _Session] = {}
        self.root: Scope = Scope.over({}, now) if parent is None else parent.root
        self.trace: list[Traced] | None = [] if trace else None
        if parent is not None:
            self.trace = parent.trace

    def at(self, reference: Reference) -> tuple[_Session, Element]:
        """The session and element a reference points at."""
        if reference.alias is None:
            return self, self.model.elements[reference.id]
        session = self.imported.get(reference.alias)
        if session is None:
            model = self.model.imports[reference.alias]
            given = self.inputs.get(reference.alias)
            inputs = given if isinstance(given, dict) else self.inputs
            session = _Session(model, inputs, False, None, self)
            self.imported[reference.alias] = session
        return session, session.model.elements[reference.id]

    def invocable(self, element: Element, inputs: Mapping[str, Value]) -> Value:
        """The value of a decision, or of a service or function called with the inputs by name."""
        if isinstance(element, Service):
            return self.service(element, inputs)
        value = self.value(element)
        if isinstance(element, Knowledge) and isinstance(value, Function):
            try:
                return invoke(value, [inputs.get(name) for name in value.parameters])
            except NullResult as error:
                self.root.warn(error)
                return None
        return value

    def value(self, element: Element) -> Value:
        """The value an element has for those that require it; decided once."""
        if element.id not in self.values:
            self.values[element.id] = self._value(element)
        return self.values[element.id]

    def _value(self, element: Element) -> Value:
        if isinstance(element, InputData):
            return self._input(element)
        if isinstance(element, Service):
            return self._service_function(element)
        if isinstance(element, Knowledge):
            return self._knowledge(element)
        return self._decide(element)

    def _input(self, element: InputData) -> Value:
        def tell(name: str, value: Value, type_: Type) -> None:
            self.root.warn(unfit(name, value, type_))

        return fitted_input(self.inputs.get(element.name), element.type, element.name, tell)

    def scope(self, requires: tuple[Reference, ...]) -> Scope:
        """A scope with the requirements' values under their names."""
        scope = self.root.inner()
        scope.update(self.functions)
        for reference in requires:
            session, element = self.at(reference)
            value = session.value(element)
            if reference.alias:
                scope[reference.alias] = {**scope.get(reference.alias, {}), element.name: value}
            else:
                scope[element.name] = value
        return scope

    def plan(self, element: Decision | Knowledge) -> Run:
        """The element's compiled body; compiled once a model."""
        plans: dict[str, Run] = self.model.plans
        if element.id not in plans:
            box = element.box
            run: Run = (lambda scope: None) if box is None else compile_box(box)
            if isinstance(element, Decision):
                run = typed(run, element.type, element.name)
            plans[element.id] = run
        return plans[element.id]

    def _decide(self, decision: Decision) -> Value:
        scope = self.scope(decision.requires)
        if decision.box is None:
            scope.warn(_without_logic(decision.name))
            return None
        if self.trace is None:
            return self.plan(decision)(scope)
        scope.notes = []
        value = self.plan(decision)(scope)
        kind = type(decision.box).__name__.removesuffix("Box").lower()
        known = {name: value for name, value in scope.items() if name not in self.functions}
        self.trace.append(
            Traced(decision.id, decision.name, kind, known, tuple(scope.notes), value)
        )
        return value

    def _knowledge(self, knowledge: Knowledge) -> Value:
        if knowledge.box is None:
            return None
        scope = self.scope(knowledge.requires)
        itself: list[Function] = []  # it may call itself, once it is there
        parameters = tuple(name for name, _ in knowledge.box.parameters)
        scope[knowledge.name] = Function(parameters, lambda *given: itself[0].call(*given))
        function = self.plan(knowledge)(scope)
        if not isinstance(function, Function):
            return None
        declared = plain(knowledge.type)
        result: Type | None = function.result
        if result is None and declared is not ANY:
            result = declared.result if isinstance(declared, FunctionOf) else declared
        named = replace(function, result=result, name=knowledge.name)
        itself.append(named)
        return named

    # Decision services (§10.4) ------------------------------------------------------------------

    def service(self, service: Service, inputs: Mapping[str, Value]) -> Value:
        """The service's output decisions, its input decisions taken from the inputs."""
        inner = _Session(self.model, inputs, False, None, self)
        for reference in service.input_decisions:
            session, element = inner.at(reference)
            given = inputs.get(element.name)
            fits, session.values[element.id] = coerce(given, element.type)
            if not fits:
                self.root.warn(unfit(element.name, given, element.type))
        values: dict[str, Value] = {}
        for reference in service.outputs:
            session, element = inner.at(reference)
            values[element.name] = session.value(element)
        value: Value = next(iter(values.values())) if len(values) == 1 else values
        fits, converted = coerce(value, service.type)
        if not fits:
            self.root.warn(unfit(service.name, value, service.type))
        return converted

    def _service_function(self, service: Service) -> Function:
        parameters = [
            self.at(reference)[1] for reference in (*service.input_data, *service.input_decisions)
        ]
        names = tuple(each.name for each in parameters)

        def call(*arguments: Value) -> Value:
            return self.service(service, dict(zip(names, arguments, strict=True)))

        types = tuple(each.type for each in parameters)
        return Function(names, call, types, name=service.name)


def _without_logic(name: str) -> NullResult:
    return NullResult(
        "decision", Text("“{name}”没有决策逻辑。", "“{name}” has no decision logic.", name=name)
    )
