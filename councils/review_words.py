"""The review of the protocol in words: what a date rests on, and how it stands today. Presentation only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils.models import ProtocolVersion
from councils.protocol.reviewing import ALERTS, COUNCIL_DATE, ReviewDate

EVENTS: Mapping[str, Any] = {
    "new_administration": gettext_lazy("after a change of administration"),
    "code_of_conduct_adopted": gettext_lazy("when a new Code of Conduct is adopted"),
    "sooner_if_required": gettext_lazy("sooner, if the council wants it"),
}
HAPPENED: Mapping[str, Any] = {
    "new_administration": gettext_lazy("There was a change of administration"),
    "code_of_conduct_adopted": gettext_lazy("A new Code of Conduct was adopted"),
    "sooner_if_required": gettext_lazy("The council wants a review sooner"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A date of a review as a page shows it. ``tag``: how urgent it is, with its colour."""

    on: date | None
    when: str
    why: str
    basis: str
    cites: tuple[str, ...]
    tag: str = ""
    colour: str = ""
    is_done: bool = False


def shown(row: ReviewDate, today: date) -> Shown:
    """Takes one of the competing dates and today; returns it in words."""
    tag, colour = _tag(row, today)
    return Shown(row.on, _when(row), why(row), _basis(row), row.cites, tag, colour, row.is_done)


def _when(row: ReviewDate) -> str:
    if row.on is not None:
        return date_format(row.on, "j F Y")
    if row.source == "event":
        return _("Not recorded")
    return _("No date set: the council should set one.")


def why(row: ReviewDate) -> str:
    """What a date rests on, in a sentence."""
    if row.source == COUNCIL_DATE:
        return _("The day the council set.")
    if row.source == "event":
        words = (EVENTS if row.on is None else HAPPENED).get(row.event, _("when the event the protocol names happens"))
        return _("Due %s.") % words if row.on is None else _("%s. A review is due on the day it happened.") % words
    if row.source == "fixed_date":
        return _("A fixed date, printed as “%s”.") % row.printed if row.printed else _("A fixed date.")
    return _interval(row)


def _interval(row: ReviewDate) -> str:
    if not row.years and not row.months:
        return _("An interval whose length isn’t set.")
    parts = []
    if row.years:
        parts.append(ngettext("%(n)d year", "%(n)d years", row.years) % {"n": row.years})
    if row.months:
        parts.append(ngettext("%(n)d month", "%(n)d months", row.months) % {"n": row.months})
    words = {"period": " ".join(parts)}
    if row.counted_from is None:
        return _("Every %(period)s, counted from its adoption.") % words
    return _("Every %(period)s, counted from the last review on %(day)s.") % {**words, "day": date_format(row.counted_from, "j F Y")}


def _basis(row: ReviewDate) -> str:
    if row.source == COUNCIL_DATE or not row.is_named:
        return _("set by your council")
    return {"default": _("default – not in your protocol"), "inferred": _("read from your protocol, which doesn’t say it outright")}.get(
        row.basis, _("your protocol")
    )


def _tag(row: ReviewDate, today: date) -> tuple[str, str]:
    if row.is_done:
        return _("Reviewed"), "grey"
    if row.on is None:
        return "", ""
    left = (row.on - today).days
    if left < 0:
        return _("Overdue"), "red"
    if left == 0:
        return _("Due today"), "red"
    if left <= ALERTS[0]:
        return ngettext("In %(n)d day", "In %(n)d days", left) % {"n": left}, "orange"
    return "", ""


def other_body(version: ProtocolVersion | None) -> tuple[str, str] | None:
    """Who adopted the protocol and who reviews it, when the text names two different bodies."""
    if version is None:
        return None
    protocol = version.protocol
    adopted, reviews = str(protocol.adoption.get("body") or ""), protocol.review_body
    return (adopted, reviews) if adopted and reviews and adopted.casefold() != reviews.casefold() != protocol.name.casefold() else None
