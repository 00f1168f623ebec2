"""What of a sealed case is encrypted before it is written: docs/how-to/keep-sensitive-values.md.

Of the application, the questions marked `sensitive`; of everything else whatever is not known to
hold none of them. So what others select by stays readable to SQL: place, dates, and answers that
are not sensitive. Rows are opened as they are read (models.py, `vault.rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.vault import sealing as vault
from xiangyun.domain.vault.sealing import Seal, fingerprint, opened
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.service.secrecy import SEALED

from .models import Case, Draft

Row = dict[str, Any]
READABLE = ("division", "authority", "parameters", "filed_on", "case_number")
"""The root variables that say nothing of the application."""
_SPOKEN = ("incident", "incident_en", "extension")
"""Headers of a task that somebody wrote, or a fault that may repeat a value."""
_CHOSEN = "source."
"""Under this a draft keeps which record was chosen in a register; see `prefill.SOURCE`."""
_TERMS, _CONTENT = "cases.term", "cases_material.content"


def scope_of(case_id: UUID) -> str:
    """What a case and its draft are sealed as."""
    return f"case/{case_id}"


def is_sealed(case: Case | Draft) -> bool:
    """Whether sensitive values of it are encrypted."""
    return case.need == SEALED


def sealed_answers(draft: Draft) -> Row:
    """The answers of a draft as they are stored."""
    if not is_sealed(draft):
        return dict(draft.answers)
    return _answers(Seal(scope_of(draft.pk)), draft.answers, _pack(draft), "cases_draft.answers")


def sealing_content(of: Draft | Case) -> Callable[[bytes], bytes] | None:
    """What seals the content of a file; None where it is kept as it is."""
    if not is_sealed(of):
        return None
    return partial(Seal(scope_of(of.pk)).content, about=_CONTENT)


def opened_content(of: Draft | Case, content: bytes) -> bytes:
    """The content of a file as it was handed in. Raises Refused `cipher.E001`."""
    return vault.opened_content(scope_of(of.pk), content, _CONTENT) if is_sealed(of) else content


def sealed_words(of: Draft | Case, words: str, about: str) -> str:
    """What somebody wrote about a case as it is stored in a column, `table.column`."""
    return Seal(scope_of(of.pk)).text(words, about) if is_sealed(of) else words


def sealed_value(of: Draft | Case, value: Any, about: str) -> Any:
    """A value of a case as it is stored in a column, `table.column`."""
    return Seal(scope_of(of.pk)).value(value, about) if is_sealed(of) else value


def terms_of(case: Case) -> list[str]:
    """Keyed hashes by which a sealed case is found: its name and subject, its sensitive answers."""
    if not is_sealed(case):
        return []
    answers: Mapping[str, Any] = case.variables["application"]
    told = [answers.get(name) for name in sorted(_pack(case).form.sensitive)]
    texts = [each for each in told if isinstance(each, str)]
    return sorted({term(each) for each in (case.applicant_name, case.subject, *texts) if each})


def term(words: str) -> str:
    """The keyed hash of words that somebody looks for, or is found by."""
    return fingerprint(words, _TERMS)


def open_loaded(row: Row, tasks: Iterable[list[Any]]) -> None:
    """Open what a step has read, in place: the columns of the case, the headers of its tasks."""
    scope = f"case/{row['id']}"
    for name in ("subject", "applicant_name", "state"):
        row[name] = opened(scope, row[name], f"cases_case.{name}")
    row["variables"] = {
        name: _opened_within(scope, value, f"cases_case.variables.{name}")
        for name, value in row["variables"].items()
    }
    row["parts"] = opened(scope, row["parts"], "cases_case.parts")
    for task in tasks:
        task[4] = {
            name: opened(scope, value, f"cases_workitem.headers.{name}")
            for name, value in task[4].items()
        }


def _opened_within(scope: str, value: Any, about: str) -> Any:
    found = opened(scope, value, about)
    if found is value and isinstance(value, dict):
        return {name: opened(scope, one, f"{about}.{name}") for name, one in value.items()}
    return found


class Sealing:
    """A step of a sealed case as it is written: rows in, the same rows sealed out."""

    def __init__(self, case: Case) -> None:
        self._case, self._seal = case, Seal(scope_of(case.pk))

    def state(self, state: str | None) -> str | None:
        """Where the process stands, as text."""
        return self._seal.text(state, "cases_case.state") if state else state

    def variables(self, variables: Row) -> Row:
        """Root variables: each sealed as a whole, but for those that say nothing of anybody."""
        return {
            name: value if name in READABLE else self._variable(name, value)
            for name, value in variables.items()
        }

    def _variable(self, name: str, value: Any) -> Any:
        about = f"cases_case.variables.{name}"
        if name == "application" and isinstance(value, dict):
            return _answers(self._seal, value, _pack(self._case), about)
        return self._seal.value(value, about)

    def closed(self, rows: list[Row]) -> list[Row]:
        """Tasks that were done."""
        return [self._texts(row, "cases_workitem", ("note",)) for row in rows]

    def opened(self, rows: list[Row]) -> list[Row]:
        """Tasks that wait now."""
        return [
            {
                **row,
                "headers": {
                    name: self._seal.text(value, f"cases_workitem.headers.{name}")
                    if name in _SPOKEN
                    else value
                    for name, value in row["headers"].items()
                },
                "inputs": self._seal.value(row["inputs"], "cases_workitem.inputs"),
            }
            for row in rows
        ]

    def more(self, more: Row) -> Row:
        """What only some steps write."""
        given = dict(more)
        for name, seal in _MORE.items():
            if name in given:
                given[name] = seal(self, given[name])
        return given

    def _case_row(self, row: Row) -> Row:
        found = self._texts(row, "cases_case", ("subject", "applicant_name", "state"))
        if "variables" in found:
            found["variables"] = self.variables(found["variables"])
        if found.get("parts"):
            found["parts"] = self._seal.value(found["parts"], "cases_case.parts")
        return found

    def _draft_answers(self, answers: Row) -> Row:
        return _answers(self._seal, answers, _pack(self._case), "cases_draft.answers")

    def _jobs(self, rows: list[Row]) -> list[Row]:
        """Messages to other cases wait in the queue: sealed, and told whose key opens them."""
        return [
            {
                **row,
                "args": {
                    **row["args"],
                    "payload": {
                        "of": scope_of(self._case.pk),
                        "payload": self._seal.value(row["args"]["payload"], "job.payload"),
                    },
                },
            }
            if row["args"].get("payload")
            else row
            for row in rows
        ]

    def _rows(self, table: str, values: Collection[str], texts: Collection[str] = ()) -> Any:
        def seal(rows: list[Row]) -> list[Row]:
            return [
                self._texts(
                    {
                        **row,
                        **{
                            name: self._seal.value(row[name], f"{table}.{name}")
                            for name in values
                            if name in row
                        },
                    },
                    table,
                    texts,
                )
                for row in rows
            ]

        return seal

    def _texts(self, row: Row, table: str, names: Collection[str]) -> Row:
        sealed = {
            name: self._seal.text(row[name], f"{table}.{name}") for name in names if row.get(name)
        }
        return {**row, **sealed}


_MORE: Mapping[str, Any] = {
    "case": Sealing._case_row,
    "relabelled": Sealing.opened,
    "answers": Sealing._draft_answers,
    "jobs": Sealing._jobs,
    "asked": lambda self, rows: self._rows("cases_servicecall", ("inputs",))(rows),
    "calls": lambda self, rows: self._rows("cases_servicecall", ("result",), ("problem",))(rows),
    "decisions": lambda self, rows: self._rows("cases_decision", ("value", "trace"))(rows),
    "letters": lambda self, rows: self._rows("cases_letter", ("title", "body"))(rows),
    "parties": lambda self, rows: self._rows("cases_party", (), ("name",))(rows),
}
"""How each of the rows that only some steps write is sealed."""


def opened_payload(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a message of a case carries; of a sealed case it is opened."""
    if payload.keys() != {"of", "payload"}:
        return payload
    found: Mapping[str, Any] = opened(str(payload["of"]), payload["payload"], "job.payload")
    return found


_PUBLIC: Mapping[str, frozenset[str]] = {
    "service.answered": frozenset({"element"}),
    "case.stuck": frozenset({"element"}),
}


def apart(
    verb: str, data: Mapping[str, Any], private: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What an entry of a sealed case says in public: nothing that came from outside, or a fault."""
    if verb not in _PUBLIC:
        return data, private or {}
    public = {name: value for name, value in data.items() if name in _PUBLIC[verb]}
    rest = {name: value for name, value in data.items() if name not in public}
    return public, {**rest, **(private or {})}


def _answers(seal: Seal, answers: Mapping[str, Any], pack: Pack, about: str) -> Row:
    sensitive = pack.form.sensitive
    return {
        name: seal.value(value, f"{about}.{name}")
        if name in sensitive
        or name.startswith(_CHOSEN)  # a record's key may be a number of a person
        else value
        for name, value in answers.items()
    }


def _pack(of: Case | Draft) -> Pack:
    return catalogue.pack(of.version_id)
