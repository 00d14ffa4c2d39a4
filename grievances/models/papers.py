"""What is written in a grievance: points, report, decision, findings, grounds of appeal, support. All of it encrypted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from concerns.models import Concern, Document
from concerns.models.encrypted import EncryptedTextField

from .grievance import Grievance, Inquiry

PERSON = settings.AUTH_USER_MODEL


class Allegation(models.Model):
    """One point the employee puts to the panel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="allegations")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = EncryptedTextField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["grievance", "number"], name="allegation_number_once")]


class Report(models.Model):
    """What the investigator found out: their text, or one of the concern's documents. For the panel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.OneToOneField(Inquiry, on_delete=models.CASCADE, related_name="report")
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="reports")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(null=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class Decision(models.Model):
    """A panel's decision: drafted by one member, released by another. Before that only the panel sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="decisions")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    panel = models.CharField(max_length=8)
    outcome = models.CharField(max_length=60)
    reasons = EncryptedTextField(null=True)
    recommendations = EncryptedTextField(null=True)
    drafted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    released_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    told = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")  # the convener, with the release

    class Meta:
        default_permissions = ()
        ordering = ["drafted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["grievance", "panel"], name="decision_one_per_panel"),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, released_by__isnull=True)
                | (models.Q(released_at__isnull=False, released_by__isnull=False) & ~models.Q(released_by=models.F("drafted_by"))),
                name="decision_by_two_people",
            ),
        ]


class Finding(models.Model):
    """What a panel finds on one point. The database refuses one where the law allows none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="findings")
    allegation = models.ForeignKey(Allegation, on_delete=models.PROTECT, related_name="findings")
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    released_at = models.DateTimeField(null=True)
    told = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["decision", "allegation"], name="finding_one_per_point")]


class AppealGrounds(models.Model):
    """Why the employee appeals, in their words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.OneToOneField(Grievance, on_delete=models.CASCADE, related_name="grounds")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    text = EncryptedTextField(null=True)
    lodged_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class Support(models.Model):
    """Help for the employee, asked for or given. No lock closes it and it finds nothing about anybody (E5, E8, Q3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="support")
    kind = models.CharField(max_length=24)
    text = EncryptedTextField(null=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked = models.BooleanField(default=False)  # by the employee; else given
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]


class TieFlag(models.Model):
    """A tie came to light after somebody had a part in a case: somebody free of it considers what follows (A-11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="tie_flags")
    relationship = models.ForeignKey("councils.DisclosedRelationship", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")  # who had the part
    told = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    considered_at = models.DateTimeField(null=True)
    choice = models.CharField(max_length=12, blank=True)
    reason = EncryptedTextField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["raised_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["concern", "relationship", "person"], name="tieflag_once"),
            models.CheckConstraint(
                condition=models.Q(considered_at__isnull=True, choice="")
                | (models.Q(considered_at__isnull=False, reason__isnull=False) & ~models.Q(choice="")),
                name="tieflag_considered_with_reason",
            ),
        ]
