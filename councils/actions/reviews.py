"""Reviews of the protocol: what makes one due, opening and concluding one, and who is told that it comes up."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from councils import reviews
from councils.actions.ground import explained, lock_council, plain, record, require_admin, require_dates, today
from councils.errors import Refusal
from councils.models import (
    Council,
    CouncilEventKind,
    OccasionKind,
    Person,
    ProtocolReview,
    ProtocolVersion,
    ReviewAlert,
    ReviewOccasion,
    ReviewResult,
)
from councils.protocol.reviewing import reached


@transaction.atomic
def record_occasion(*, council: Council, kind: str, happened_on: date, reason: str = "", by: Person | None, now: datetime) -> ReviewOccasion:
    """Records an event that makes a review due on the day it happened. The reason is needed where the council just wants one."""
    council = lock_council(council)
    require_admin(council, by, now)
    if kind not in OccasionKind.values or kind == OccasionKind.COUNCIL_DATE:
        raise Refusal(_("Choose what happened from the list."), field="kind")
    _require_day(happened_on, _("Enter the day it happened."), field="happened_on")
    if happened_on > today(now):
        raise Refusal(_("This day is still to come. Record it when it has happened, or set a date for the review."), field="happened_on")
    _require_version(council, now)
    words = plain(reason, field="reason", limit=300, what=_("The reason"), required=kind == OccasionKind.SOONER_IF_REQUIRED)
    return _note(council, kind, happened_on, words, CouncilEventKind.REVIEW_OCCASION, by=by, now=now)


@transaction.atomic
def set_review_date(*, council: Council, review_on: date, minute_ref: str, by: Person | None, now: datetime) -> ReviewOccasion:
    """Records the day the council set for its next review, in place of the one it set before. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    _require_coming(review_on, now, field="review_on")
    _require_version(council, now)
    minute = plain(minute_ref, field="minute_ref", limit=200, what=_("The minute"))
    return _set_date(council, review_on, minute, by=by, now=now)


@transaction.atomic
def withdraw_occasion(*, occasion: ReviewOccasion, by: Person | None, now: datetime) -> None:
    """Takes back what was recorded by mistake. Raises Refusal when a review has answered it, or it was taken back before."""
    council = lock_council(occasion.council)
    require_admin(council, by, now)
    row = reviews.open_occasions([council]).filter(pk=occasion.pk).first()
    if row is None:
        raise Refusal(_("This was answered by a review or taken back already."))
    row.withdrawn_at = now
    row.save(update_fields=("withdrawn_at",))
    record(CouncilEventKind.REVIEW_OCCASION, council=council, by=by, now=now, what=row.kind, on=row.on, withdrawn=True)
    end_alerts(council, now=now)


