"""What an app says of itself, in one value; whatever is put together from apps reads it here.

An app is a package with a module `manifest` whose value `manifest` is a `Manifest`. It stands
below `xiangyun.domain` or `xiangyun.faces`, or anywhere else and is named in `XIANGYUN_APPS`.
Nobody lists it: the installed apps, the addresses, the navigation, the queues of the worker, the
words for roles, the interface for programs, the style, the import contracts and the structure
test all ask `apps()`. A new app therefore changes no file that is there already.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Literal

from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb

FLOORS = ("xiangyun.domain", "xiangyun.faces")
Bar = Literal["office", "account", "foot", "more"]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The module with an app's `urlpatterns`, and what stands before each: `office/`."""

    before: str
    module: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the navigation.

    `to` is the name of an address (`workbench:queue`). `bar` says where it stands: in the head of
    the officials' pages, beside the account's name, in the foot of the public pages, or on the
    page of all that the site has besides services (`more`), to which the foot leads. `when` is
    `module:function` of the actor who looks; without one everybody sees it. `rank` orders the bar.
    `count` is `module:function` of the actor for the number that stands behind the words, and
    `some` for one that must not be 0 for the entry to be seen: a `domain.tallies.Tally`, which is
    asked with all others of the page by one statement, or a number that is known.
    """

    words: Text
    to: str
    bar: Bar
    when: str = ""
    rank: int = 50
    count: str = ""
    some: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of officials in words, and what one who holds it does, as a sentence.

    `across`: a mandate without a department is one for all of them, as desks and overseers have.
    `sees_records`: whether a mandate opens the cases and records of its place at all.
    """

    words: Text
    does: Text
    across: bool = False
    sees_records: bool = True


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one app brings along; every part may be absent.

    - `builds_on`: the apps of the domain that it may import, and so what those build on;
    - `modules`: modules beside the eight names (see the-house.md), each with why it is there;
    - `addresses`, `links`: its pages and the ways to them;
    - `queue`: the queue that its jobs (module `jobs`) stand in;
    - `roles`: the roles that it brings;
    - `verbs`: what it writes into the journal, besides what types of service tasks say they do;
    - `api`: routers of the interface, as `module:router`;
    - `publishes`: by the kind of a declaration (`kernel.pack.kinds`), `module:function` that keeps
      it in this app's tables when it is published; it is called with the declaration, the number of
      its version and `at`, in the transaction of the publication, and may refuse;
    - `in_use`: in the same way who says why a declaration cannot be withdrawn; it is called with
      the declaration and `at`, and answers with findings that name who still uses it;
    - `stylesheet`: its part of the style, a static file that only its own pages load;
    - `keeps_files`: `module:function` of some digests of files that gives those its rows name;
    - `owned`: `module:function` of the actor that gives all that the app keeps about the party
      acted for, as (name of a file, JSON or bytes), for a copy of all own data (`domain.owndata`);
    - `follows`: by what a step of a case writes (`letters`; see `cases.store.Writes`), a job of the
      app that is queued in the transaction of the step, with the case's id as `case_id`;
    - `of_case`: `module:value` of the `domain.together.Rows` of the app that hang on one case: its
      page reads them with all others of the case by one statement (`cases.rows.hanging`);
    - `succeeds`: `module:function` by which its things follow joined parties, merged divisions and
      departments, and deaths (`domain.succession`), in the same transaction;
    - `follows_journal`: `module:function` that is given sealed entries of the journal, in order and
      each once, within the transaction that marks them as taken (see `domain.following`);
    - `appointments`: `module:function` of an actor and a language that gives what the app adds to
      the actor's calendar, as `calendarfile.Appointment`s; row-level security is the actor's;
    - `admits`: `module:function` of the owner of a draft, its pack, its application and the moment
      that gives what stands against sending it, by question, as findings;
    - `rotates`: `module:function` that encrypts anew what it keeps encrypted; see `accounts.keys`.
    """

    builds_on: tuple[str, ...] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Addresses, ...] = ()
    links: tuple[Link, ...] = ()
    queue: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    verbs: tuple[Verb, ...] = ()
    api: tuple[str, ...] = ()
    publishes: Mapping[str, str] = field(default_factory=dict)
    in_use: Mapping[str, str] = field(default_factory=dict)
    stylesheet: str = ""
    keeps_files: str = ""
    owned: str = ""
    follows: Mapping[str, str] = field(default_factory=dict)
    of_case: str = ""
    succeeds: str = ""
    follows_journal: str = ""
    rotates: str = ""
    appointments: str = ""
    admits: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """An app that was found: its package and what it says of itself."""

    package: str
    manifest: Manifest

    @property
    def name(self) -> str:
        """The last part of the package's name."""
        return self.package.rpartition(".")[2]

    @property
    def is_face(self) -> bool:
        """Whether it has pages and no tables: faces may use every app of the domain."""
        return self.package.startswith(f"{FLOORS[1]}.")


