"""Reviews of the protocol: what makes one due, the review itself with its minute, and the alerts that were given.

Nothing here is about anybody's concern. A concluded review is kept as it is (trigger); one review is open at a time.
"""

from __future__ import annotations

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council
from councils.models.person import Person
from councils.models.protocol_version import ProtocolVersion


class OccasionKind(models.TextChoices):
    NEW_ADMINISTRATION = "new_administration", _("A change of administration")
    CODE_OF_CONDUCT_ADOPTED = "code_of_conduct_adopted", _("A new Code of Conduct was adopted")
    SOONER_IF_REQUIRED = "sooner_if_required", _("The council wants a review sooner")
    COUNCIL_DATE = "council_date", _("A day the council set")


class ReviewResult(models.TextChoices):
    UNCHANGED = "unchanged", _("The protocol stays as it is")
    CHANGED = "changed", _("The protocol is changed")


KEPT = """
IF TG_OP = 'DELETE' OR OLD.concluded_on IS NOT NULL THEN
    RAISE EXCEPTION 'review_kept_once_concluded' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_kept_once_concluded';
END IF;
RETURN NEW;
"""


class ProtocolReview(models.Model):
    """A review of one version: opened, then concluded with a minute. ``due_on``: the day it is held for, if one was due."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="reviews", verbose_name=_("council"))
    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="reviews", verbose_name=_("version"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    opened_on = models.DateField(_("opened"))
    opened_at = models.DateTimeField(_("recorded"))
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("opened by"))
    concluded_on = models.DateField(_("concluded"), null=True, blank=True)
    concluded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    result = models.CharField(_("result"), max_length=10, choices=ReviewResult.choices, blank=True, default="")
    body = models.CharField(_("reviewed by"), max_length=200, blank=True, default="")
    minute_ref = models.CharField(_("minute"), max_length=200, blank=True, default="")
    author = models.CharField(_("author"), max_length=200, blank=True, default="")
    origin = models.CharField(_("origin of change"), max_length=300, blank=True, default="")
    changed_by = models.CharField(_("changed by"), max_length=200, blank=True, default="")
    new_version = models.ForeignKey(
        ProtocolVersion, models.PROTECT, null=True, blank=True, related_name="came_from", verbose_name=_("new version")
    )

    class Meta:
        verbose_name = _("protocol review")
        verbose_name_plural = _("protocol reviews")
        ordering = ("council", "-opened_at")
        constraints = (
            models.UniqueConstraint(fields=("council",), condition=Q(concluded_on__isnull=True), name="review_one_open"),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True, result="") | (Q(concluded_on__gte=F("opened_on")) & ~Q(minute_ref="") & ~Q(body="")),
                name="review_concluded_with_minute",
            ),
            models.CheckConstraint(
                condition=Q(concluded_on__isnull=True) | Q(result__in=ReviewResult.values), name="review_concluded_with_result"
            ),
            models.CheckConstraint(
                condition=~Q(result="changed") | (~Q(author="") & ~Q(origin="") & ~Q(changed_by="")), name="review_change_recorded"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="review_kept_once_concluded", when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Delete, func=KEPT
            ),
        )

    def __str__(self) -> str:
        return f"{self.opened_on:%Y-%m-%d} {self.get_result_display()}"


class ReviewOccasion(models.Model):
    """An event that makes a review due on the day it happened, or a day the council set itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="review_occasions", verbose_name=_("council"))
    kind = models.CharField(_("what"), max_length=30, choices=OccasionKind.choices)
    on = models.DateField(_("on"))
    reason = models.CharField(_("reason or minute"), max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    settled_by = models.ForeignKey(ProtocolReview, models.PROTECT, null=True, related_name="occasions", verbose_name=_("answered by"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        verbose_name = _("occasion for a review")
        verbose_name_plural = _("occasions for a review")
        ordering = ("council", "-on", "-recorded_at")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=OccasionKind.values), name="occasion_kind_known"),
            models.UniqueConstraint(
                fields=("council", "kind", "on"), condition=Q(settled_by__isnull=True, withdrawn_at__isnull=True), name="occasion_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_kind_display()}"


class ReviewAlert(models.Model):
    """Said once: so many days before a review is due (-1: overdue). It stands until that day is no longer the one that counts."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="review_alerts", verbose_name=_("council"))
    due_on = models.DateField(_("due"))
    step = models.SmallIntegerField(_("days before"))
    at = models.DateTimeField(_("when"))
    was_sent = models.BooleanField(_("told"), default=True)  # False: its day had passed when a more urgent one was told
    ended_at = models.DateTimeField(_("over"), null=True)

    class Meta:
        verbose_name = _("review alert")
        verbose_name_plural = _("review alerts")
        ordering = ("council", "due_on", "-step")
        indexes = (models.Index(fields=("council",), condition=Q(ended_at__isnull=True), name="review_alert_standing"),)
        constraints = (models.UniqueConstraint(fields=("council", "due_on", "step"), name="review_alert_once"),)

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m-%d} {self.step}"
