"""Days on which a council's office is closed although it is no bank holiday: Christmas week, a local holiday.

Migration 0004 adds: closure_no_overlap (a day is closed once) and closure_not_too_long. A trigger keeps `Council.closed_days`, so that whatever
counts working days has them with the council and asks nothing.
"""

from __future__ import annotations

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council

LONGEST = 31  # days of one closure; also in the migration's constraint

KEEP_CLOSED_DAYS = """
UPDATE councils_council SET closed_days = ARRAY(
    SELECT DISTINCT day::date FROM councils_councilclosure c,
        generate_series(c.starts_on::timestamp, c.ends_on::timestamp, '1 day') day
    WHERE c.council_id = councils_council.id ORDER BY 1)
WHERE id IN (COALESCE(NEW.council_id, OLD.council_id), COALESCE(OLD.council_id, NEW.council_id));
RETURN NULL;
"""


class CouncilClosure(models.Model):
    """From one day to another, both included."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="closures", verbose_name=_("council"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("what for"), max_length=120)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ("council", "starts_on")
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_on__gte=F("starts_on")), name="closure_dates_in_order"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="closure_has_reason"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="closure_keep_closed_days",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_CLOSED_DAYS,
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"