@cache
def apps() -> tuple[App, ...]:
    """Every app, each after those that it builds on; faces build on all others.

    Raises ValueError for apps that build on each other in a circle or on one that is not there.
    """
    found = {app.package: app for app in (App(one, _manifest(one)) for one in _packages())}
    by_name = {app.name: app.package for app in found.values() if not app.is_face}
    below = {}
    for app in found.values():
        if unknown := set(app.manifest.builds_on) - by_name.keys():
            raise ValueError(f"{app.package} builds on {', '.join(sorted(unknown))}: no such app")
        names = by_name if app.is_face else app.manifest.builds_on
        below[app.package] = [by_name[name] for name in names]
    order = TopologicalSorter(below)
    try:
        return tuple(found[package] for package in order.static_order())
    except CycleError as circle:
        raise ValueError(f"apps build on each other: {' → '.join(circle.args[1])}") from circle


def may_import(app: App) -> frozenset[str]:
    """The packages that an app may import: those it builds on, and theirs in turn."""
    by_name = {one.name: one for one in apps() if not one.is_face}
    direct = [by_name[name] for name in app.manifest.builds_on]
    return frozenset(one.package for one in direct).union(*(may_import(one) for one in direct))


def queues() -> list[str]:
    """The queues that the worker works."""
    return sorted({app.manifest.queue for app in apps() if app.manifest.queue})


def addresses() -> list[Addresses]:
    """The addresses of every app, the longest beginning first: `""` takes what is left."""
    found = [pages for app in apps() for pages in app.manifest.addresses]
    return sorted(found, key=lambda pages: (-len(pages.before), pages.before))


def links(bar: Bar) -> list[Link]:
    """The entries of one bar of the navigation, in order."""
    found = [link for app in apps() for link in app.manifest.links if link.bar == bar]
    return sorted(found, key=lambda link: link.rank)


def following() -> list[tuple[str, str]]:
    """What a step of a case may write, each with a job that follows it."""
    return [(written, job) for app in apps() for written, job in app.manifest.follows.items()]


def admitting() -> list[str]:
    """Whoever is asked whether an application may be sent, as `module:function`."""
    return [app.manifest.admits for app in apps() if app.manifest.admits]


def roles() -> dict[str, Role]:
    """Every role that some app brings, by what process files write in `candidateGroups`."""
    return {name: role for app in apps() for name, role in app.manifest.roles.items()}


@cache
def verbs() -> Mapping[str, Verb]:
    """Every verb of the journal, by its id: those of the apps and those of service tasks.

    Raises ValueError for an id that is declared in two ways.
    """
    # Types of service tasks know forms and rules; who only asks for an address need not load them.
    from xiangyun.kernel.service.tasks import service_types  # noqa: PLC0415

    declared = [verb for app in apps() for verb in app.manifest.verbs]
    declared += [verb for type_ in service_types().values() for verb in type_.verbs]
    found: dict[str, Verb] = {}
    for verb in declared:
        if found.setdefault(verb.id, verb) != verb:
            raise ValueError(f"the verb {verb.id} is declared in two ways")
    return found


def _packages() -> list[str]:
    """The packages with a manifest, sorted: floor by floor, then what the instance names itself."""
    walked = [
        f"{floor}.{module.name}"
        for floor in FLOORS
        for module in iter_modules(import_module(floor).__path__)
        if module.ispkg
    ]
    named = [name for name in os.environ.get("XIANGYUN_APPS", "").split(",") if name]
    return [name for name in (*walked, *named) if name in named or find_spec(f"{name}.manifest")]


def _manifest(package: str) -> Manifest:
    found = import_module(f"{package}.manifest").manifest
    if not isinstance(found, Manifest):
        raise TypeError(f"{package}.manifest.manifest is no Manifest")
    return found
