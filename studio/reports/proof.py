"""What a rehearsal met, in words for the administrator. Names come in from outside; nothing here reads the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from concerns.domain import rehearsing
from councils import rehearsal, wording
from councils.protocol import Protocol

TITLES = {
    rehearsal.DEAD_END: gettext_lazy("Nobody could hear it, and nobody is there to find somebody"),
    rehearsing.NO_START: gettext_lazy("No rule says where it begins"),
    rehearsal.SELF_REFERRAL: gettext_lazy("Those who would hear it are parties to it themselves"),
    rehearsing.NO_HANDLER: gettext_lazy("Nobody the rule names could hear it; somebody would have to be found"),
    rehearsal.LOOP: gettext_lazy("The rule leads back to where it came from"),
    rehearsing.QUORUM: gettext_lazy("Too few members are there for a quorum"),
    rehearsing.TIGHT: gettext_lazy("No member can be spared: with one away or connected there is no quorum"),
    rehearsing.MISSING: gettext_lazy("The rules name it, and nobody is entered"),
    rehearsal.GAP: gettext_lazy("Nobody is left under this rule; the general rule stays open"),
}
MENDS = {
    rehearsal.DEAD_END: gettext_lazy("Name a fallback outside the people the rule names, and an exception route that ends outside the council."),
    rehearsing.NO_START: gettext_lazy("Add a rule that says who hears it first."),
    rehearsal.SELF_REFERRAL: gettext_lazy("Add a fallback that can’t be one of them, or appoint more members."),
    rehearsing.NO_HANDLER: gettext_lazy("Add a fallback to the rule, fill the post, or appoint members."),
    rehearsal.LOOP: gettext_lazy("Name somebody else as the fallback."),
    rehearsing.QUORUM: gettext_lazy("Appoint members, or let the council set a smaller quorum."),
    rehearsing.TIGHT: gettext_lazy("Appoint one or two more members, or substitutes."),
    rehearsing.MISSING: gettext_lazy("Enter who it is, or take it out of the rules."),
}
HOW = {
    rehearsing.CONFLICTED: gettext_lazy("has a connection"),
    rehearsing.AWAY: gettext_lazy("is away"),
    rehearsing.VACANT: gettext_lazy("the post is empty"),
}


@dataclass(slots=True)
class Line:
    """One thing that was met."""

    kind: str
    title: str
    rule: str = ""
    stage: str = ""
    who: str = ""
    when: str = ""
    example: str = ""
    topics: str = ""
    count: int = 0
    mend: str = ""
    is_fresh: bool = False
    cites: tuple[str, ...] = ()
    clauses: tuple[Any, ...] = ()


@dataclass(slots=True)
class Told:
    """Everything a page says of a rehearsal."""

    unsafe: list[Line] = field(default_factory=list)
    alone: list[tuple[str, int]] = field(default_factory=list)  # people nobody could replace, and in how many pairings
    bodies: list[Line] = field(default_factory=list)
    gaps: list[Line] = field(default_factory=list)  # a rule leaves nobody, another stays open
    one_out: list[Line] = field(default_factory=list)
    two_out: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [*self.unsafe, *self.bodies, *self.gaps, *self.one_out, *self.two_out]


def people_in(findings: Iterable[Mapping[str, Any]]) -> set[UUID]:
    """Whose names are needed."""
    found: set[UUID] = set()
    for item in findings:
        texts = [person for pair in item["pairs"] for person in pair]
        texts += [who for how, who in item["out"] if how != rehearsing.VACANT]
        texts += [item["what"]] if item["kind"] == rehearsing.SINGLE_POINT else []
        found.update(UUID(text) for text in texts)
    return found


def told(findings: Iterable[Mapping[str, Any]], protocol: Protocol, names: Mapping[str, str], fresh: Iterable[str] = ()) -> Told:
    """Takes what a rehearsal kept, the protocol and names by id; returns it in words, the same people out at once on one line."""
    shown, new = Told(), set(fresh)
    merged: dict[tuple[Any, ...], Line] = {}
    for item in findings:
        if item["kind"] == rehearsing.SINGLE_POINT:
            shown.alone.append((names.get(item["what"], _("somebody who left")), item["count"]))
            continue
        line = _line(item, protocol, names, item["key"] in new)
        if item["unsafe"]:
            shown.unsafe.append(line)
        elif item["kind"] == rehearsal.GAP:
            known = merged.setdefault((item["kind"], item["rule"], item["stage"], item["raiser"]), line)
            if known is line:
                shown.gaps.append(line)
            else:
                known.count += line.count
                known.who = _("%(one)s, or about %(other)s") % {
                    "one": known.who, "other": wording.party_label([item["subject"]], protocol),
                }  # fmt: skip
        elif not item["out"]:
            shown.bodies.append(line)
        else:
            who = tuple(sorted(person for _how, person in item["out"]))
            known = merged.setdefault((item["kind"], item["rule"], item["stage"], who), line)
            if known is line:
                (shown.one_out if len(who) == 1 else shown.two_out).append(line)
            else:
                known.when = _("%(one)s; or %(other)s") % {"one": known.when, "other": line.when}
                known.count = max(known.count, line.count)
    shown.alone.sort(key=lambda pair: (-pair[1], pair[0]))
    return shown


def _line(item: Mapping[str, Any], protocol: Protocol, names: Mapping[str, str], is_fresh: bool) -> Line:
    rule = next((route for route in protocol.routes if route.id == item["rule"]), None)
    kind = str(item["kind"])
    return Line(
        kind=kind,
        title=str(TITLES.get(kind, kind)),
        stage=wording.stage_label(item["stage"]) if item["stage"] else "",
        rule=item["rule"],
        who=_who(item, protocol),
        when=_joined([_out(how, who, protocol, names) for how, who in item["out"]]),
        example=_example(item, names),
        topics=", ".join(wording.topic_label(topic) for topic in item["topics"]),
        count=item["count"],
        mend=str(MENDS.get(kind, "")),
        is_fresh=is_fresh,
        cites=rule.cites if rule is not None else (),
    )


def _who(item: Mapping[str, Any], protocol: Protocol) -> str:
    """Whose concern about whom, at which stage; or the body, post or person it is about."""
    if item["raiser"] and item["subject"]:
        words = _("A concern of %(raiser)s about %(subject)s") % {
            "raiser": wording.party_label([item["raiser"]], protocol),
            "subject": wording.party_label([item["subject"]], protocol),
        }
        return words
    if item["kind"] in (rehearsing.QUORUM, rehearsing.TIGHT):
        body = capfirst(wording.token_label(f"body:{item['what']}", protocol))
        there = ngettext("%(count)d member is there", "%(count)d members are there", item["count"]) % {"count": item["count"]}
        return f"{body}: {there}"
    if item["kind"] == rehearsing.MISSING:
        return capfirst(wording.token_label(item["what"], protocol))
    return item["what"] or (wording.stage_label(item["stage"]) if item["stage"] else "")


def _out(how: str, who: str, protocol: Protocol, names: Mapping[str, str]) -> str:
    if how == rehearsing.VACANT:
        return _("the post of %s is empty") % wording.role_label(who, protocol)
    return f"{names.get(who, _('somebody who left'))} {HOW[how]}"


def _example(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One pair of people by name, and how many such pairs there are."""
    if not item["pairs"]:
        return ""
    raiser, subject = (names.get(person, _("somebody who left")) for person in item["pairs"][0])
    more = max(item["count"] - 1, 0)
    words = _("%(raiser)s about %(subject)s") % {"raiser": raiser, "subject": subject}
    if not more:
        return words
    return ngettext("%(words)s, and %(count)d more pair of people", "%(words)s, and %(count)d more pairs of people", more) % {
        "words": words, "count": more,
    }  # fmt: skip


def _joined(words: list[str]) -> str:
    return (" " + _("and") + " ").join(words)
