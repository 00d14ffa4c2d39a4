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


class ExternalBody(Dated):
    """A dated destination outside the council. It gets sealed bundles, never an account."""

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
