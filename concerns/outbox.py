"""Notices: written with the action that causes them, delivered by a tick (trust.md, reliability contract).

Deliver: claim with a lease, send with a stable Message-ID, mark. Nothing is marked before the server took it, so a
crash repeats a mail and never loses one; the repeat carries the same Message-ID. The mail says the same few words
whatever happened, to one person at a time.
"""

import smtplib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from concerns.enums import Capacity, NoticeKind
from concerns.models import Concern, Exclusion, Notice, Participation
from councils.models import Person, RefusedMailbox
from councils.statements import insert

LEASE = timedelta(minutes=5)
LAST_START = LEASE - timedelta(minutes=1)  # no message of a batch is begun later: another worker may soon take it
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=4)  # longer than a weekend without mail
WITHDRAWN = "Withdrawn"
MOST_TRIES = 30_000  # as far as is counted
FEWEST_TRIES = 10  # so that a worker that was away for a week doesn't give up at its first try


def put(concern: Concern | None, kind: NoticeKind, *, to: Person | Iterable[Person], now: datetime) -> None:
    """Queue one notice per person about ``concern``, in the caller's transaction; None: it is no concern they can see."""
    people = [to] if isinstance(to, Person) else list(to)
    each = {person.pk: person for person in people}.values()
    insert([Notice(concern=concern, person=person, kind=kind, created_at=now, due_at=now) for person in each])


