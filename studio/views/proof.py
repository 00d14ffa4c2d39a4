"""Proof of a protocol: its faults with their clauses, its rehearsal with the council's people, and one question at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from concerns import plan, rooms
from concerns.models import Concern
from concerns.views import _route
from councils import queries as councils
from councils import wording
from councils.actions.protocols import fingerprint
from councils.errors import Refusal
from councils.models import Person, ProtocolVersion
from councils.protocol import Problem, Protocol, ProtocolError, validate
from councils.protocol import vocabulary as v
from councils.protocol.parsing import build
from councils.protocol.shaping import unwrap
from councils.views._loading import Visit, council_page, done, one
from studio.actions import proof as actions
from studio.editing.spoken import spoken
from studio.forms.proof import WhatIfForm
from studio.models import ProtocolDraft
from studio.queries import proof as queries
from studio.reports import proof as words

RULE = re.compile(r"^(?:council\.|councils\[0\]\.)?routes\[(\d+)\]")
ASK = ["GET", "HEAD", "POST"]
WAITING = """SELECT FROM studio_rehearsalrun r JOIN councils_appointment a USING (council_id)
WHERE a.person_id = portal_me() AND a.role = 'protocol_admin' AND r.is_latest AND r.unsafe > 0"""


@dataclass(slots=True)
class Told:
    """One kind of fault on the page, with everywhere it was found and the clauses it is about."""

    problem: Problem
    message: str
    mend: str
    places: list[str]
    cites: list[str]
    clauses: tuple[_route.Clause, ...] = ()


# The linter


@require_safe
@council_page(admin=True)
def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The faults of the version in force; where there is none, of the newest."""
    version = visit.version or _newest(visit)
    return _checked(request, visit, version.config if version else None, version.label if version else "", None)


