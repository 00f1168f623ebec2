"""Contents of files: where they lie, what is looked for in them, and what is forgotten."""

from __future__ import annotations

import hashlib
import os
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from xiangyun.adapters.filestores import Bucket, Folder, store
from xiangyun.domain.files import actions, queries
from xiangyun.domain.files.ports import FileStore, StoreUnavailable
from xiangyun.kernel.findings import Conflict, NotFound, Refused

PHOTO = b"\x89PNG\r\n\x1a\n a visit"
DIGEST = hashlib.sha256(PHOTO).hexdigest()
LATER = timedelta(days=3)


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A service that speaks S3; its address."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> FileStore:
    """Each kind of place in turn, empty, and the one that the settings name."""
    if request.param == "folder":
        settings.FILES = str(tmp_path / "files")
        return store()
    endpoint = request.getfixturevalue("service")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "synthetic")
    settings.FILES = f"s3://office-{uuid4().hex}/of/2026?endpoint={endpoint}&region=us-east-1"
    bucket = store()
    assert isinstance(bucket, Bucket)
    bucket.client.create_bucket(Bucket=bucket.name)
    return bucket


def now() -> datetime:
    return datetime.now(UTC)


def test_what_is_kept_comes_back_as_it_was(place: FileStore) -> None:
    assert actions.keep(PHOTO) == DIGEST
    assert actions.keep(PHOTO) == DIGEST, "twice is once"
    assert queries.content(DIGEST) == PHOTO
    assert queries.found_digest(DIGEST) == DIGEST
    assert list(place.kept(now() + LATER)) == [DIGEST]
    assert list(place.kept(now() - LATER)) == []


def test_files_lie_in_the_home_that_is_used_now(tmp_path: Path, settings: Settings) -> None:
    settings.FILES, settings.HOME = "", tmp_path
    assert store() == Folder(tmp_path / "files")


def test_a_file_that_is_gone_is_said_so(place: FileStore) -> None:
    with pytest.raises(NotFound) as refused:
        queries.content(DIGEST)
    assert refused.value.findings[0].id == "content.E003"
    assert queries.found_digest(DIGEST) == ""
    place.remove(DIGEST)  # that there is none is no fault


@pytest.mark.django_db
def test_what_nothing_names_is_forgotten_after_two_days(place: FileStore) -> None:
    actions.keep(PHOTO)
    assert actions.sweep(now()) == 0, "the step that will name it may be on its way"
    assert actions.sweep(now() + LATER) == 1
    assert place.get(DIGEST) is None


def test_a_file_that_was_altered_is_not_shown(tmp_path: Path, settings: Settings) -> None:
    settings.FILES = str(tmp_path)
    actions.keep(PHOTO)
    (tmp_path / DIGEST[:2] / DIGEST).write_bytes(b"another")
    with pytest.raises(NotFound):
        queries.content(DIGEST)


def test_a_writer_that_was_killed_leaves_nothing_that_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put(DIGEST, PHOTO)
    half = tmp_path / DIGEST[:2] / ".new-half"
    half.write_bytes(PHOTO[:3])
    os.utime(half, (0, 0))
    assert list(folder.kept(now() + LATER)) == [DIGEST]
    assert not half.exists()


def test_only_digests_name_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="digest"):
        Folder(tmp_path).get("../" * 20 + "keys")


def test_a_place_that_does_not_answer_is_told_and_keeps_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder", encoding="utf-8")
    settings.FILES = str(blocked)
    with pytest.raises(Conflict) as refused:
        actions.keep(PHOTO)
    assert refused.value.findings[0].id == "content.E002"


def test_a_service_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "synthetic")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "synthetic")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    away = Bucket.at("s3://office?endpoint=http://127.0.0.1:9&region=us-east-1")
    with pytest.raises(StoreUnavailable):
        away.put(DIGEST, PHOTO)


class Daemon(socketserver.StreamRequestHandler):
    """Answers as clamd(8) says; what holds the word HARM is harmful."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(size)
        if b"HARM" in content:
            self.wfile.write(b"stream: Synthetic.Test FOUND\0")
        elif b"LARGE" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture(params=["port", "socket"])
def scanned(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Everything is scanned by a daemon that is reached in either way."""
    settings.FILES = str(tmp_path / "files")
    settings.XIANGYUN_SCANNER = "xiangyun.adapters.clamd.scanner"
    if request.param == "port":
        server: socketserver.BaseServer = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon)
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"  # type: ignore[index]
    else:
        settings.CLAMD = str(tmp_path / "clamd")
        server = socketserver.ThreadingUnixStreamServer(settings.CLAMD, Daemon)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("scanned")
def test_a_harmful_file_is_not_taken_and_its_name_is_told(settings: Settings) -> None:
    with pytest.raises(Refused) as refused:
        actions.keep(b"x" * 200_000 + b"HARM")
    [finding] = refused.value.findings
    assert finding.id == "content.E001"
    assert "Synthetic.Test" in finding.message.zh
    assert list(store().kept(now() + LATER)) == []


@pytest.mark.usefixtures("scanned")
def test_a_clean_file_is_taken() -> None:
    assert queries.content(actions.keep(PHOTO * 9000)) == PHOTO * 9000


@pytest.mark.usefixtures("scanned")
def test_what_the_scanner_cannot_judge_is_not_taken(settings: Settings) -> None:
    with pytest.raises(Conflict):
        actions.keep(b"LARGE")
    settings.CLAMD = "127.0.0.1:9"
    with pytest.raises(Conflict):
        actions.keep(PHOTO)
