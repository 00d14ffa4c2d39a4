"""Days on which somebody is away. Why is nobody's business here: no reason is kept.

While an absence lasts its person holds no office for a route: whoever acts in their place does, and where nobody does
the protocol's own fallbacks. Migration 0005 adds absence_no_overlap: nobody is away twice on one day.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council
from councils.models.dated import Dated, dates_in_order
from councils.models.person import Person


class Absence(Dated):
    """One person, away from one council from a day on; without a last day until they are back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="absences", verbose_name=_("council"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name=_("person"))
    booked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("booked by"))
    booked_at = models.DateTimeField(_("booked"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("council", "starts_on", "id")
        indexes = (models.Index(fields=("council", "starts_on"), name="absence_council_idx"),)
        constraints = (dates_in_order("absence_dates_in_order"),)

    def __str__(self) -> str:
        return f"{self.person} · {self.starts_on}"
