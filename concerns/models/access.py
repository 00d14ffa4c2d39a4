"""Who is on a concern, who may never be, and who has opened it.

The grant tables are guardian's direct-FK kind; only ``concerns.policy`` writes them. ``Participation`` is their
dated history: who, in which capacity, since when, until when, why and by whom.
"""

import uuid

from django.conf import settings
from django.db import models
from guardian.models import UserObjectPermissionBase

from concerns.enums import ConsentKind, ConsentStatus

from .concern import Concern
from .encrypted import EncryptedTextField


class ConcernUserObjectPermission(UserObjectPermissionBase):
    """One permission of one person on one concern, now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object = models.ForeignKey(Concern, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        default_permissions = ()


class Participation(models.Model):
    """One person in one capacity on one concern, from when to when. Rows are ended, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=20)
    hat = models.CharField(max_length=40, blank=True)  # the role code they act in
    acting_for = models.CharField(max_length=40, blank=True)  # the role code they stand in for
    token = models.CharField(max_length=60, blank=True)  # the recipient token that named them
    reads = models.BooleanField()
    reason = models.CharField(max_length=60)  # a fixed code, worded in concerns.wording
    cites = models.JSONField(default=list, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["concern", "person"], name="participation_who"),
            models.Index(
                fields=["person"],
                condition=models.Q(until__isnull=True, reason__in=["stands_in", "break_glass"]),
                name="participation_for_now",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "person", "capacity"], condition=models.Q(until__isnull=True), name="participation_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="participation_dates"
            ),
        ]


class Exclusion(models.Model):
    """A person who may never see or touch this concern, whatever they are granted elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="exclusions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "person"], name="exclusion_once")]


class Opening(models.Model):
    """When a person first and last opened the concern, and how often. Shown to everyone on the circle."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "person"], name="opening_once")]


class Consent(models.Model):
    """The raiser's consent to a wider circle: asked, given or refused, or overridden with the reason (glossary)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ConsentKind])
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in ConsentStatus])
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    wording = EncryptedTextField(null=True)  # what was asked, or why it was overridden

    class Meta:
        default_permissions = ()
        ordering = ["asked_at"]
