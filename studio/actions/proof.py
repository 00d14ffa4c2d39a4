"""Rehearsing a council with its own people, and telling its administrators what became unsafe."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from concerns import outbox
from concerns.enums import NoticeKind
from councils.actions.ground import lock_council, require_admin, today
from councils.errors import Refusal
from councils.models import Council, Person
from studio.models import RehearsalRun
from studio.queries import proof as queries

MOST_KEPT = 400  # findings; the unsafe ones come first, and pairs of people out at once last
KEPT_RUNS = 20
LONG_AGO = date(1900, 1, 1)
SOON = 120  # with more people than this, a person who asks doesn't wait for it: the clock plays it


@transaction.atomic
def rehearse(*, council: Council, by: Person | None, now: datetime) -> RehearsalRun | None:
    """Plays every case of the version in force with the people as they are, and keeps what was met.

    Returns the run that now counts; where nothing changed since the last, that one, noted as still so. None, without a
    protocol in force. For the clock (``by`` None) and the council's administrators; raises Refusal for others.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    seen = queries.changes(council)  # before the people are read: what comes in between makes it stale again
    before = queries.latest(council)
    played = queries.rehearse(council, on=today(now))
    if played is None:
        return None
    if before is not None and before.fingerprint == played.fingerprint:
        before.seen, before.checked_on = seen, today(now)
        before.save(update_fields=("seen", "checked_on"))
        return before
    findings = [item.as_json() for item in played.report.found]
    fresh = [item["key"] for item in findings if item["unsafe"] and item["key"] not in _unsafe(before)]
    RehearsalRun.objects.filter(council=council, is_latest=True).update(is_latest=False)
    run = RehearsalRun.objects.create(
        council=council,
        version=played.version,
        at=now,
        checked_on=today(now),
        fingerprint=played.fingerprint,
        seen=seen,
        played=played.report.played,
        unsafe=played.report.unsafe,
        findings=findings[:MOST_KEPT],
        left_off=max(0, len(findings) - MOST_KEPT),
        fresh=fresh,
        is_told=not fresh,
    )
    old = RehearsalRun.objects.filter(council=council, is_latest=False, is_told=True).order_by("-at").values_list("pk", flat=True)
    RehearsalRun.objects.filter(pk__in=list(old[KEPT_RUNS:])).delete()
    return run


@transaction.atomic
def ask_for_rehearsal(*, council: Council, by: Person, now: datetime) -> bool:
    """Somebody wants it played anew. Small councils are played at once; of a large one the clock takes care within minutes.

    Says whether it was played. Raises Refusal where there is no protocol in force.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    if queries.size(council, on=today(now)) > SOON:
        RehearsalRun.objects.filter(council=council, is_latest=True).update(checked_on=LONG_AGO)
        return False
    if rehearse(council=council, by=by, now=now) is None:
        raise Refusal(_("No protocol is in force, so there is nothing to rehearse. Bring one into force, or look at a draft’s rehearsal."))
    return True


@transaction.atomic
def tell_what_became_unsafe(*, run: RehearsalRun, now: datetime) -> list[Person]:
    """Tells the administrators, once, that something became unsafe: fixed words and the start page. Returns whom. System work."""
    changed = RehearsalRun.objects.filter(pk=run.pk, is_told=False).update(is_told=True)
    people = queries.administrators(run.council, on=today(now)) if changed else []
    if people:
        outbox.put(None, NoticeKind.PROTOCOL_UNSAFE, to=people, now=now)
    return people


def _unsafe(run: RehearsalRun | None) -> set[Any]:
    return {item["key"] for item in run.findings if item["unsafe"]} if run else set()
