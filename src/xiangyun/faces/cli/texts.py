"""`xiangyun texts`: every sentence of the platform with its id, and what a language lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
import yaml

from xiangyun.adapters import languages
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import COMPLETE
from xiangyun.kernel.translation import Coverage, Sentence, coverage

from .telling import WrongUsage, help_of, tell, tell_finding

_MISSING = Text("只列还没有译的。", "List only what is not translated.")
_OUT = Text("写到这个文件。", "Write to this file.")
_JSON = Text("以 JSON 输出。", "Print as JSON.")


@click.command()
@click.option("--language", "tag", metavar="TAG", help="Such as ko; without it, sentences only.")
@click.option("--missing", is_flag=True, help=help_of(_MISSING))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=help_of(_OUT))
@click.option("--json", "as_json", is_flag=True, help=help_of(_JSON))
def texts(tag: str | None, missing: bool, out: Path | None, as_json: bool) -> None:
    """List the sentences of code and templates, as a file of a language to be filled in.

    Each stands under its id with its Chinese and English above it; what a language has already is
    filled in. Ends with 1 when a translation does not fit its sentence.
    """
    if tag in COMPLETE:
        raise WrongUsage(Text("这种语言本来就是完整的。", "This language is complete by itself."))
    language, faults = languages.read(tag or "und")
    found = coverage(language, languages.sentences())
    wanted = found.missing if missing else {**found.translated, **found.missing}
    if as_json:
        written = json.dumps([_as_json(s, language.sentences) for s in wanted.values()])
    else:
        written = "\n".join(_entries(wanted.values(), language.sentences))
    if out:
        out.write_text(written + "\n", "utf-8")
    else:
        click.echo(written)
    if tag:
        _summary(found)
        for fault in (*faults, *found.faults):
            tell_finding(fault)
        raise SystemExit(1 if faults or found.faults else 0)


def _entries(sentences: Iterable[Sentence], known: Mapping[str, str]) -> Iterable[str]:
    file = ""
    for sentence in sentences:
        if sentence.place.file != file:
            file = sentence.place.file
            yield f"\n# {file}"
        for words in (sentence.zh, sentence.en):
            yield f"# {json.dumps(words, ensure_ascii=False)[1:-1]}"
        words = known.get(sentence.id, "")
        shown = yaml.dump(words, allow_unicode=True, width=1000).removesuffix("...\n").strip()
        yield f"{sentence.id}: {shown if words else ''}".rstrip()


def _as_json(sentence: Sentence, known: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "id": sentence.id,
        "zh": sentence.zh,
        "en": sentence.en,
        "place": str(sentence.place),
        "translation": known.get(sentence.id),
    }


def _summary(found: Coverage) -> None:
    done, all_ = len(found.translated), len(found.translated) + len(found.missing)
    said = Text(
        "共 {all} 句，已译 {done} 句，还差 {rest} 句。",
        "{all} {all|sentence|sentences}: {done} translated, {rest} missing.",
        all=all_,
        done=done,
        rest=all_ - done,
    )
    tell(said, err=True)
    if found.stale:
        tell(
            Text(
                "有 {count} 条译文的原句已经改了或删了：{ids}。",
                "{count} {count|translation belongs|translations belong} to no sentence: {ids}.",
                count=len(found.stale),
                ids=found.stale,
            ),
            err=True,
        )
