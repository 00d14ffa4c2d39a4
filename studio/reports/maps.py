"""The route map of a protocol: its rules, and the law over them, in the words of the pictures. Reads configuration only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils import wording
from councils.law import LawItem
from councils.protocol import Protocol, Route, Step
from councils.wording import RouteInWords
from studio.pictures import route_map
from studio.pictures.route_map import Box, Group, Row

BOTH_SIDES = ("councillor", "officer")
MOST_CITES = 48  # letters: more are left to the list
TALLEST = 1000  # of a picture on paper: what fits a page of A4 at full width


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in words, with what the law adds to it: the text that says the same as the picture."""

    words: RouteInWords
    law: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageMap:
    """One stage: its picture, what a screen reader is told of it, and the same in words."""

    title: str
    alt: str
    svg: SafeString
    rules: tuple[Rule, ...]
    stage: route_map.Stage

    @property
    def sheets(self) -> tuple[str, ...]:
        """The picture in pieces that fit a page."""
        return route_map.draw(self.stage, tallest=TALLEST)


@dataclass(frozen=True, slots=True)
class RouteMap:
    """All stages of a protocol, and the key to the pictures."""

    stages: tuple[StageMap, ...]
    legend: SafeString
    legend_alt: str
    last_resort: str


def route_map_of(protocol: Protocol, law: Iterable[LawItem], *, name: str = "map") -> RouteMap:
    """Takes a protocol and the items of law in force; returns its route map. ``name`` begins the pictures' ids."""
    items = tuple(law)
    groups: dict[str, list[Route]] = {}
    for route in protocol.routes:
        groups.setdefault(wording.route_in_words(route, protocol).stage, []).append(route)
    stages = tuple(_stage(title, routes, protocol, items, f"{name}-{at}") for at, (title, routes) in enumerate(groups.items(), 1))
    entries = [
        ("who", _("Hears it")),
        ("instead", _("Instead, if that can’t be")),
        ("law", _("From the law")),
        ("never", _("Never")),
        ("away", _("Not taken here")),
    ]
    key = route_map.legend(f"{name}-key", _("What the boxes mean"), entries)
    names = [wording.token_label(token, protocol) for token in protocol.exception_route.to]
    last = _("When nobody on a list is free, a handler is named by the first of these who is: %s.") % ", ".join(names) if names else ""
    said = _("What the boxes mean: %s.") % "; ".join(words for _kind, words in entries)
    return RouteMap(stages, mark_safe(key), said, last)  # noqa: S308 - drawn by us, every word escaped


def _stage(title: str, routes: Sequence[Route], protocol: Protocol, law: tuple[LawItem, ...], name: str) -> StageMap:
    found = [(route, wording.route_in_words(route, protocol)) for route in routes]
    desc = ngettext(
        "One rule. From left to right: who raises it about whom, who hears it, who instead. The list after the picture says the same.",
        "%(n)d rules. From left to right: who raises it about whom, who hears it, who instead. The list after the picture says the same.",
        len(found),
    ) % {"n": len(found)}
    rows, rules = [], []
    for route, words in found:
        added = _law_of(route, protocol, law)
        rows.append(_row(route, words, protocol, added))
        rules.append(Rule(words, tuple(f"{box.tag}: {box.words}{f' ({box.note})' if box.note else ''}" for box in added)))
    heading = _("Route map: %s") % title
    stage = route_map.Stage(name, heading, desc, tuple(rows))
    (svg,) = route_map.draw(stage)
    return StageMap(title, f"{heading}. {desc}", mark_safe(svg), tuple(rules), stage)  # noqa: S308 - drawn by us, every word escaped


