"""Asking people to sign in for the first time. What is asked for is written down; a tick sends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import outbox
from councils.actions.ground import lock_council, require_admin, today
from councils.errors import Refusal
from councils.models import Council, Person
from studio.models import Invitation
from studio.queries.set_up import without_password

MOST_TRIES = 8
FIRST_RETRY = timedelta(minutes=2)


def ask(*, person: Person, to_set_up: bool = False, now: datetime) -> Invitation:
    """Queues a mail for a person, in the caller's transaction; one that already waits is made the newest."""
    waiting, new = Invitation.objects.get_or_create(
        person=person, sent_at=None, failed_at=None, defaults={"to_set_up": to_set_up, "asked_at": now, "due_at": now},
    )  # fmt: skip
    if not new:
        waiting.to_set_up, waiting.due_at = waiting.to_set_up or to_set_up, now
        waiting.save(update_fields=("to_set_up", "due_at"))
    return waiting


@transaction.atomic
def invite_people(*, council: Council, by: Person, now: datetime) -> int:
    """Asks everybody at the council who never set a password to do so; returns how many. Raises Refusal when there is nobody."""
    council = lock_council(council)
    require_admin(council, by, now)
    people = without_password(council, on=today(now))
    if not people:
        raise Refusal(_("Everybody has set a password already."))
    for person in people:
        ask(person=person, now=now)
    return len(people)


@transaction.atomic
def send_next(*, now: datetime) -> bool:
    """Sends one invitation that is due; returns whether there was one. A mail that fails is tried again, a few times."""
    due = Invitation.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person")
    found = due.filter(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=now).order_by("due_at").first()
    if found is None:
        return False
    found.attempts += 1
    try:
        message(found).send()
    except Exception:  # noqa: BLE001 - any failure to send is tried again; its words may hold an address, so none are kept
        found.due_at = now + FIRST_RETRY * 2**found.attempts
        found.failed_at = now if found.attempts >= MOST_TRIES else None
    else:
        found.sent_at = now
    found.save(update_fields=("attempts", "due_at", "sent_at", "failed_at"))
    return True


def message(invitation: Invitation) -> EmailMessage:
    """The mail: fixed words in the person's language and two links, the first made now, so that it holds as long as any link to set a password."""
    person = invitation.person
    base = settings.PORTAL_URL.rstrip("/")
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    context = {
        "has_password": person.has_usable_password(),
        "to_set_up": invitation.to_set_up,
        "password_link": base + reverse("account_reset_password_from_key", kwargs=key),
        "sign_in_link": base + (reverse("studio:set-ups") if invitation.to_set_up else reverse("concerns:home")),
        "forgotten_link": base + reverse("account_reset_password"),
    }
    with outbox.in_language(person.language):
        subject, body = str(_("Your council’s portal: please sign in")), render_to_string("email/invitation.txt", context)
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={"Message-ID": f"<{invitation.pk}@{settings.PORTAL_MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
    )
