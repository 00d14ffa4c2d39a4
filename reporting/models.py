"""Reports that were asked for. What is kept of one is what its reader sees: nothing is counted here that isn't shown."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reporting.enums import Audience, RunStatus


class ReportRun(models.Model):
    """One report: of a council, over a period that has ended, for one kind of reader. Made once, then kept as it is.

    ``content`` is written when it is done, protected already; nothing in between is stored, so a run that is broken off
    leaves nothing behind and begins anew when its lease has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day, included
    audience = models.CharField(max_length=20)
    status = models.CharField(max_length=8, default=RunStatus.WAITING.value)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)  # whoever holds it writes; a run taken over by another has a new one
    attempts = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    steps_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    content = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-ends_on", "starts_on", "audience"]
        indexes = [models.Index(fields=["asked_at"], name="report_waiting", condition=Q(status__in=["WAITING", "RUNNING"]))]
        constraints = [
            models.UniqueConstraint(fields=["council", "starts_on", "ends_on", "audience"], name="report_once"),
            models.CheckConstraint(condition=Q(audience__in=[a.value for a in Audience]), name="report_audience_known"),
            models.CheckConstraint(condition=Q(status__in=[s.value for s in RunStatus]), name="report_status_known"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="report_period"),
            models.CheckConstraint(
                condition=Q(status="DONE", content__isnull=False, finished_at__isnull=False) | (~Q(status="DONE") & Q(content__isnull=True)),
                name="report_done_has_content",
            ),
            models.CheckConstraint(condition=Q(steps_done__lte=F("steps")), name="report_steps"),
        ]


class ReportPublication(models.Model):
    """That the council has put a public report on its public page, who did, and when it was taken down. Written once, withdrawn once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, related_name="publications")
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(fields=["run"], condition=Q(withdrawn_at__isnull=True), name="report_published_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True) | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="report_withdrawn_by_somebody",
            ),
        ]
