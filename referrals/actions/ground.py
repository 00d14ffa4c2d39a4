"""What every action on a referral stands on: which side asks, one lock, pure guards, one line of the trail."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import audit, casefile, outbox
from concerns import policy as concern_policy
from concerns import queries as concern_queries
from concerns.actions.verb import Verbs, answer_needed
from concerns.enums import Capacity, NoticeKind
from concerns.models import Concern, Participation
from councils.errors import Refusal
from councils.models import Person
from referrals import policy, queries, wording
from referrals.domain import course
from referrals.enums import ReferralEvent, Side, Step
from referrals.models import Entry, Referral

verb = Verbs()
ACTIONS = verb.actions
LEAVES = verb.leaves
FOLLOWING = (Capacity.LIAISON, Capacity.HANDLER)
NOT_FUTURE = _("The date can't be in the future.")


@dataclass(slots=True)
class Held:
    """A locked referral, and who asks: the council's side has its concern, the office's never."""

    referral: Referral
    side: Side
    facts: course.Facts
    today: date
    concern: Concern | None = None


_driven: ContextVar[UUID | None] = ContextVar("driven", default=None)


@contextmanager
def driving(concern: Concern) -> Iterator[None]:
    """Inside, the casework's own steps on this concern are the referral's doing."""
    token = _driven.set(concern.pk)
    try:
        yield
    finally:
        _driven.reset(token)


def is_driven(concern: Concern) -> bool:
    """Whether the referral itself moves the concern just now."""
    return _driven.get() == concern.pk


def side_for(step: Step, referral_id: UUID, *, by: Person, on: date) -> Side:
    """On which side ``by`` takes ``step``: the office's when it is on their desk, else the council's."""
    sides, _states = course.STEPS[step]
    if sides == course.COUNCIL:
        return Side.COUNCIL
    return Side.OFFICE if policy.on_desk(by, on=on).filter(pk=referral_id).exists() else Side.COUNCIL


def begin(step: Step, referral_id: UUID, *, by: Person, now: datetime, revision: int | None = None) -> Held:
    """Find and lock the referral, and check that ``step`` is open to ``by``.

    Raises Http404 for strangers, and Refusal with words when it isn't open or the page was stale.
    """
    today = timezone.localdate(now)
    side = side_for(step, referral_id, by=by, on=today)
    concern = None
    if side == Side.COUNCIL:
        concern = _lock_concern(referral_id, by=by)
    referral = queries.lock(referral_id)
    if step == Step.ACKNOWLEDGE:
        _not_twice(referral)
    if revision is not None and revision != referral.revision:
        raise Refusal(str(wording.STALE))
    facts = queries.facts(referral, side, concern=concern)
    if code := course.refusal(step, facts):
        raise Refusal(wording.refused(code, referral.state))
    return Held(referral, side, facts, today, concern)


def _lock_concern(referral_id: UUID, *, by: Person) -> Concern:
    """The referral's concern, locked, if ``by`` follows it. Raises NotVisible for whoever may not read it."""
    wanted = Referral.objects.filter(pk=referral_id).values_list("concern_id", flat=True).first()
    if wanted is None:
        raise concern_queries.NotVisible
    concern = casefile.lock(wanted, by=by, permission=concern_policy.READ)
    if not follows(concern, by):
        raise Refusal(str(_("This step is for whoever follows the referral for the council.")))
    return concern


def follows(concern: Concern, person: Person) -> bool:
    """Whether ``person`` follows the referral for the council."""
    return Participation.objects.filter(concern=concern, person=person, capacity__in=FOLLOWING, until__isnull=True).exists()


def _not_twice(referral: Referral) -> None:
    """A second acknowledgement changes nothing and says when the first was."""
    if said := queries.acknowledged(referral):
        raise Refusal(said)


def store(referral: Referral) -> None:
    """Write the row and count the change, so that a stale tab is told."""
    referral.revision += 1
    referral.save()


def letter(held: Held, on: date | None, reference: str) -> tuple[date, str]:
    """The day and reference of what the office said: its letter's for the council's side, today at the desk.

    Raises Refusal when something is copied without its letter, or is dated in the future or before it was sent.
    """
    if held.side == Side.OFFICE:
        return held.today, (reference or "").strip()
    if on is None:
        raise Refusal(str(_("Give the date of the office's letter.")), field="on")
    check_day(on, not_before=held.referral.sent_on, today=held.today, field="on")
    return on, answer_needed(reference, "letter", _("Give the reference of the office's letter, or say how it was told."))


def check_day(day: date, *, not_before: date | None, today: date, field: str) -> None:
    """Raises Refusal for a day in the future, or before that other one."""
    if day > today:
        raise Refusal(str(NOT_FUTURE), field=field)
    if not_before is not None and day < not_before:
        words = _("The date can't be before %(day)s, when it was sent or answered.")
        raise Refusal(str(words) % {"day": wording.day(not_before)}, field=field)


def write(
    held: Held, kind: ReferralEvent, *, by: Person, now: datetime, on: date, letter: str = "", words: str = "", who: str = "",
    grounds: Iterable[str] = (),
) -> Entry:  # fmt: skip
    """Keep what the office said."""
    return Entry.objects.create(
        concern_id=held.referral.concern_id, referral=held.referral, kind=kind, at=now, by=by, copied=held.side == Side.COUNCIL,
        on=on, letter=letter or None, words=words or None, who=who or None, grounds=[str(ground) for ground in grounds],
    )  # fmt: skip


def record(held: Held, kind: ReferralEvent, *, by: Person, now: datetime, reason: str = "", **facts: str) -> None:
    """One line of the concern's trail; from the desk under the officer's own name."""
    concern = held.concern or Concern(pk=held.referral.concern_id)
    audit.record(concern, kind, by=by, now=now, reason=reason, facts={"referral": str(held.referral.pk), **facts})


def tell(held: Held, kind: NoticeKind, *, by: Person, now: datetime) -> None:
    """Tell the other side that something happened: whoever follows it, or whoever has it on their desk."""
    if held.side == Side.OFFICE:
        outbox.put(None, kind, to=[person for person in queries.followers(held.referral) if person.pk != by.pk], now=now)
    elif held.concern is not None and held.concern.raiser_id != by.pk:
        outbox.put(held.concern, kind, to=held.concern.raiser, now=now)
