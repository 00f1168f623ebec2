"""The types of service tasks: everything that is said of one, in one value.

A service task (zeebe:taskDefinition) asks a machine for something: a register, another department,
a letter. Its type is declared here once, and the checker, the rehearsal, the simulation, the
history and the documentation read it; one function in an app's `handlers` does it for real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, from_json, from_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.surroundings import Surroundings

ValueKind = Literal["text", "number", "date", "list", "boolean", "any"]
RegisterUse = Literal["", "look", "record", "correct", "end"]
"""What a task does with the register that its header `register` names."""
_KINDS: Mapping[ValueKind, type | tuple[type, ...]] = {
    "text": str,
    "number": Decimal,
    "date": date,
    "list": list,
    "boolean": bool,
    "any": object,
}


@dataclass(frozen=True, slots=True)
class Argument:
    """A value that goes in (`zeebe:input`): the name it is mapped to, its kind, what it is for.

    `example`: FEEL that gives such a value, over the starting variables and `first_<result>`: the
    results of a task of the same type before.
    """

    name: str
    kind: ValueKind
    meaning: Text
    required: bool = True
    example: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A value that comes out (for `zeebe:output`).

    `made_up`: a rehearsal gives another value than a real case, of the same kind.
    """

    name: str
    kind: ValueKind
    meaning: Text
    made_up: bool = False

    def fits(self, value: Value) -> bool:
        """Whether a value is of this kind."""
        return isinstance(value, _KINDS[self.kind])

    def read(self, value: object) -> Value:
        """The value of an answer in JSON, which has no days: what is no day stays a text.

        A value of any kind, and a number of which no digit may be lost, is one that
        `feel.to_stored` wrote.
        """
        if self.kind == "any" or (self.kind == "number" and isinstance(value, dict)):
            found: Value = from_stored(value)
            return found
        if self.kind == "date" and isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return value
        return from_json(value)


@dataclass(frozen=True, slots=True)
class ServiceType:
    """A type of service tasks.

    - `rehearse`: what it does and answers in a rehearsal; for real it does the same;
    - `other_inputs`: what becomes of inputs besides those declared; None where there can be none;
    - `later`: in a real case the answer comes by itself, after others have done something;
    - `waits`: whether somebody outside has to do something first: then a rehearsal waits for an act
      of the example, and a replay of a past case leaves open what nobody did then;
    - `asked_again`: a replay of a past case asks again, since the answer is not kept anywhere;
    - `verbs`: what it writes into the journal, in this order;
    - `register`: what it does with the register that it names, which the register must allow;
    - `instead`: for a type that running cases of earlier versions still have: what is written now.
    """

    name: str
    does: Text
    rehearse: Callable[[Surroundings, ServiceWanted], Mapping[str, Value]]
    headers: tuple[Header, ...] = ()
    inputs: tuple[Argument, ...] = ()
    other_inputs: Text | None = None
    results: tuple[Result, ...] = ()
    later: bool = False
    waits: Callable[[Surroundings, ServiceWanted], bool] | None = None
    asked_again: bool = False
    verbs: tuple[Verb, ...] = ()
    register: RegisterUse = ""
    instead: str = ""

    def answer(self, answered: Mapping[str, object]) -> dict[str, Value]:
        """An answer in JSON as FEEL values of the kinds that are declared."""
        declared = {result.name: result.read for result in self.results}
        return {name: declared.get(name, from_json)(value) for name, value in answered.items()}
