"""Something that holds from one local date to another, both included."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with a first and an optional last day."""

    def current(self, on: date) -> Self:
        """Takes a local date; returns the rows that hold on it (first and last day included)."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Dated(models.Model):
    """First day, last day (empty: until further notice). Both days count."""

    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_current(self, on: date) -> bool:
        """Takes a local date; returns whether this holds on it."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


def dates_in_order(name: str) -> models.CheckConstraint:
    """Takes a constraint name; returns the check that nothing ends before it starts."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("The last day must be the same as or after the first day."),
    )
