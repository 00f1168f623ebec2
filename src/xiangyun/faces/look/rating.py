"""The form of a rating, wherever it is asked: stars, tags, words, a number for the call-back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from xiangyun.domain.ratings import tags
from xiangyun.domain.ratings.actions import MOST_CONTACT, MOST_WORDS
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.kernel.findings import Finding, Text

NO_GRADE = Finding(
    "portal.E003", "error", Text("请选一个评价等级。", "Please choose one of the five grades.")
)


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent of a rating; `stars` is 0 where no grade was chosen."""

    stars: int
    tags: tuple[str, ...]
    words: str
    contact: str


def given(sent: QueryDict) -> Given:
    """Read a rating from what a form sent."""
    stars = sent.get("stars", "")
    return Given(
        stars=int(stars) if stars in {str(grade) for grade in tags.GRADES} else 0,
        tags=tuple(tags.known(sent.getlist("tags"))),
        words=sent.get("words", "")[:MOST_WORDS],
        contact=sent.get("contact", "")[:MOST_CONTACT],
    )


def rate_fields(
    typed: Given | None, *, with_tags: bool = True, with_contact: bool = False
) -> Sequence[Field]:
    """The questions of a rating with what was typed; one sent without a grade says so."""
    now = typed or Given(0, (), "", "")
    fields = [
        Field(
            "stars",
            "radio",
            Text("总体上满意吗？", "Are you satisfied overall?"),
            choices=[
                Choice(str(stars), text, stars == now.stars) for stars, text in tags.GRADES.items()
            ],
            error=NO_GRADE if typed and not typed.stars else None,
        )
    ]
    if with_tags:
        fields.append(
            Field(
                "tags",
                "checklist",
                Text("怎么样？可以选几项", "How was it? Choose any"),
                required=False,
                choices=[Choice(key, text, key in now.tags) for key, text in tags.ALL.items()],
            )
        )
    fields.append(
        Field(
            "words", "textarea", Text("想说的话", "In your words"), required=False, typed=now.words
        )
    )
    if with_contact:
        fields.append(
            Field(
                "contact",
                "text",
                Text("回访电话", "A number for a call back"),
                hint=Text(
                    "一星、二星的，整改以后可以打给您。被评的部门看不到。",
                    "After one or two stars we may call you when it is mended. The rated office "
                    "does not see it.",
                ),
                required=False,
                typed=now.contact,
                width="medium",
                inputmode="tel",
                autocomplete="tel",
            )
        )
    return fields