def _row(route: Route, words: RouteInWords, protocol: Protocol, law: tuple[Box, ...]) -> Row:
    link, ordered = (_("or"), False) if route.redirect else _between(route)
    details = [_("Only about: %s") % ", ".join(words.topics)] if words.topics else []
    details += words.conditions
    cites = ", ".join(wording.clause_label(ref, protocol) for ref in route.cites)
    source = f"{words.source}: {cites}" if cites and not words.is_default and len(cites) <= MOST_CITES else words.source
    boxes = [_step(step, route, protocol) for step in route.steps]
    if route.redirect:
        boxes = [Box(box.words, "away", _("Not taken here")) if not at else Box(box.words, "away") for at, box in enumerate(boxes)]
        boxes = boxes or [Box(_("Not taken here"), "away")]
    return Row(
        raiser=capfirst(wording.party_label(route.raisers, protocol)),
        about=_("about %s") % wording.party_label(route.subjects, protocol),
        lead=words.mode,
        boxes=tuple(boxes),
        link=link,
        ordered=ordered,
        law=law,
        law_lead=_("By law, also open:"),
        instead=tuple(_instead(route, protocol)),
        details=tuple(details),
        source=source,
    )


def _between(route: Route) -> tuple[str, bool]:
    """What stands between two boxes of a rule, and whether they come one after the other."""
    return {
        "all_of": (_("and"), False),
        "sequence": (_("then"), True),
        "first_available": (_("if not free, then"), True),
    }.get(route.mode, (_("or"), False))


def _step(step: Step, route: Route, protocol: Protocol) -> Box:
    words = capfirst(step.label or wording.token_label(step.token, protocol))
    notes = []
    if step.preferred:
        notes.append(_("offered first"))
    if step.optional:
        notes.append(_("only once the council has appointed somebody"))
    if step.condition.subject:
        notes.append(_("when it is about %s") % wording.party_label(step.condition.subject, protocol))
    elif step.when:
        notes.append(_("when %s") % step.when)
    item = step.legal or step.limit
    by_law = bool(item) or "statute" in (step.basis, route.basis)
    tag = _("Law %s") % item if item else _("Law") if by_law else ""
    return Box(words, "law" if by_law else "who", tag, "; ".join(notes))


def _instead(route: Route, protocol: Protocol) -> Iterable[Group]:
    """Who comes in when the rule itself can't be followed, what follows it, and who never hears it."""

    def group(label: str, tokens: Iterable[str], *, kind: str = "instead", ordered: bool = True) -> Group:
        return Group(label, tuple(Box(capfirst(wording.token_label(token, protocol)), kind) for token in tokens), ordered)

    if route.redirect:
        return
    if route.if_unavailable:
        yield group(_("If away"), route.if_unavailable)
    elif route.if_unavailable is not None:
        yield Group(_("If away"), (Box(_("Nobody stands in"), "instead"),))
    if route.if_conflicted:
        yield group(_("If there is a conflict"), route.if_conflicted)
    for fact, tokens in route.also_when.items():
        fact_words = wording.FACTS.get(fact, fact.replace("_", " "))
        yield group(_("When %s, also") % fact_words, tokens, ordered=False)
    for role, other in route.overrides:
        label = _("When it is about %s") % wording.party_label([role], protocol)
        yield group(label, [step.token for step in other.steps], ordered=other.mode in {"sequence", "first_available"})
    if route.then_if_unresolved:
        yield group(_("If it is not settled"), route.then_if_unresolved)
    if route.never:
        yield group(_("Never hears it"), route.never, kind="never", ordered=False)


def _law_of(route: Route, protocol: Protocol, law: tuple[LawItem, ...]) -> tuple[Box, ...]:
    """The recipients that the law opens beside a rule's own."""
    if route.redirect:
        return ()
    named = {step.token for step in route.steps}
    sides = {side for kind in route.subjects for side in ([protocol.side(kind)] if protocol.side(kind) in BOTH_SIDES else BOTH_SIDES)}
    found: dict[str, Box] = {}
    for item in law:
        for stage in route.stages:
            tokens = {item.adds(side, stage) for side in sorted(sides)} - {"", *named, *found}
            for token in sorted(tokens):
                note = item.title if len(sides) == 1 else _("when it is about a councillor")
                found[token] = Box(capfirst(wording.token_label(token, protocol)), "law", _("Law %s") % item.id, note)
    return tuple(found.values())
