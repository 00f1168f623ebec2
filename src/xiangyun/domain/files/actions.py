"""Keep the content of a file, and forget what nothing names any more."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import islice

from xiangyun import manifest
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text

from . import ports

_log = logging.getLogger(__name__)
GRACE = timedelta(days=2)
"""How long a content may lie unnamed: the step that will name it may not be committed yet."""
_BATCH = 1000


def keep(content: bytes, sealed: Callable[[bytes], bytes] | None = None) -> str:
    """Look into a content, put it into the store, and return its digest to name it by.

    With `sealed`, what that makes of it is put, and the digest is of that.

    To be called before the row that names it is committed: a crash in between leaves a content
    that nothing names, which `sweep` finds. Raises `Refused` `content.E001` where the scanner found
    something, and `Conflict` `content.E002` where store or scanner do not answer; nothing is kept.
    """
    try:
        looking = ports.scanner()
        if looking is not None and (name := looking.found(content)):
            raise Refused([_harmful(name)])
        return put(sealed(content) if sealed else content)
    except (ports.StoreUnavailable, ports.ScannerUnavailable) as problem:
        _log.error(Text("文件没有存下：{why}", "A file was not kept: {why}", why=str(problem)))
        raise Conflict([NOT_KEPT]) from problem


def put(content: bytes) -> str:
    """Put a content that was looked into before; its digest. Raises `StoreUnavailable`."""
    digest = hashlib.sha256(content).hexdigest()
    ports.store().put(digest, content)
    return digest


def sweep(at: datetime) -> int:
    """Forget contents older than two days that no app names; return how many.

    Apps say what they name by `keeps_files` of their manifests: `module:function` of some digests
    that gives those still named.
    """
    store, swept = ports.store(), 0
    keepers = [_function(one) for app in manifest.apps() if (one := app.manifest.keeps_files)]
    for batch in _batches(store.kept(at - GRACE)):
        with acting_as(SYSTEM):
            named: set[str] = set().union(*(keeper(batch) for keeper in keepers))
        for digest in batch:
            if digest not in named:
                store.remove(digest)
                swept += 1
    return swept


def _function(where: str) -> Callable[[Collection[str]], set[str]]:
    module, _, name = where.partition(":")
    found: Callable[[Collection[str]], set[str]] = getattr(import_module(module), name)
    return found


def _batches(found: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(found, _BATCH)):
        yield batch


def _harmful(name: str) -> Finding:
    return Finding(
        "content.E001",
        "error",
        Text(
            "没有收下：查毒程序在文件里发现了 {name}。",
            "Not taken: the virus scanner found {name} in the file.",
            name=name,
        ),
        hint=Text(
            "请在干净的设备上重新导出或拍照后再上传。",
            "Make the file anew on a clean device, or take a photo, and send that.",
        ),
    )


NOT_KEPT = Finding(
    "content.E002",
    "error",
    Text(
        "文件没有存下：存放文件的地方暂时不可用。您填写的内容都还在。",
        "The file was not kept: the place for files is out of order. What you wrote is all there.",
    ),
    hint=Text("请过几分钟再上传。", "Send it again in a few minutes."),
)
