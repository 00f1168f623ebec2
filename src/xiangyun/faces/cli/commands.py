"""Every command of `xiangyun`: where it stands, and what must be running before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Needs = Literal["nothing", "database", "database when it asks"]
"""What runs before a command; one that asks which database first gets what starts it (`obj`)."""


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """`place` is module:attribute, loaded only when the command is called."""

    place: str
    needs: Needs
    help: str
    database_for: tuple[str, ...] = ()
    """Options for which a command that needs nothing else needs the database."""


COMMANDS: dict[str, CommandEntry] = {
    "demo": CommandEntry(
        "xiangyun.faces.cli.demo:demo",
        "database",
        "Tell one application as a story, then serve the site.",
    ),
    "practice": CommandEntry(
        "xiangyun.faces.cli.practice:practice",
        "nothing",
        "Set up and serve an instance in which staff practise; --reset forgets it all.",
    ),
    "year": CommandEntry(
        "xiangyun.faces.cli.year:year",
        "database",
        "Play a simulated year over all packs, and compare what was written in the end.",
    ),
    "province": CommandEntry(
        "xiangyun.faces.cli.provinces:province",
        "database",
        "The other instance of `demo --two-provinces`: set it up, act in it.",
    ),
    "init": CommandEntry(
        "xiangyun.faces.cli.init:init",
        "database when it asks",
        "Make a real instance: keys, settings, the first administrator.",
    ),
    "serve": CommandEntry(
        "xiangyun.faces.cli.serve:serve", "database", "Serve the site and work the queue of jobs."
    ),
    "check": CommandEntry(
        "xiangyun.faces.cli.check:check",
        "database when it asks",
        "Check a pack, a file, or a folder of packs or files; every fault in one run.",
    ),
    "new": CommandEntry(
        "xiangyun.faces.cli.new:new",
        "nothing",
        "Make a service, a register or another kind of pack that passes the check at once.",
    ),
    "convert": CommandEntry(
        "xiangyun.faces.cli.convert:convert",
        "nothing",
        "Write a BPMN or DMN file of another tool in the dialect that runs here.",
    ),
    "publish": CommandEntry(
        "xiangyun.faces.cli.publish:publish", "database", "Publish a pack as the current version."
    ),
    "unpublish": CommandEntry(
        "xiangyun.faces.cli.publish:unpublish",
        "database",
        "Offer a service no more, or withdraw a declaration; running cases go on.",
    ),
    "sheet": CommandEntry(
        "xiangyun.faces.cli.sheet:sheet",
        "database",
        "Keep the sheet of a place: what it does better than the item asks.",
    ),
    "draft": CommandEntry(
        "xiangyun.faces.cli.draft:draft",
        "database",
        "Bring a version from its draft into force: check, replay, agree, from a day.",
    ),
    "items": CommandEntry(
        "xiangyun.faces.cli.items:items",
        "database",
        "Export and import an item, write and read the national exchange tables.",
    ),
    "declarations": CommandEntry(
        "xiangyun.faces.cli.declarations:declarations",
        "database",
        "List what is published and in force, with version, pack and reference.",
    ),
    "resume": CommandEntry(
        "xiangyun.faces.cli.resume:resume",
        "nothing",
        "Diagnose a resume and propose changes with their reasons; nothing is kept.",
    ),
    "letters": CommandEntry(
        "xiangyun.faces.cli.letters:letters",
        "nothing",
        "Print the letters, messages and calendar entries that a pack's examples write.",
    ),
    "simulate": CommandEntry(
        "xiangyun.faces.cli.simulate:simulate",
        "nothing",
        "Run a pack with a staff: queues, share in time, the smallest staff.",
    ),
    "eligible": CommandEntry(
        "xiangyun.faces.cli.eligible:eligible",
        "nothing",
        "Make decisions for every row of a table; compare a reform.",
        database_for=("--register",),
    ),
    "population": CommandEntry(
        "xiangyun.faces.cli.population:population",
        "nothing",
        "Make a snapshot of invented persons, to try rules on.",
    ),
    "replay": CommandEntry(
        "xiangyun.faces.cli.replay:replay",
        "database",
        "Run past cases through a new version; list those that come out otherwise.",
    ),
    "migrate": CommandEntry(
        "xiangyun.faces.cli.migrate:migrate",
        "database",
        "Move a running case to another version of its service, if it can.",
    ),
    "calendar": CommandEntry(
        "xiangyun.faces.cli.calendar:calendar",
        "database",
        "Enter holidays and working days; running deadlines follow.",
    ),
    "party": CommandEntry(
        "xiangyun.faces.cli.party:party",
        "database",
        "Join duplicates, merge divisions and departments; enter who acts for whom.",
    ),
    "register": CommandEntry(
        "xiangyun.faces.cli.register:register",
        "database",
        "Load, export and search registers; prove a fact; rotate keys.",
    ),
    "duties": CommandEntry(
        "xiangyun.faces.cli.duties:duties",
        "database",
        "Open the cases that duties ask for on a day, or list them.",
    ),
    "dataset": CommandEntry(
        "xiangyun.faces.cli.dataset:dataset",
        "database",
        "Check, build, publish, compare and withdraw releases of data sets.",
    ),
    "harvest": CommandEntry(
        "xiangyun.faces.cli.harvest:harvest",
        "database",
        "Take over catalogues of others: another CKAN, or DCAT.",
    ),
    "indicators": CommandEntry(
        "xiangyun.faces.cli.indicators:indicators",
        "database",
        "Compute the figures that packs declare, or show them.",
    ),
    "draw": CommandEntry(
        "xiangyun.faces.cli.draw:draw",
        "database when it asks",
        "Repeat a published draw on any machine; plan, order and reveal one.",
    ),
    "match": CommandEntry(
        "xiangyun.faces.cli.match:match",
        "nothing",
        "Match offers with demands, with the reasons of each pair and who never fits.",
    ),
    "fair": CommandEntry(
        "xiangyun.faces.cli.fair:fair",
        "nothing",
        "Plan a fair: interviews that are stable, booths and talks without clashes.",
    ),
    "siting": CommandEntry(
        "xiangyun.faces.cli.siting:siting",
        "nothing",
        "Choose where to build, with a proof that no choice is better.",
    ),
    "payments": CommandEntry(
        "xiangyun.faces.cli.payments:payments",
        "database",
        "Compare the payments of a day with the provider’s statement.",
    ),
    "exchange": CommandEntry(
        "xiangyun.faces.cli.exchange:exchange",
        "database",
        "Other organisations, their keys, and messages to and from them.",
    ),
    "backup": CommandEntry(
        "xiangyun.faces.cli.backup:backup",
        "nothing",
        "Copy the instance into a folder while it works.",
    ),
    "restore": CommandEntry(
        "xiangyun.faces.cli.backup:restore",
        "nothing",
        "Make an instance from a backup, as it stood at a moment.",
    ),
    "sbom": CommandEntry(
        "xiangyun.faces.cli.sbom:sbom",
        "nothing",
        "Print what the platform consists of, as CycloneDX, from its lock files.",
    ),
    "doctor": CommandEntry(
        "xiangyun.faces.cli.doctor:doctor",
        "database",
        "Look at everything an operator should: what is wrong, and what to do.",
    ),
    "audit": CommandEntry(
        "xiangyun.faces.cli.audit:audit",
        "database",
        "Audit the whole journal; compare cases and certificates with it.",
    ),
    "verify": CommandEntry(
        "xiangyun.faces.cli.verify:verify",
        "nothing",
        "Verify a certificate or a receipt, without asking anybody.",
    ),
    "keys": CommandEntry(
        "xiangyun.faces.cli.keys:keys",
        "nothing",
        "List the keys that the instance signs with, and rotate them.",
    ),
    "evidence": CommandEntry(
        "xiangyun.faces.cli.evidence:evidence",
        "database",
        "Write all of a case into one file that anybody checks offline; check such a file.",
    ),
    "takeover": CommandEntry(
        "xiangyun.faces.cli.takeover:takeover",
        "database",
        "Take a table of another system over into a register, counted before and after.",
    ),
    "archive": CommandEntry(
        "xiangyun.faces.cli.archive:archive",
        "database",
        "Move closed cases into files by their retention; destroy files whose term is over.",
    ),
    "witness": CommandEntry(
        "xiangyun.faces.cli.witness:witness",
        "nothing",
        "Sign checkpoints of logs as an independent witness; find logs that fork.",
    ),
    "decide": CommandEntry(
        "xiangyun.faces.cli.rules:decide",
        "nothing",
        "Decide by a .dmn file, with the rows that fired.",
    ),
    "feel": CommandEntry(
        "xiangyun.faces.cli.feel:feel", "nothing", "Evaluate a FEEL expression, or converse."
    ),
    "conformance": CommandEntry(
        "xiangyun.faces.cli.conformance:conformance",
        "nothing",
        "Run public test kits: DMN, BPMN, certificates, logs, draws.",
    ),
    "texts": CommandEntry(
        "xiangyun.faces.cli.texts:texts",
        "nothing",
        "List every sentence with its id, and what a language lacks.",
    ),
    "account": CommandEntry(
        "xiangyun.faces.cli.account:account",
        "database",
        "Open, list, lock and unlock accounts; lost passwords and second factors.",
    ),
    "mandate": CommandEntry(
        "xiangyun.faces.cli.mandate:mandate",
        "database",
        "Give, end and list mandates of officials; name deputies.",
    ),
    "returned": CommandEntry(
        "xiangyun.faces.cli.returned:returned",
        "database",
        "Note that a mail came back; for the mail server to pipe into.",
    ),
    "token": CommandEntry(
        "xiangyun.faces.cli.token:token", "database", "Issue a token for the interface."
    ),
}
