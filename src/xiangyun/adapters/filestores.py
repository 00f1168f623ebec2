"""Places for files: a folder of this machine, or a bucket that speaks S3.

A folder keeps each content under its digest, in 256 folders by the first two characters:

    files/3f/3fa9…e1        mode 0600; see `durable`
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from xiangyun.domain.files.ports import FileStore, StoreUnavailable

from . import durable

if TYPE_CHECKING:
    from botocore.client import BaseClient


def store() -> FileStore:
    """The place that `XIANGYUN_FILES` names: a folder, or `s3://bucket/beginning?endpoint=…`."""
    where = settings.FILES or str(settings.HOME / "files")
    return Bucket.at(where) if where.startswith("s3://") else Folder(Path(where))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; a content is there whole or not at all, and after `put` it is on the disk."""

    root: Path

    def put(self, digest: str, content: bytes) -> None:
        target = self._of(digest)
        if target.exists():
            return
        try:
            durable.write(target, content, self.root)
        except OSError as problem:
            raise StoreUnavailable(str(problem)) from problem

    def get(self, digest: str) -> bytes | None:
        try:
            return self._of(digest).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise StoreUnavailable(str(problem)) from problem

    def kept(self, before: datetime) -> Iterator[str]:
        for file in sorted(self.root.glob("??/*")):
            # Another sweep, or a draft that was renamed, may have taken it away meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if file.stat().st_mtime < before.timestamp():
                    if file.name.startswith(durable.DRAFT):  # a writer was killed
                        file.unlink()
                    else:
                        yield file.name

    def remove(self, digest: str) -> None:
        self._of(digest).unlink(missing_ok=True)

    def _of(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("a digest is 64 hexadecimal characters")
        return self.root / digest[:2] / digest


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a service that speaks S3; needs the extra `s3` (boto3)."""

    client: BaseClient
    name: str
    before: str

    @classmethod
    def at(cls, address: str) -> Bucket:
        """The bucket of an address; who asks, the usual variables `AWS_…` say.

        `s3://bucket/beginning?endpoint=https://host&region=name`; all but the bucket may be absent.
        """
        try:
            import boto3  # noqa: PLC0415  only who uses it installs and loads it
        except ImportError as problem:
            raise StoreUnavailable("s3: pip install 'xiangyun[s3]'") from problem
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        client = boto3.client(
            "s3", endpoint_url=asked.get("endpoint"), region_name=asked.get("region")
        )
        return cls(client, parts.netloc, parts.path.strip("/"))

    def put(self, digest: str, content: bytes) -> None:
        with _answering():
            self.client.put_object(Bucket=self.name, Key=self._of(digest), Body=content)

    def get(self, digest: str) -> bytes | None:
        with _answering():
            try:
                found: Any = self.client.get_object(Bucket=self.name, Key=self._of(digest))
            except self.client.exceptions.NoSuchKey:
                return None
            content: bytes = found["Body"].read()
            return content

    def kept(self, before: datetime) -> Iterator[str]:
        with _answering():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.name, Prefix=f"{self.before}/" if self.before else ""
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    if found["LastModified"].astimezone(UTC) < before:
                        yield found["Key"].rpartition("/")[2]

    def remove(self, digest: str) -> None:
        with _answering():
            self.client.delete_object(Bucket=self.name, Key=self._of(digest))

    def _of(self, digest: str) -> str:
        return f"{self.before}/{digest}" if self.before else digest


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Whatever the service or the way to it says is that it does not answer."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  comes with boto3

    try:
        yield
    except (BotoCoreError, ClientError) as problem:
        raise StoreUnavailable(str(problem)) from problem
