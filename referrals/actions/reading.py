"""Opening a bundle: checked against its hashes first, and logged."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concerns import outbox
from concerns.enums import NoticeKind
from concerns.models import Document, Participation
from councils.errors import Refusal
from councils.models import Person
from referrals import queries, wording
from referrals.actions import ground
from referrals.domain import sealing
from referrals.enums import State
from referrals.models import Bundle, BundleOpening, Referral, ReferralAccess

logger = logging.getLogger(__name__)

PARTS = ("pdf", "zip", "rest")


@transaction.atomic
def open_bundle(*, bundle: Bundle, part: str, by: Person, now: datetime) -> bytes:
    """The PDF or the ZIP as it was sealed; the opening is logged.

    Once a virus is found in one of its files only "rest" is given out: the ZIP without that file. Raises Refusal when it
    isn't as it was sealed, or this part isn't given out.
    """
    found = queries.check(bundle)
    if not found.intact:
        raise Refusal(str(_("This bundle isn't as it was sealed. Don't rely on it, and tell whoever runs this service.")))
    infected = queries.infected_in(bundle)
    if infected and part != "rest":
        raise Refusal(str(wording.VIRUS))
    if part == "rest" and not infected:
        raise Refusal(str(wording.NO_VIRUS))
    BundleOpening.objects.create(
        concern_id=bundle.concern_id, referral_id=bundle.referral_id, bundle=bundle, person=by, at=now, part=part
    )
    if part == "rest":
        return sealing.without(bytes(bundle.zip), infected, at=timezone.localtime(bundle.sealed_at))
    return bytes(bundle.pdf if part == "pdf" else bundle.zip)


def tell_of_virus(file: Any, now: datetime) -> None:
    """A virus was found in a stored file: whoever has a bundle with it on their desk, or follows it, is told (``rooms.INFECTED``).

    Runs inside system work. A line without content goes to the log, for whoever runs the service.
    """
    if not isinstance(file, Document):
        return
    for referral in Referral.objects.filter(bundles__documents__contains=[file.pk]).exclude(state=State.PREPARED).distinct():
        desk = ReferralAccess.objects.filter(referral=referral, until__isnull=True).values("person")
        follow = Participation.objects.filter(concern_id=referral.concern_id, capacity__in=ground.FOLLOWING, until__isnull=True).values("person")
        outbox.put(None, NoticeKind.NEEDS_YOU, to=Person.objects.filter(Q(pk__in=desk) | Q(pk__in=follow), is_active=True), now=now)
        logger.error("A sealed bundle holds a file in which a virus was found", extra={"referral": str(referral.pk)})
