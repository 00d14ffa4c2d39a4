"""Who to go to, on one page for the noticeboard: the first steps of the adopted protocol, shortened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from councils import wording
from councils.protocol import Protocol, Route
from studio.reports.publication import Published

SIZES = ("a4", "a5")
WRITTEN = frozenset({"stated", "inferred"})  # in the council's own document


@dataclass(frozen=True, slots=True)
class Situation:
    """One kind of concern: who has it about whom, who hears it, and who instead."""

    who: str
    about: str
    topics: tuple[str, ...]
    lead: str
    recipients: tuple[str, ...]
    is_ordered: bool
    instead: str
    never: str
    source: str  # where it comes from, unless the protocol itself says so

    @property
    def height(self) -> float:
        """About how many lines it takes in half a page."""
        lines = [f"{self.who}, {self.about} {' '.join(self.topics)}", self.lead, *self.recipients, self.instead, self.never, self.source]
        return 1 + sum(1 + len(line) // 38 for line in lines if line)


@dataclass(frozen=True, slots=True)
class Notice:
    """The page."""

    situations: tuple[Situation, ...]
    elsewhere: tuple[Situation, ...]
    is_private: bool

    @property
    def columns(self) -> tuple[tuple[Situation, ...], ...]:
        """The situations in two columns of about the same height, in their order."""
        heights = [row.height for row in self.situations]
        half = (sum(heights) + sum(row.height for row in self.elsewhere)) / 2
        at = next((at for at in range(len(heights)) if sum(heights[: at + 1]) > half), len(heights))
        return self.situations[:at], self.situations[at:]


def notice_of(published: Published) -> Notice:
    """Takes a publication; returns its one page: every rule of the first stages, and what is not taken here."""
    protocol = published.protocol
    first = [route for route in protocol.routes if {"informal", "complaint"} & set(route.stages)]
    taken = [route for route in first if not route.redirect]
    return Notice(
        situations=tuple(_situation(route, protocol) for route in taken),
        elsewhere=tuple(_situation(route, protocol) for route in first if route.redirect),
        is_private=any("private" in route.requires for route in taken),
    )


def _situation(route: Route, protocol: Protocol) -> Situation:
    def names(tokens: Any) -> list[str]:
        return list(dict.fromkeys(wording.token_label(token, protocol) for token in tokens))

    steps = [step for step in route.steps if not step.optional]
    lead = {
        "all_of": _("Both of these, together:") if len(steps) == 2 else _("All of these, together:"),
        "sequence": _("In this order:"),
        "first_available": _("The first of these who is free:"),
    }.get(route.mode, _("Any one of these, you choose:"))
    instead = names([*(route.if_unavailable or ()), *route.if_conflicted])
    return Situation(
        who=capfirst(wording.party_label(route.raisers, protocol)),
        about=wording.party_label(route.subjects, protocol),
        topics=tuple(wording.topic_label(code) for code in sorted(route.topics)),
        lead=lead if len(steps) > 1 and not route.redirect else "",
        recipients=tuple(capfirst(step.label or wording.token_label(step.token, protocol)) for step in steps),
        is_ordered=route.mode in ("sequence", "first_available") and len(steps) > 1 and not route.redirect,
        instead=", ".join(instead) if not route.redirect else "",
        never=", ".join(names(route.never)),
        source="" if route.basis in WRITTEN else wording.source_label(route.basis),
    )
