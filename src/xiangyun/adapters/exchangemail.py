"""The way `mail` to another system: the signed files of a folder, carried by e-mail.

Each partner whose address is `mailto:…` has a folder below the home, as if a carrier copied it
(`exchange.folders`); here is the carrier. What is new of ours leaves as the attachment of an
e-mail, whose name says the key and the number. What came is taken out of the mails that the mail
server delivers into the folder `XIANGYUN_EXCHANGE_MAIL` (a Maildir, or files `*.eml`): who sent the
mail is never asked, the signature within says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from django.conf import settings

from xiangyun.domain.exchange import folders, partners
from xiangyun.domain.exchange.ports import Outbound, Replied, Signer, Unreachable, signer
from xiangyun.domain.messaging.ports import Attached, NotNow, Outgoing
from xiangyun.kernel.findings import Refused, Text

from . import mail

_NAME = re.compile(r"([0-9A-Za-z_-]{1,80})\.([0-9A-Za-z_-]{1,100}(?:\.answer)?)\.json")
_MOST = 25_000_000
_AT_A_TIME = 200


class SignedMail:
    """The transport `mail`: puts a message down and posts it; its answer comes by mail, too."""

    def send(self, message: Outbound, signer: Signer) -> Replied | None:
        folder = folders.path_of(message.address)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders.SignedFiles().send(message, signer)
        file = folder / signer.key_id / f"{message.id}.json"
        _post(file, signer.key_id, message.address)
        return None


def carry(addresses: list[str], at: datetime) -> None:
    """Take in what came by mail, and post what is new of ours, such as answers."""
    for file in list(_mails())[:_AT_A_TIME]:
        _take_in(file, at)
    own = signer().key_id
    for address in addresses:
        folder = folders.path_of(address) / own
        for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
            if not file.name.startswith(".") and not _mark(file).exists():
                try:
                    _post(file, own, address)
                except Unreachable:
                    break  # the next minute tries again


def _post(file: Path, key_id: str, address: str) -> None:
    """Send a signed file, once; asked for again after a crash, it may go twice: its number says so.

    Raises Unreachable where no mail leaves now.
    """
    if _mark(file).exists():
        return
    way = mail.sender()
    if way is None:
        raise Unreachable(_NO_SERVER)
    name = f"{key_id}.{file.name}"
    letter = Outgoing(
        key=f"xiangyun-exchange-{file.name.removesuffix('.json')}",
        address=address.removeprefix("mailto:"),
        title=f"Exchange {file.name.removesuffix('.json')}",
        body="Signed message of exchange; a program reads it.\n",
        attached=(Attached(name, "application/json", file.read_bytes()),),
    )
    try:
        way.send(letter)
    except NotNow as problem:
        raise Unreachable(_not_sent(str(problem))) from problem
    except Refused as problem:
        raise Unreachable(problem.findings[0].message) from problem
    _mark(file).touch()


def _mark(file: Path) -> Path:
    """What says beside a file that it was posted."""
    return file.with_name(f".{file.name}.posted")


def _mails() -> Iterator[Path]:
    """The mails that were delivered and not taken in yet, the oldest first."""
    root = Path(settings.EXCHANGE_MAIL or settings.HOME / "exchange-mail" / "came")
    found = [each for each in (root / "new", root) if each.is_dir()]
    files = [file for each in found for file in each.iterdir() if file.is_file()]
    files = [f for f in files if f.parent.name == "new" or f.suffix == ".eml"]
    yield from sorted(files, key=lambda each: (each.stat().st_mtime_ns, each.name))


def _take_in(file: Path, at: datetime) -> None:
    """Lay what a mail holds into the folder of the partner whose key it names; then it is done."""
    if file.stat().st_size <= _MOST:
        for part in message_from_bytes(file.read_bytes(), policy=default).walk():
            named = _NAME.fullmatch(part.get_filename() or "")
            content = part.get_payload(decode=True) if named else None
            known = partners.known_key(named[1]) if named else None
            partner = partners.partner(known.organisation) if known else None
            if named is None or not isinstance(content, bytes) or partner is None:
                continue
            if not partner.address.startswith("mailto:"):
                continue
            box = folders.path_of(partner.address) / named[1]
            box.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = box / f"{named[2]}.json"
            if not target.exists():
                draft = box / f".{named[2]}"
                draft.write_bytes(content)
                draft.replace(target)
    done = file.parent.parent / "cur" if file.parent.name == "new" else file.parent / "taken-in"
    done.mkdir(mode=0o700, exist_ok=True)
    file.replace(done / file.name)


_NO_SERVER = Text(
    "没有邮件服务器：请设置 XIANGYUN_SMTP。", "There is no mail server: set XIANGYUN_SMTP."
)


def _not_sent(why: str) -> Text:
    return Text("邮件没有发出：{why}", "The mail did not leave: {why}", why=why)
