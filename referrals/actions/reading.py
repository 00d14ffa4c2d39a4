"""Opening a bundle: checked against its hashes first, and logged."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from councils.errors import Refusal
from councils.models import Person
from referrals import queries
from referrals.models import Bundle, BundleOpening

PARTS = ("pdf", "zip")


@transaction.atomic
def open_bundle(*, bundle: Bundle, part: str, by: Person, now: datetime) -> bytes:
    """The PDF or the ZIP as it was sealed; the opening is logged. Raises Refusal when it isn't as it was sealed."""
    found = queries.check(bundle)
    if not found.intact:
        raise Refusal(str(_("This bundle isn't as it was sealed. Don't rely on it, and tell whoever runs this service.")))
    BundleOpening.objects.create(
        concern_id=bundle.concern_id, referral_id=bundle.referral_id, bundle=bundle, person=by, at=now, part=part
    )
    return bytes(bundle.pdf if part == "pdf" else bundle.zip)