@transaction.atomic
def open_review(*, council: Council, opened_on: date, due_on: date | None = None, by: Person | None, now: datetime) -> ProtocolReview:
    """Opens a review of the version in force, for one of the dates that are due or for none. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    _require_day(opened_on, _("Enter the day the review was opened."), field="opened_on")
    if opened_on > today(now):
        raise Refusal(_("The day the review was opened can't be in the future."), field="opened_on")
    version = _require_version(council, now)
    stands = reviews.standing(council, on=today(now))
    if stands.open is not None:
        raise Refusal(_("A review is open already. Conclude it first."))
    if due_on is not None and due_on not in {row.on for row in stands.dates if row.on and not row.is_done}:
        raise Refusal(_("This date is no longer due. Choose one from the list."), field="due_on")
    with explained():
        review = ProtocolReview.objects.create(
            council=council, version=version, due_on=due_on, opened_on=opened_on, opened_at=now, opened_by=by
        )
    record(CouncilEventKind.REVIEW_OPENED, council=council, by=by, now=now, review=review.pk, version=version.pk, due_on=due_on)
    return review


@transaction.atomic
def conclude_review(
    *,
    review: ProtocolReview,
    concluded_on: date,
    result: str,
    body: str,
    minute_ref: str,
    author: str = "",
    origin: str = "",
    changed_by: str = "",
    new_version: ProtocolVersion | None = None,
    next_on: date | None = None,
    by: Person | None,
    now: datetime,
) -> ProtocolReview:
    """Concludes a review with its minute: the protocol stays, or is changed (by whom, and what from). Raises Refusal.

    It answers what was recorded up to its day. ``next_on``: the day the council set for the next one.
    """
    council = lock_council(review.council)
    require_admin(council, by, now)
    row = ProtocolReview.objects.select_for_update().filter(pk=review.pk, council=council).first()
    if row is None or row.concluded_on is not None:
        raise Refusal(_("This review is concluded already."))
    if result not in ReviewResult.values:
        raise Refusal(_("Choose whether the protocol stays as it is."), field="result")
    _require_day(concluded_on, _("Enter the day the review was concluded."), field="concluded_on")
    if not row.opened_on <= concluded_on <= today(now):
        raise Refusal(_("The review was concluded between the day it was opened and today."), field="concluded_on")
    row.concluded_on, row.result, row.concluded_by = concluded_on, result, by
    row.body = plain(body, field="body", limit=200, what=_("The body that reviewed it"))
    row.minute_ref = plain(minute_ref, field="minute_ref", limit=200, what=_("The minute"))
    if result == ReviewResult.CHANGED:
        row.author = plain(author, field="author", limit=200, what=_("The author"))
        row.origin = plain(origin, field="origin", limit=300, what=_("The origin of the change"))
        row.changed_by = plain(changed_by, field="changed_by", limit=200, what=_("Who changed it"))
        row.new_version = _require_new(council, row, new_version)
    elif new_version is not None:
        raise Refusal(_("A protocol that stays as it is has no new version. Leave this empty."), field="new_version")
    if next_on is not None:
        _require_coming(next_on, now, field="next_on")
    with explained():
        row.save()
    reviews.open_occasions([council]).filter(on__lte=max(concluded_on, row.due_on or concluded_on)).update(settled_by=row)
    if next_on is not None:
        _set_date(council, next_on, row.minute_ref, by=by, now=now)
    record(CouncilEventKind.REVIEW_CONCLUDED, council=council, by=by, now=now, review=row.pk, result=result, concluded_on=concluded_on)
    end_alerts(council, now=now)
    return row


@transaction.atomic
def alert_of_review(*, council: Council, by: Person | None = None, now: datetime) -> list[Person]:
    """Notes that an alert's day has come, once each; returns who is to be told now: nobody when it was said before.

    After ticks that were missed only the most urgent is told; the others are noted as passed. For system work.
    """
    council = lock_council(council)
    due = reviews.standing(council, on=today(now)).due
    end_alerts(council, now=now, due_on=due.on if due else None)
    steps = reached(due.on, today(now)) if due and due.on else ()
    if not due or not steps:
        return []
    said = {row.step: row for row in ReviewAlert.objects.filter(council=council, due_on=due.on)}
    if steps[-1] in said:
        ReviewAlert.objects.filter(council=council, due_on=due.on, ended_at__isnull=False).update(ended_at=None)  # due again
        return []
    rows = [ReviewAlert(council=council, due_on=due.on, step=step, at=now, was_sent=step == steps[-1]) for step in steps if step not in said]
    ReviewAlert.objects.bulk_create(rows)
    return reviews.told(council, on=today(now))


def end_alerts(council: Council, *, now: datetime, due_on: date | None = None) -> None:
    """The alerts of days that don't count any more are over. ``due_on``: the day that counts, where it is known."""
    if due_on is None:
        due = reviews.standing(council, on=today(now)).due
        due_on = due.on if due else None
    standing = ReviewAlert.objects.filter(council=council, ended_at__isnull=True)
    (standing.exclude(due_on=due_on) if due_on else standing).update(ended_at=now)


def _note(
    council: Council, kind: str, on: date, reason: str, event: CouncilEventKind, *, by: Person | None, now: datetime
) -> ReviewOccasion:
    with explained():
        row = ReviewOccasion.objects.create(council=council, kind=kind, on=on, reason=reason, recorded_at=now, recorded_by=by)
    record(event, council=council, by=by, now=now, what=kind, on=on)
    end_alerts(council, now=now)
    return row


def _set_date(council: Council, on: date, minute: str, *, by: Person | None, now: datetime) -> ReviewOccasion:
    before = reviews.open_occasions([council]).filter(kind=OccasionKind.COUNCIL_DATE)
    before.update(withdrawn_at=now)
    return _note(council, OccasionKind.COUNCIL_DATE, on, minute, CouncilEventKind.REVIEW_DATE_SET, by=by, now=now)


def _require_day(day: object, missing: str, *, field: str) -> None:
    if not isinstance(day, date):
        raise Refusal(missing, field=field)
    try:
        require_dates(day, None)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=field) from None


def _require_coming(day: object, now: datetime, *, field: str) -> None:
    _require_day(day, _("Enter the day of the next review."), field=field)
    if day <= today(now):  # type: ignore[operator]
        raise Refusal(_("The next review is on a day that is still to come."), field=field)


def _require_version(council: Council, now: datetime) -> ProtocolVersion:
    version = reviews.standing(council, on=today(now)).version
    if version is None:
        raise Refusal(_("No protocol is in force, so there is nothing to review."))
    return version


def _require_new(council: Council, review: ProtocolReview, version: ProtocolVersion | None) -> ProtocolVersion | None:
    if version is not None and (version.council_id != council.pk or version.pk == review.version_id):
        raise Refusal(_("Choose the version that came from this review, or leave it empty until it is loaded."), field="new_version")
    return version
