"""SpiffWorkflow (LGPL-3.0) with its state in PostgreSQL, as its own serializer writes it."""

from __future__ import annotations

import io
from collections.abc import Iterator

import psycopg
from load import PROCESS, TASKS, measured, options
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

TABLES = """
CREATE TABLE IF NOT EXISTS held (id serial PRIMARY KEY, state text NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
    id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
    held integer, task text, who text
);
TRUNCATE held, journal;
"""
SERIALIZER = BpmnWorkflowSerializer()


def fresh() -> str:
    """A case that waits for its first task; conditions are Python here, not FEEL."""
    parser = BpmnParser()
    text = PROCESS.read_text().replace('=action = "agree"', 'action == "agree"')
    parser.add_bpmn_io(io.BytesIO(text.encode()))
    workflow = BpmnWorkflow(parser.get_spec("approval"))
    workflow.do_engine_steps()
    return SERIALIZER.serialize_json(workflow)


def complete(connection: psycopg.Connection, case: int, task: str) -> None:
    """Read the state, complete the task, write the state and the journal: one transaction."""
    with connection.transaction():
        found = connection.execute("SELECT state FROM held WHERE id = %s FOR UPDATE", (case,))
        workflow = SERIALIZER.deserialize_json(found.fetchone()[0])
        (ready,) = workflow.get_tasks(state=TaskState.READY, spec_name=task)
        ready.data["action"] = "agree"
        ready.run()
        workflow.do_engine_steps()
        state = SERIALIZER.serialize_json(workflow)
        connection.execute("UPDATE held SET state = %s WHERE id = %s", (state, case))
        connection.execute(
            "INSERT INTO journal (held, task, who) VALUES (%s, %s, 'x')", (case, task)
        )
        if task == TASKS[-1]:
            assert workflow.is_completed()


def main() -> None:
    """Prepare or measure."""
    chosen = options()
    with psycopg.connect(chosen.address, autocommit=True) as connection:
        if chosen.prepare:
            connection.execute(TABLES)
            made = "INSERT INTO held (state) SELECT %s FROM generate_series(1, %s)"
            connection.execute(made, (fresh(), chosen.prepare))
            connection.execute("VACUUM ANALYZE held")
            connection.execute("CHECKPOINT")
            return
        found = connection.execute("SELECT id FROM held ORDER BY id").fetchall()
    cases = [case for (case,) in found][chosen.part :: chosen.parts]

    def worker():  # type: ignore[no-untyped-def]
        own = psycopg.connect(chosen.address, autocommit=True)

        def work(case: int) -> Iterator[None]:
            for task in TASKS:
                complete(own, case, task)
                yield

        return work

    measured(chosen, cases, worker)


if __name__ == "__main__":
    main()