def put_each(about: Iterable[tuple[UUID | None, UUID]], kind: NoticeKind, *, now: datetime, due_at: datetime) -> None:
    """Queue a notice for each (concern or None, person), by their ids, none to go before ``due_at``. One statement."""
    Notice.objects.bulk_create(
        Notice(concern_id=concern, person_id=person, kind=kind, created_at=now, due_at=due_at) for concern, person in about
    )


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice this worker may send until its lease ends."""

    id: UUID
    email: str
    created_at: datetime
    attempts: int
    person_id: UUID | None = None
    refused: bool = False  # the address was refused before
    language: str = ""


def claim(*, now: datetime, limit: int = 50) -> list[Claimed]:
    """Take up to ``limit`` due notices for this worker alone. Call inside ``rls.system_work()``.

    When the clock has jumped back, what was written "in the future" is due, and no lease counts that ends much later than
    one taken now would: neither waits until the clock has caught up. Workers' clocks differ, and one may have read ``now``
    long before it got this far: a lease that ends up to twice its length ahead counts. Whoever was excluded after it was written gets no mail:
    they would find nothing, and learn by it that there is something.
    """
    written_later, leased = Q(created_at__gt=now), Q(claimed_until__gt=now, claimed_until__lte=now + 2 * LEASE)
    waiting = (
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Q(due_at__lte=now) | written_later, sent_at__isnull=True, failed_at__isnull=True)
        .exclude(leased)
        .select_related("person")
        .annotate(
            refused=Exists(RefusedMailbox.objects.filter(person=OuterRef("person"))),
            kept_out=Exists(Exclusion.objects.filter(concern=OuterRef("concern"), person=OuterRef("person"))),
        )
        .order_by("due_at")
    )
    due = list(waiting[:limit])
    while gone := [notice.pk for notice in due if notice.kept_out]:  # type: ignore[attr-defined]
        Notice.objects.filter(pk__in=gone).update(failed_at=now, settled_at=now, claimed_until=None, last_error=WITHDRAWN)
        due = [notice for notice in due if not notice.kept_out] or list(waiting[:limit])  # type: ignore[attr-defined]
    if due:
        mine = Notice.objects.filter(pk__in=[notice.pk for notice in due])
        mine.update(claimed_until=now + LEASE, attempts=Least(F("attempts") + 1, MOST_TRIES))
    return [Claimed(n.pk, n.person.email, n.created_at, n.attempts + 1, n.person_id, n.refused, n.person.language) for n in due]  # type: ignore[attr-defined]


def withdraw(*, now: datetime) -> None:
    """Nobody is asked to tell, in another way, somebody who was excluded since. Call inside ``rls.system_work()``."""
    excluded = Exclusion.objects.filter(concern=OuterRef("concern"), person=OuterRef("person"))
    Notice.objects.filter(Exists(excluded), failed_at__isnull=False, settled_at__isnull=True).update(settled_at=now)


def in_language(code: str) -> AbstractContextManager[None]:
    """Inside, words are in the language somebody chose (``Person.language``); in the portal's own where they chose none of its."""
    return translation.override(code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def message(notice_id: UUID, email: str, connection=None, language: str = "") -> EmailMessage:
    """The mail for one notice: fixed words in the person's language, a link to the start page, one recipient, a stable Message-ID."""
    link = settings.PORTAL_URL.rstrip("/") + reverse("concerns:home")
    with in_language(language):
        subject, body = str(_("You have something to look at")), render_to_string("email/notice.txt", {"link": link})
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[email],
        headers={"Message-ID": f"<{notice_id}@{settings.PORTAL_MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def sent(notice_id: UUID, *, now: datetime, no_longer_refused: UUID | None = None) -> None:
    """Mark a notice as taken by the mail server; that person's address works again, if one is named."""
    Notice.objects.filter(pk=notice_id).update(sent_at=now, claimed_until=None, last_error="")
    if no_longer_refused:
        RefusedMailbox.objects.filter(person=no_longer_refused).delete()


def failed(claimed: Claimed, error: Exception, *, now: datetime) -> None:
    """Plan the next try, or give up so that people can see it. Keeps the error's class and code, no words of it."""
    code = getattr(error, "smtp_code", "") or getattr(error, "errno", "") or ""
    refused_for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        isinstance(reply, tuple) and 500 <= reply[0] < 600 for reply in error.recipients.values()
    )
    wait = min(FIRST_RETRY * 2 ** min(claimed.attempts - 1, 12), LONGEST_RETRY)
    tried_enough = now - claimed.created_at > GIVE_UP_AFTER and claimed.attempts >= FEWEST_TRIES
    give_up = refused_for_good or tried_enough
    Notice.objects.filter(pk=claimed.id).update(
        claimed_until=None,
        due_at=now + wait,
        failed_at=now if give_up else None,
        last_error=f"{type(error).__name__} {code}".strip(),
    )
    if refused_for_good and claimed.person_id:
        _refuse(claimed.person_id, claimed.email)


def bounced(notice_id: UUID, address: str, status: str, *, now: datetime) -> bool:
    """A mail came back after the server had taken it: give it up where people see it. False when it isn't one of ours.

    Call inside ``rls.system_work()``. A report about another address, or about a mail that was given up before, changes nothing.
    """
    notice = Notice.objects.select_related("person").filter(pk=notice_id, failed_at__isnull=True).first()
    if notice is None or notice.person.email != address.lower():
        return False
    Notice.objects.filter(pk=notice_id).update(failed_at=now, claimed_until=None, last_error=f"Bounced {status}".strip())
    _refuse(notice.person_id, notice.person.email)
    return True


def _refuse(person_id: UUID, email: str) -> None:
    """Remember that mail to this address comes back."""
    RefusedMailbox.objects.update_or_create(person_id=person_id, defaults={"email": email})


def mail_connection():
    """One SMTP connection for a batch."""
    return get_connection()


# Told of what wasn't delivered; where it reached none of them, the raiser is.
DEALS = (Capacity.HANDLER, Capacity.RECIPIENT, Capacity.DECIDER, Capacity.LIAISON, Capacity.CONVENER, Capacity.EXCEPTION_HOLDER)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Whom messages about one concern did not reach. ``name`` is empty for somebody who never was on it."""

    concern_id: UUID
    reference: str
    person_id: UUID
    name: str
    failed_at: datetime
    error: str
    deals: bool = True  # whether the reader deals with it; otherwise they raised it, and nobody else was reached


def undelivered(person: Person) -> list[Undelivered]:
    """What could not be delivered about the concerns that ``person`` deals with now, latest first; one row a person.

    And about those they raised, where nobody else who deals with it was reached: somebody has to know.
    """
    rows: dict[tuple[UUID, UUID], Undelivered] = {}
    for n in _failed(person).order_by("-failed_at", "id"):
        name = n.person.full_name if n.was_on_it else ""
        rows.setdefault(
            (n.concern_id, n.person_id),
            Undelivered(n.concern_id, n.concern.reference, n.person_id, name, n.failed_at, n.last_error, n.deals),
        )
    return list(rows.values())


def may_settle(person: Person, concern_id: UUID, whom: UUID) -> bool:
    """Whether ``person`` may say what becomes of what wasn't delivered to ``whom``; PostgreSQL asks the same."""
    return _deals(person, concern_id).exists() or _failed(person).filter(concern=concern_id, person=whom).exists()


def _deals(person: Person, concern: Any) -> QuerySet[Participation]:
    return Participation.objects.filter(concern=concern, person=person, until__isnull=True, capacity__in=[part.value for part in DEALS])


def _failed(person: Person) -> QuerySet[Any]:
    parts = Participation.objects.filter(concern=OuterRef("concern"))
    theirs = parts.filter(person=OuterRef("person"))
    missed = Notice.objects.filter(
        concern=OuterRef("concern"), person=OuterRef("person"), failed_at__isnull=False, settled_at__isnull=True
    )
    reached = parts.filter(until__isnull=True, capacity__in=[part.value for part in DEALS]).exclude(person=person).exclude(Exists(missed))
    mine = Q(concern__raiser=person) & ~Q(person=person) & ~Exists(reached)
    return (
        Notice.objects.filter(concern__isnull=False, failed_at__isnull=False, settled_at__isnull=True)
        .annotate(was_on_it=Exists(theirs), deals=Exists(_deals(person, OuterRef("concern"))))
        .filter(Q(deals=True) | mine).select_related("concern", "person")
    )  # fmt: skip
