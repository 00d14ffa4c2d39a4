"""What waits for a person here: fixed words and an address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns.rooms import Waiting
from councils.models import Person
from information import queries


def label(why: str) -> str:
    """The line's fixed words."""
    words: dict[str, Any] = {
        "decide": _("A request to see papers waits for your decision"),
        "review": _("A decision on papers waits for your review"),
        "advise": _("Your advice is asked on a request to see papers"),
        "justify": _("Your request to see papers needs to be justified"),
        "receive": _("Papers were granted to you: accept what they are for"),
        "agree": _("An agreement or a group’s request waits for your answer"),
        "answer": _("A question about the protocol waits for your answer"),
    }
    return str(words[why])


def waiting(person: Person, today: date) -> list[Waiting]:
    """Takes a person and a day; returns what waits for them, for the start page."""
    found = []
    for why, pk, council in queries.waiting(person, on=today):
        url = reverse({"answer": "information:question", "agree": "information:arrangement"}.get(why, "information:page"), args=[pk])
        found.append(Waiting(label(why), url, place=council))
    return found
