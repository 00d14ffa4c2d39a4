"""Someone outside the council: the principal authority's Monitoring Officer, a conciliator, an independent person.

Migration 0002 adds external_body_no_overlap: one holder of a code per council on any day. A reorganisation is an end
date, a successor and nothing else.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council
from councils.models.dated import Dated, dates_in_order
from councils.models.person import Person


class ExternalBody(Dated):
    """A dated destination outside the council. It gets sealed bundles; an officer of it may have a desk (ExternalOfficer)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="external_bodies", verbose_name=_("council"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    contact = models.CharField(_("contact"), max_length=254, blank=True, default="")
    address = models.TextField(_("postal address"), blank=True, default="")
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )

    class Meta:
        verbose_name = _("external body")
        verbose_name_plural = _("external bodies")
        ordering = ("council", "code", "starts_on")
        constraints = (
            dates_in_order("external_body_dates_in_order"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | (~Q(successor=F("id")) & Q(ends_on__isnull=False)),
                name="external_body_successor_after_end",
            ),
        )

    def __str__(self) -> str:
        return self.name


class OfficerRole(models.TextChoices):
    """In which part somebody works for an outside body."""

    MONITORING_OFFICER = "monitoring_officer", _("Monitoring Officer")
    DEPUTY_MONITORING_OFFICER = "deputy_monitoring_officer", _("Deputy Monitoring Officer")
    INDEPENDENT_PERSON = "independent_person", _("Independent Person")


class ExternalOfficer(Dated):
    """Somebody of an outside body who signs in here: one sign-in, however many councils name them.

    It lets them see nothing by itself: what was referred to them is (referrals). Migration 0003 adds
    external_officer_no_overlap: one part in one body on any day.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    external_body = models.ForeignKey(ExternalBody, models.PROTECT, related_name="officers", verbose_name=_("outside body"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="outside_posts", verbose_name=_("person"))
    role = models.CharField(_("part"), max_length=40, choices=OfficerRole.choices)

    class Meta:
        verbose_name = _("officer of an outside body")
        verbose_name_plural = _("officers of outside bodies")
        ordering = ("external_body", "role", "person__full_name")
        constraints = (
            dates_in_order("external_officer_dates_in_order"),
            models.CheckConstraint(condition=Q(role__in=OfficerRole.values), name="external_officer_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.external_body}"
