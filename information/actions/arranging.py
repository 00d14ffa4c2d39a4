"""Agreements on direct contact and requests for an officer: asked, agreed or declined, ended."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import NoticeKind
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from information import audit, plan, queries, wording
from information.actions.verbs import needed, tell, verb
from information.domain import arrangements
from information.enums import ArrangementAction, ArrangementEvent, ArrangementKind
from information.models import Arrangement

A, E, K = ArrangementAction, ArrangementEvent, ArrangementKind


@verb(A.ASK, E.ASKED)
def arrangement_ask(
    *, council: Council, kind: str, by: Person, now: datetime, decider: Person | None, officer: Person | None = None, matter: str,
    from_on: date | None, until_on: date | None = None, group: str = "",
) -> Arrangement:  # fmt: skip
    """Ask for an agreement on direct contact over a matter, or for an officer at a group's meeting. It goes to one person.

    Raises Refusal where the protocol needs none or allows none, and on the field of an answer that is missing or doesn't fit.
    """
    kind, today = ArrangementKind(kind), timezone.localdate(now)
    version = councils.protocol_in_force(council, on=today)
    if version is None:
        raise Refusal(_("This council has no protocol in force, so nobody is named to agree."))
    if councils.side_of(by, council, on=today) != "councillor":
        raise Refusal(_("Only councillors ask for this."))
    rule = arrangements.rule(version.protocol, kind)
    if rule.closed:
        raise Refusal(str(wording.ARRANGEMENTS_CLOSED[rule.closed]))
    seats = {seat.person.pk: seat for seat in plan.agreeing(council, version, rule, by=by, on=today)}
    if decider is None or decider.pk not in seats:
        raise Refusal(_("Choose who is asked from the list."), field="decider")
    words = needed(matter, "matter", _("Say what it is about."))
    if from_on is None:
        raise Refusal(_("Give the day."), field="from_on")
    if from_on < today:
        raise Refusal(_("That day has passed. Choose today or a later day."), field="from_on")
    if kind == K.CONTACT:
        _check_contact(council, version, rule, officer=officer, by=by, from_on=from_on, until_on=until_on, today=today)
    else:
        group, officer, until_on = needed(group, "group", _("Say which group asks.")), None, None
    row = Arrangement.objects.create(
        council=council, protocol_version=version, kind=kind, asked_by=by, asked_as=councils.primary_role(by, council, on=today) or "councillor",
        decider=decider, hat=seats[decider.pk].hat, officer=officer, group_name=group.strip() or None, matter=words, from_on=from_on,
        until_on=until_on, shown=list(rule.open_to), answer=None, asked_at=now,
    )  # fmt: skip
    audit.record(row, E.ASKED, by=by, now=now, cites=rule.cites, facts={"kind": kind, "shown": list(rule.open_to)})
    tell([decider], now=now)
    return row


def _check_contact(council, version, rule, *, officer, by, from_on, until_on, today) -> None:  # type: ignore[no-untyped-def]
    """Raises Refusal for an officer members deal with anyway, and for a last day that is missing or too early."""
    officers = {person.pk for person in plan.officers(council, on=today)}
    if officer is None or officer.pk not in officers or officer.pk == by.pk:
        raise Refusal(_("Choose the officer from the list."), field="officer")
    if officer.pk in plan.open_to_members(council, version, rule, on=today):
        raise Refusal(_("Members deal with %(name)s anyway. No agreement is needed.") % {"name": officer.full_name}, field="officer")
    if until_on is None:
        raise Refusal(_("Give the last day."), field="until_on")
    if until_on < from_on:
        raise Refusal(_("The last day must be the same as or after the first."), field="until_on")


def _begin(action: ArrangementAction, arrangement_id: UUID, *, by: Person, now: datetime, revision: int | None) -> Arrangement:
    row = queries.lock_arrangement(arrangement_id, by=by, on=timezone.localdate(now), revision=revision)
    if code := arrangements.refusal(action, row.state, queries.arrangement_parts(row, by)):
        raise Refusal(wording.arrangement_refused(code, row.state))
    return row


def _store(row: Arrangement, *changed: str) -> None:
    row.revision += 1
    row.save(update_fields=["state", "revision", *changed])


@verb(A.AGREE, E.AGREED)
def arrangement_agree(*, arrangement_id: UUID, by: Person, now: datetime, answer: str = "", revision: int | None = None) -> Arrangement:
    """Agree to it. Whoever asked is told, and the officer it is about."""
    row = _begin(A.AGREE, arrangement_id, by=by, now=now, revision=revision)
    if row.until_on is not None and row.until_on < timezone.localdate(now):
        raise Refusal(_("Its last day has passed. They can ask again."))
    row.answer, row.answered_at = answer.strip() or None, now
    row.agree()
    _store(row, "answer", "answered_at")
    facts = {"from": row.from_on.isoformat(), "until": row.until_on.isoformat() if row.until_on else ""}
    audit.record(row, E.AGREED, by=by, now=now, from_state="ASKED", facts=facts)
    tell([person for person in (row.asked_by, row.officer) if person is not None and person.pk != by.pk], now=now, kind=NoticeKind.PROGRESS)
    return row


@verb(A.DECLINE, E.DECLINED)
def arrangement_decline(*, arrangement_id: UUID, by: Person, now: datetime, answer: str = "", revision: int | None = None) -> Arrangement:
    """Decline it. No reason is needed."""
    row = _begin(A.DECLINE, arrangement_id, by=by, now=now, revision=revision)
    row.answer, row.answered_at = answer.strip() or None, now
    row.decline()
    _store(row, "answer", "answered_at")
    audit.record(row, E.DECLINED, by=by, now=now, from_state="ASKED")
    tell([row.asked_by], now=now, kind=NoticeKind.PROGRESS)
    return row


@verb(A.END, E.ENDED)
def arrangement_end(*, arrangement_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Arrangement:
    """Take it back, or end it before its last day. The others are told."""
    row = _begin(A.END, arrangement_id, by=by, now=now, revision=revision)
    before = row.state
    row.ended_at = now
    row.end()
    _store(row, "ended_at")
    audit.record(row, E.ENDED, by=by, now=now, from_state=before)
    others = [row.asked_by, row.decider, *([row.officer] if row.officer is not None and before == "AGREED" else [])]
    tell([person for person in others if person.pk != by.pk], now=now, kind=NoticeKind.CLOSED)
    return row


def end_what_is_over(*, now: datetime) -> int:
    """End every agreement whose last day has passed, and tell both sides. Runs inside system work; returns how many ended."""
    over = Arrangement.objects.select_for_update(of=("self",), skip_locked=True).filter(state="AGREED", until_on__lt=timezone.localdate(now))
    rows = list(over.select_related("asked_by", "officer")[:500])
    for row in rows:
        row.ended_at = now
        row.end()
        _store(row, "ended_at")
        audit.record(row, E.ENDED, by=None, now=now, from_state="AGREED", facts={"over": row.until_on.isoformat()})
        tell([person for person in (row.asked_by, row.officer) if person is not None], now=now, kind=NoticeKind.CLOSED)
    return len(rows)
