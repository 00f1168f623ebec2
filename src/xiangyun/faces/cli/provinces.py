"""`xiangyun demo --two-provinces`: an application that is filed in one province and decided in the
other, told between two instances with databases and keys of their own.

This instance is the one; the other lies in a folder of its home, and is asked by commands of its
own, since nobody but itself has its database. Between the two there are only signed messages.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console

from xiangyun.adapters.keys import instance_folder, trusted_keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.exchange import partners, proving, queries
from xiangyun.domain.exchange.access import OPERATOR
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.formspec import from_json

from . import demonstration, demonstrationfile, serve, story
from .demonstrationfile import Between
from .teller import Teller
from .telling import Failed, end_refused, marked

_COMMAND = (sys.executable, "-m", "xiangyun.site.main")
_PATIENCE = 60.0
_OTHER = "other-province"
_ADDRESS = "XIANGYUN_PUBLIC_URL"


@dataclass(frozen=True)
class Instance:
    """One of the two: its home, its port, and whether it is this process's own."""

    home: Path
    port: int
    own: bool = False

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its commands run with: it is called by its own address, and has its own database."""
        if self.own:
            return {_ADDRESS: self.address, **os.environ}
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return {**kept, "XIANGYUN_HOME": str(self.home), _ADDRESS: self.address}

    def ask(self, *arguments: str) -> str:
        """What a command of it prints. Raises Failed with what it says."""
        done = subprocess.run(
            [*_COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip() or done.stdout.strip()
            raise Failed(Text.given(said, said))
        return done.stdout.strip()


def _told() -> Between:
    """The story that the folders of packs bring. Raises LookupError where there is none."""
    found = demonstrationfile.demonstration().between
    if found is None:
        raise LookupError("no folder of packs brings a story of two provinces")
    return found


def tell(console: Console, port: int, *, serving: bool) -> None:
    """The story between two instances, the other one on the next port but one; then both serve."""
    own = Path(settings.HOME)
    here, there = Instance(own, port, own=True), Instance(own / _OTHER, port + 2)
    for each in (here, there):
        serve.refuse_taken_port("127.0.0.1", each.port)
    there.home.mkdir(parents=True, exist_ok=True)
    if _ADDRESS not in os.environ:
        settings.PUBLIC_URL = here.address
    # Told to stop, both servers stop with this process, as they do at Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    teller = Teller(console)
    teller.heading(Text("两省各自准备", "Each province sets itself up"))
    with teller.step(Text("本省", "This province")):
        demonstration.prepare()
    with teller.step(Text("外省：自己的数据库和密钥", "The other: own database, own keys")):
        there.ask("province", "prepare")
    _acquaint(teller, here, there)
    with _running(here), _running(there):
        teller.heading(Text("在这里提交，由外省决定", "Filed here, decided there"))
        case_id = _file(teller)
        _decide(teller, there, case_id)
        teller.heading(Text("两边的日志", "The journals of both sides"))
        _prove(teller, there, case_id)
        _where_to_look(console, here, there, case_id)
        if serving:
            _wait_for_end()


def _where_to_look(console: Console, one: Instance, other: Instance, case_id: UUID) -> None:
    """What there is to be seen on both sides, and as whom.

    A browser keeps one log-in for a host, whatever the port: each side goes by a name of its own.
    """
    here, there = one.address, other.address.replace("127.0.0.1", "localhost")
    told, operator = _told(), _operator()
    console.print(f"\n[bold]{marked(Text('到网页上看', 'See it on the pages'))}[/]")
    for words, login, address in (
        (Text("申请人的办件", "the applicant’s case"), told.applicant, f"{here}/cases/{case_id}"),
        (Text("谁得到过资料", "who got the data"), told.applicant, f"{here}/exchange/mine"),
        (Text("本省的窗口", "the window here"), told.takes[0], f"{here}/office/"),
        (Text("外省作决定的人", "who decided there"), told.decides[0], f"{there}/office/"),
        (Text("往来，本省一边", "the exchange, this side"), operator, f"{here}/exchange/"),
        (Text("往来，外省一边", "the exchange, the other side"), operator, f"{there}/exchange/"),
    ):
        console.print(f"  {login:<8} {address}  {marked(words)}", soft_wrap=True)
    password = Text("密码都是 {word}", "The password is {word}", word=demonstration.PASSWORD)
    console.print(marked(password))


def _operator() -> str:
    """Who looks after the exchange in the demonstration; empty for nobody."""
    for figure in demonstration.FIGURES:
        if any(role == OPERATOR for role, _, _ in figure.mandates):
            return figure.login
    return ""


def _acquaint(teller: Teller, one: Instance, other: Instance) -> None:
    """Each side enters the other with its address and its public key, as two operators would."""
    with teller.step(Text("互换公钥和地址", "Keys and addresses are exchanged")) as line:
        here, there = (f"{each.address}/exchange/in" for each in (one, other))
        now = timezone.now()
        theirs = other.ask("exchange", "own-key") + "\n"
        partners.enter_partner(
            _told().there,
            name="外省（演示）",
            address=there,
            certifies=True,
            bundles=True,
            actor=SYSTEM,
            at=now,
        )
        partners.enter_key(_told().there, theirs, actor=SYSTEM, at=now)
        entered = ("--name", "本省（演示）", "--address", here, "--certifies", "--bundles")
        other.ask("exchange", "partner", _told().here, *entered)
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(signer().public_key_pem)
            file.flush()
            other.ask("exchange", "key", _told().here, file.name)
        line.add(f"{here} ⇄ {there}")


def _file(teller: Teller) -> UUID:
    """The applicant files for what the other province decides; the window here takes it in."""
    applicant, now = story.log_in(_told().applicant), timezone.now()
    with teller.step(Text("申请人在本省提交", "The applicant files here")) as line:
        with acting_as(applicant):
            draft = drafts.start_draft(_told().service, actor=applicant, at=now)
            pack = catalogue.pack(draft.version_id)
            example = next(each for each in pack.examples if _told().example in each.place.file)
            files = [q.key for q in pack.form.questions if q.kind == "filepicker"]
            plain = {key: value for key, value in example.answers.items() if key not in files}
            answers = from_json(pack.form, dict(example.answers)).answers
            answers = {key: value for key, value in answers.items() if key in plain}
            drafts.keep_answers(draft.id, answers, actor=applicant, at=now)
            for key in files:
                drafts.add_material(
                    draft.id,
                    pack.form.question(key),
                    name="证明（虚构）.pdf",
                    media_type="application/pdf",
                    content=b"%PDF-1.4\n% fictitious\n",
                    actor=applicant,
                    at=now,
                )
            case = actions.submit_case(draft.id, actor=applicant, at=timezone.now())
        line.add(case.number)
    with teller.step(Text("本省受理，推送外省", "Taken in here, and handed over")):
        login, action = _told().takes
        _act(login, case.id, action)
    return case.id


def _message(case_id: UUID) -> str:
    """The number of the message by which a case was handed over."""
    return str(queries.sent_by(case_id)[0].pk)


def _decide(teller: Teller, other: Instance, case_id: UUID) -> None:
    with teller.step(Text("外省收到，审查准予", "It arrives there, and is granted")) as line:
        line.add(other.ask("province", "act", _message(case_id), *_told().decides))
    with teller.step(Text("结果和证照回到本省", "Decision and certificate come back")) as line:
        applicant = story.log_in(_told().applicant)

        def ended() -> bool:
            with acting_as(applicant):
                return bool(access.case_for(applicant, case_id).outcome)

        wait_until(ended)
        with acting_as(applicant):
            for letter in cases.letters_of(access.case_for(applicant, case_id)):
                line.add(Text.given(letter.title["zh"], letter.title["en"]))


def _prove(teller: Teller, other: Instance, case_id: UUID) -> None:
    """What each side can prove of the first message, by its own journal alone."""
    number = _message(case_id)
    with teller.step(Text("本省单方证明", "Proven by this side alone")) as line:
        theirs = {key.key_id: key.pem for each in queries.partners() for key in each.keys.all()}
        document = proving.prove(number, timezone.now())
        for each in proving.check(document, trusted_keys(instance_folder()), theirs):
            line.add(f"{each.at} {each.verb} {each.sha256[:16]}… → {each.their_leaf[:16] or '—'}")
    with teller.step(Text("外省单方证明", "Proven by the other side alone")) as line:
        for printed in other.ask("exchange", "prove", number).splitlines():
            line.add(printed)


def _act(login: str, case_id: UUID, action: str) -> None:
    official, now = story.log_in(login), timezone.now()
    with acting_as(official):
        found = access.case_for(official, case_id)
        task = cases.open_tasks(official, found)[0]
        actions.complete_task(case_id, task.id, action=action, note="", actor=official, at=now)


def wait_until(done: Callable[[], bool]) -> None:
    """Wait for what the other instance does. Raises Refused after a minute."""
    end = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > end:
            raise Refused([_NOTHING_CAME])
        time.sleep(0.2)


@contextmanager
def _running(instance: Instance) -> Iterator[None]:
    """An instance that serves, until the end; it is told to stop and waited for."""
    words = ("serve", "--port", str(instance.port), "--processes", "1", "--health-port", "0")
    with (instance.home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*_COMMAND, *words],
            env=instance.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_end() -> None:
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        return


_NOTHING_CAME = Finding(
    "exchange.E066",
    "error",
    Text("等了一分钟，对方没有动静。", "Nothing came from the other side within a minute."),
    hint=Text(
        "请看 xiangyun exchange stuck 和 serve.log。",
        "Look at `xiangyun exchange stuck` and serve.log.",
    ),
)


@click.group()
def province() -> None:
    """What the other instance of the demonstration with two provinces is asked to do."""


@province.command("prepare")
def prepare() -> None:
    """Load everything that the demonstration needs, without a story."""
    demonstration.prepare()


@province.command("act")
@click.argument("message")
@click.argument("login")
@click.argument("action")
def act(message: str, login: str, action: str) -> None:
    """Wait for the case that MESSAGE of the other side opens, and do its task."""
    official = story.log_in(login)
    try:
        wait_until(lambda: bool(queries.taken_to(message)))
        with acting_as(official):
            case = cases.case_by_number(official, queries.taken_to(message))
        _act(login, case.pk, action)
    except Refused as refused:
        end_refused(refused)
    click.echo(case.number)
