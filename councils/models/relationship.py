"""Family, business and close links that people disclosed. A–B and B–A are one: the pair is stored in id order.

Migration 0002 adds relationship_no_overlap: one current row per pair, kind and council.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council
from councils.models.dated import Dated, dates_in_order
from councils.models.person import Person


class RelationshipKind(models.TextChoices):
    FAMILY = "family", _("Family")
    BUSINESS = "business", _("Business")
    CLOSE_PERSONAL = "close_personal", _("Close personal")


class DisclosedRelationship(Dated):
    """A tie between two people that would make one's part in the other's case look unfair."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="relationships", verbose_name=_("council"))
    person_a = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    person_b = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("other person"))
    kind = models.CharField(_("kind"), max_length=20, choices=RelationshipKind.choices)
    disclosed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("disclosed by"))
    disclosed_on = models.DateField(_("disclosed on"))

    class Meta:
        verbose_name = _("disclosed relationship")
        verbose_name_plural = _("disclosed relationships")
        ordering = ("council", "-disclosed_on")
        constraints = (
            dates_in_order("relationship_dates_in_order"),
            models.CheckConstraint(condition=Q(person_a__lt=F("person_b")), name="relationship_pair_in_order"),
            models.CheckConstraint(condition=Q(kind__in=RelationshipKind.values), name="relationship_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.person_a} – {self.person_b}"
