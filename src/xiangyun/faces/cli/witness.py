"""`xiangyun witness`: sign checkpoints of logs that continue what was seen; find those that fork.

Needs no database: a folder with a key and what was seen last. Anybody may run one for a neighbour.
"""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from xiangyun.adapters.witnesses import FolderWitness, fetching
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.ledger.note import read_key

from .telling import Failed, end_refused, tell

_MOST_BYTES = 200_000
_FOLDER = click.Path(file_okay=False, path_type=Path)
_MADE = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def witness() -> None:
    """Sign what logs publish, as an independent witness."""


@witness.command()
@click.argument("folder", type=_FOLDER)
@click.option("--name", required=True, help="What the witness is called, such as witness.example.")
def init(folder: Path, name: str) -> None:
    """Make a witness in FOLDER and print its key, to be handed out."""
    try:
        click.echo(str(FolderWitness(folder, name).key))
    except Refused as problem:
        end_refused(problem)


@witness.command()
@click.argument("folder", type=_MADE)
@click.argument("key")
def watch(folder: Path, key: str) -> None:
    """Sign for the log with this KEY from now on."""
    try:
        FolderWitness(folder).watch(read_key(key))
    except Refused as problem:
        end_refused(problem)


@witness.command()
@click.argument("folder", type=_MADE)
@click.argument("key")
@click.argument("address")
def follow(folder: Path, key: str, address: str) -> None:
    """Read the log with this KEY at ADDRESS (or a folder), check it against what was seen, sign.

    Prints the checkpoint with the signature. Ends with 1 when the log shows another history than
    before.
    """
    try:
        _, note = FolderWitness(folder).follow(read_key(key), fetching(address), int(time.time()))
    except Refused as problem:
        end_refused(problem)
    except OSError as problem:
        raise Failed(
            Text(
                "日志读不到：{problem}",
                "The log cannot be read: {problem}",
                problem=str(problem),
            )
        ) from None
    click.echo(note, nl=False)


@witness.command()
@click.argument("folder", type=_MADE)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8020, show_default=True, help="The port to listen on.")
def serve(folder: Path, host: str, port: int) -> None:
    """Answer logs that hand in their checkpoints (POST /add-checkpoint)."""
    server = serving(FolderWitness(folder), host, port)
    tell(
        Text(
            "见证者在 {host}:{port} 等待检查点。",
            "The witness waits for checkpoints on {host}:{port}.",
            host=host,
            port=port,
        )
    )
    server.serve_forever()


def serving(of: FolderWitness, host: str, port: int) -> ThreadingHTTPServer:
    """The server of a witness; whoever asks for it lets it run and ends it."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one request of a log."""

        timeout = 20

        def do_POST(self) -> None:
            """`add-checkpoint` of the protocol; everything else is not there."""
            length = int(self.headers.get("Content-Length") or 0)
            if self.path.rstrip("/") != "/add-checkpoint":
                return self._answer(404, "")
            if not 0 < length <= _MOST_BYTES:
                return self._answer(413, "")
            body = self.rfile.read(length).decode("utf-8", errors="replace")
            return self._answer(*of.add(body, int(time.time())))

        def _answer(self, status: int, said: str) -> None:
            content = said.encode()
            kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: whoever asks what is no matter of a terminal."""

    return ThreadingHTTPServer((host, port), Handler)
