"""One build of the engine, asked turn by turn: `advance` over a case of many kinds, and the proof.

Reads `advance` or `proof` from its input and answers with microseconds of the processor: per event
of a case, or for the proofs of all shipped processes together. Only what every build has is used.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from xiangyun.kernel.bpmn import (
    Started,
    State,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    TimerSet,
    VariablesSet,
    advance,
    read_document,
    read_process,
)
from xiangyun.kernel.bpmn.soundness import soundness_findings

AT = datetime(2026, 4, 9, 9, 0, tzinfo=UTC)
CASES = 60
PROOFS = 20
DRAWING = Path(__file__).resolve().parent.parent / "processes" / "mixed.bpmn"


def walk(process: object) -> int:
    """One case from start to end; how many events it took."""
    data: dict[str, object] = {"urgent": True, "more": False, "places": ["a", "b", "c"]}
    state: State | None = None
    event: object = Started(AT)
    todo: dict[str, object] = {}
    rung = False
    for count in range(1, 200):
        step = advance(process, state, event, data)  # type: ignore[arg-type]
        state = State.from_json(step.state.to_json())
        for command in step.commands:
            if isinstance(command, VariablesSet):
                data.update(command.values)
            elif isinstance(command, TaskOpened | TimerSet):
                todo[command.id] = command
        alive = state.live.keys() | state.waits.keys()
        todo = {key: value for key, value in todo.items() if key in alive}
        if state.ended:
            return count
        timer = next((each for each in todo.values() if isinstance(each, TimerSet)), None)
        if timer is not None and not rung:
            rung, event = True, TimerFired(timer.id, AT)
            continue
        task = next(each for each in todo.values() if isinstance(each, TaskOpened))
        event = TaskCompleted(task.id, {"more": False, "opinion": "fine"}, AT)
    raise SystemExit("the case does not end")


def main() -> None:
    """Say that all is read, then answer turn by turn."""
    process = read_process(DRAWING.read_text("utf-8"))
    packs = Path(sys.argv[1])
    files = sorted([*packs.rglob("process.bpmn"), *packs.rglob("processes/*.bpmn")])
    drawings = [read_document(file.read_bytes(), file.name).processes[0] for file in files]
    walk(process)
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        if line.strip() == "advance":
            share = sum(walk(process) for _ in range(CASES))
        else:
            share = PROOFS
            for drawing in drawings * PROOFS:
                soundness_findings(drawing)
        print((time.process_time() - begun) * 1e6 / share, flush=True)


if __name__ == "__main__":
    main()