@require_safe
@council_page(admin=True)
def check_draft(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """The faults of a draft, as far as it is written."""
    row = _draft(visit, draft)
    return _checked(request, visit, row.config, row.label, row)


def _checked(request: HttpRequest, visit: Visit, config: Any, label: str, draft: ProtocolDraft | None) -> HttpResponse:
    problems = validate(config) if config is not None else []
    here = build(unwrap(config)) if config is not None else None
    told = _grouped(problems, here)
    context = {
        **visit.context, **_places(visit, draft), "label": label, "drawn": here,
        "errors": [item for item in told if item.problem.level == "error"],
        "warnings": [item for item in told if item.problem.level != "error"],
    }  # fmt: skip
    return render(request, "studio/check.html", context)


def _grouped(problems: Iterable[Problem], here: Protocol | None) -> list[Told]:
    """The same words about several places are said once."""
    told: dict[tuple[str, str, str], Told] = {}
    for problem in problems:
        message, mend = (spoken(text, here) if here else text for text in (problem.message, problem.mend))
        line = told.setdefault((problem.level, message, mend), Told(problem, message, mend, [], []))
        line.places.append(_place(problem.path, here))
        line.cites += problem.cites
    for line in told.values():
        line.places = list(dict.fromkeys(filter(None, line.places)))
        line.clauses = _route.clauses(here, line.cites)
    return list(told.values())


def _place(path: str, here: Protocol | None) -> str:
    """The rule by its id; nothing for what the clauses and the words say themselves."""
    found = RULE.search(path)
    if found and here is not None and int(found[1]) < len(here.routes):
        return _("rule %s") % here.routes[int(found[1])].id
    return ""


# The rehearsal


@require_http_methods(ASK)
@council_page(admin=True)
def rehearsal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the last rehearsal of the version in force met; a POST plays it again."""
    if request.method == "POST":
        try:
            played = actions.ask_for_rehearsal(council=visit.council, by=visit.person, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("studio:rehearsal", key=visit.council.key)
        said = _("The rehearsal was played.") if played else _("The rehearsal will be played within a few minutes. Look again then.")
        return done(request, said, "studio:rehearsal", key=visit.council.key)
    run = queries.latest(visit.council)
    context = {**visit.context, **_places(visit, None), "run": run, "label": run.version.label if run else ""}
    if run is not None:
        context |= {
            "stale": queries.is_stale(run, on=visit.on), "played": run.played, "left_off": run.left_off, "unsafe": run.unsafe,
            "told": _told(run.findings, run.version.protocol, run.fresh), "drawn": run.version.protocol,
        }  # fmt: skip
    return render(request, "studio/rehearsal.html", context)


@require_safe
@council_page(admin=True)
def rehearsal_draft(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """A draft, played with the people as they are today. Nothing of it is kept."""
    row = _draft(visit, draft)
    here = build(unwrap(row.config))
    context = {**visit.context, **_places(visit, row), "label": row.label, "run": None, "drawn": here}
    if here.routes and (played := queries.rehearse(visit.council, on=visit.on, protocol=here)) is not None:
        findings = [item.as_json() for item in played.report.found]
        kept = findings[: actions.MOST_KEPT]
        context |= {
            "played": played.report.played, "left_off": len(findings) - len(kept), "told": _told(kept, here),
            "unsafe": played.report.unsafe,
        }  # fmt: skip
    return render(request, "studio/rehearsal.html", context)


def _told(findings: list[dict[str, Any]], protocol: Protocol, fresh: list[str] | tuple[str, ...] = ()) -> words.Told:
    told = words.told(findings, protocol, queries.names(words.people_in(findings)), fresh)
    for line in told.lines:
        line.clauses = _route.clauses(protocol, line.cites)
    return told


def waiting(person: Person, today: date) -> list[rooms.Waiting]:
    """The councils a person keeps where somebody could be left with nobody to go to."""
    return [
        rooms.Waiting(
            label=ngettext(
                "Your protocol has %(count)d place where nobody could hear a concern",
                "Your protocol has %(count)d places where nobody could hear a concern",
                run.unsafe,
            ) % {"count": run.unsafe},
            url=reverse("studio:rehearsal", kwargs={"key": run.council.key}),
            place=run.council.name,
        )
        for run in queries.unsafe_for(person, on=today)
    ]  # fmt: skip


# What if


@require_http_methods(ASK)
@council_page(admin=True)
def what_if(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One question to the version in force, answered as a concern would be. Nothing of it is kept."""
    return _what_if(request, visit, visit.version or _newest(visit), None)


@require_http_methods(ASK)
@council_page(admin=True)
def what_if_draft(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """The same question to a draft."""
    row = _draft(visit, draft)
    version = ProtocolVersion(council=visit.council, label=row.label, config=row.config, content_hash=fingerprint(row.config))
    return _what_if(request, visit, version, row)


def _what_if(request: HttpRequest, visit: Visit, version: ProtocolVersion | None, draft: ProtocolDraft | None) -> HttpResponse:
    try:
        here = version.protocol if version is not None else None
    except ProtocolError:
        here = None
    if version is None or here is None:
        context = {**visit.context, **_places(visit, draft), "nothing": True, "broken": version is not None, "label": version.label if version else ""}
        return render(request, "studio/whatif.html", context)
    people = _route.people(visit.council, here, on=visit.on)
    stages = [stage for stage in v.STAGES if any(stage in rule.stages for rule in here.routes) and here.stage_enabled(stage)]
    form = WhatIfForm(
        request.POST if request.method == "POST" else None,
        people=people, topics=_route.topics(here), stages=[(stage, wording.stage_label(stage)) for stage in stages],
    )  # fmt: skip
    context = {**visit.context, **_places(visit, draft), "form": form, "version": version, "label": version.label, "protocol": here}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            context |= _answer(visit, version, form.cleaned_data, here)
        else:
            status = 422
    return render(request, "studio/whatif.html", context, status=status)


def _answer(visit: Visit, version: ProtocolVersion, asked: dict[str, Any], here: Protocol) -> dict[str, Any]:
    """The plan a concern would get, and why others would not get it."""
    whole = councils.standing(visit.council, on=visit.on)
    roles = whole.own_roles()
    raiser, subjects = asked["raiser"], asked["subjects"]
    made = plan.make(
        council=visit.council,
        version=version,
        raiser=raiser,
        raiser_role=roles[raiser.pk],
        subjects=tuple((person, roles[person.pk]) for person in subjects),
        topic=asked["topic"],
        connected=[person.pk for person in asked["conflicted"]],
        facts=asked["facts"],
        stage=asked["stage"],
        on=visit.on,
        standing=whole.with_absences(person.pk for person in asked["away"]),
    )
    shown = _route.shown(made, Concern(council=visit.council, topic=asked["topic"]), here)
    return {
        "shown": shown,
        "answered": made.resolution,
        "stage": wording.stage_label(made.stage),
        "out": [(person.full_name, _why(kind)) for person, kind in sorted(made.excluded.values(), key=lambda pair: pair[0].full_name)],
        "deciders": [_route.label(token, here) for token in made.deciders] if made.deciding else [],
    }


def _why(kind: str) -> str:
    return {
        "subject": _("the concern is about them"),
        "delegate_of_subject": _("they stand in for the person it is about"),
        "line_managed_by_subject": _("they work for the person it is about"),
        "relationship": _("they disclosed a relationship with one of them"),
        "connected": _("you said they have a connection"),
        "witness": _("they are a witness"),
        "involved_before": _("they dealt with it before"),
    }.get(kind, kind)


# Which version


def _newest(visit: Visit) -> ProtocolVersion | None:
    return ProtocolVersion.objects.filter(council=visit.council).order_by("-created_at").first()


def _draft(visit: Visit, draft: UUID) -> ProtocolDraft:
    row: ProtocolDraft = one(ProtocolDraft.objects.filter(council=visit.council), draft)
    return row


def _places(visit: Visit, draft: ProtocolDraft | None) -> dict[str, Any]:
    """The draft at hand, and the other open ones there are to choose from."""
    rows = ProtocolDraft.objects.filter(council=visit.council, status="OPEN").defer("config")
    return {"draft": draft, "drafts": list(rows.exclude(pk=draft.pk) if draft else rows)}
