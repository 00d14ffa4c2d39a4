"""One's own sessions: noted as they are used, seen and ended by oneself alone; and the language one reads in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from councils import devices, queries
from councils.errors import Refusal
from councils.models import Person, SignIn


def note_use(*, person_id: UUID, session_key: str, user_agent: str, address: str, now: datetime) -> None:
    """Takes who uses which session, from what and where; keeps it. The first time, rows whose session is over go."""
    network = devices.shortened(address)
    if SignIn.objects.filter(session_key=session_key, person=person_id).update(seen_at=now, network=network):
        return
    with transaction.atomic():
        SignIn.objects.filter(person=person_id).exclude(pk__in=queries.sign_ins_of(person_id, now=now)).delete()
        fresh = SignIn(
            person_id=person_id, session_key=session_key, browser=devices.browser_of(user_agent), system=devices.system_of(user_agent),
            network=network, began_at=now, seen_at=now,
        )  # fmt: skip
        SignIn.objects.bulk_create([fresh], ignore_conflicts=True)  # two requests may be the first


@transaction.atomic
def end_sign_in(*, sign_in: UUID, by: Person, now: datetime) -> None:
    """Ends one session of one's own: its next request is a stranger's. Raises Refusal when it isn't there any more."""
    keys = SignIn.objects.filter(pk=sign_in, person=by).values_list("session_key", flat=True)
    if not _end(list(keys)):
        raise Refusal(_("This session has ended already."))


@transaction.atomic
def end_other_sign_ins(*, current: str, by: Person, now: datetime) -> int:
    """Takes the key of the session to keep; ends all others of one's own; returns how many there were."""
    return _end(list(SignIn.objects.filter(person=by).exclude(session_key=current).values_list("session_key", flat=True)))


@transaction.atomic
def unlink_organisation(*, by: Person, now: datetime) -> None:
    """Forgets the council's directory account that one signs in with. Raises Refusal where it is the only way in."""
    if not by.has_usable_password():
        raise Refusal(_("You have no password here, so this is your only way to sign in. Set a password first, from the sign-in page."))
    SocialAccount.objects.filter(user=by).delete()


@transaction.atomic
def choose_language(*, language: str, by: Person, now: datetime) -> None:
    """Keeps the language of one's pages and mail. Raises Refusal for one that there isn't."""
    if language not in dict(settings.LANGUAGES):
        raise Refusal(_("Choose one of the languages on this page."))
    Person.objects.filter(pk=by.pk).exclude(language=language).update(language=language)


def _end(keys: Iterable[str]) -> int:
    keys = list(keys)
    ended, _each = Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return ended
