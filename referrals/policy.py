"""Who may know of a referral: the council's circle through the concern, the office's officers through a row of their own.

The first wall of the desk; ``my_referrals()`` in PostgreSQL holds the same a second time (migration 0002).
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from councils.models import Appointment, ExternalOfficer, Person
from referrals.models import Referral, ReferralAccess

OWN_OFFICE = ("monitoring_officer", "deputy_monitoring_officer")


def on_desk(person: Person, *, on: date) -> QuerySet[Referral]:
    """The referrals ``person`` has on their desk on that day; empty for anybody else. Exclusions are PostgreSQL's."""
    if not person.is_active:
        return Referral.objects.none()
    posts = ExternalOfficer.objects.current(on).filter(pk=OuterRef("officer_id"), person=person)
    own = Appointment.objects.current(on).filter(person=person, role__in=OWN_OFFICE, council=OuterRef("referral__council_id"))
    access = ReferralAccess.objects.filter(person=person, until__isnull=True).filter(
        Q(officer__isnull=True) & Exists(own) | Q(officer__isnull=False) & Exists(posts)
    )
    return Referral.objects.filter(pk__in=access.values("referral_id"))


def has_desk(person: Person) -> bool:
    """Whether ``person`` ever had something on a desk, or works for an office: whether to show them the way to it."""
    return ReferralAccess.objects.filter(person=person).exists() or ExternalOfficer.objects.filter(person=person).exists()
