"""What is kept of a concern's course: events, proceedings, and notices waiting to be sent."""

import uuid

from django.conf import settings
from django.db import models

from concerns.enums import ProceedingKind

from .concern import Concern
from .encrypted import EncryptedTextField


class Event(models.Model):
    """One line of the trail. Append-only; no foreign keys, so that it outlives what it tells of (house rule 6).

    Each line is a link of the concern's chain: the last four columns are the database's, whatever is given (concerns.models.trail).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern_id = models.UUIDField(db_index=True)
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=20, blank=True)
    hat = models.CharField(max_length=40, blank=True)
    acting_for = models.CharField(max_length=40, blank=True)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    rule_id = models.CharField(max_length=40, blank=True)
    protocol_label = models.CharField(max_length=120, blank=True)
    cites = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)  # codes and dates only
    reason = EncryptedTextField(null=True)  # what the person wrote; shown to those who may read
    seq = models.PositiveIntegerField(default=0, editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, editable=False)
    reason_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the reason as it was first stored
    hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["concern_id", "seq"], name="event_chain")]


class Proceeding(models.Model):
    """A formal procedure or outside help on a concern: its reference, dates and outcome."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="proceedings")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ProceedingKind])
    destination = EncryptedTextField(null=True)  # the outside body or person, as on that day
    external_body = models.ForeignKey("councils.ExternalBody", null=True, on_delete=models.PROTECT, related_name="+")
    reference = EncryptedTextField(null=True)  # the procedure's own, if it has one
    remit = models.CharField(max_length=20, blank=True)  # "support_only" where the law limits it (L2)
    code_paragraph = EncryptedTextField(null=True)
    official_capacity = models.BooleanField(null=True)
    seriousness = models.CharField(max_length=20, blank=True)
    session_type = models.CharField(max_length=20, blank=True)
    meeting_on = models.DateField(null=True)
    minute_ref = EncryptedTextField(null=True)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    summary = EncryptedTextField(null=True)  # the only words shared outside, agreed with the raiser

    class Meta:
        default_permissions = ()
        ordering = ["opened_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="proceeding_dates",
            )
        ]


class Notice(models.Model):
    """Something to tell one person by mail: fixed words and a link (outbox)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, null=True, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # given up: shown to the handler and to operators
    last_error = models.CharField(max_length=200, blank=True)  # an error class and code, never a message body
    settled_at = models.DateTimeField(null=True)  # given up, and somebody told the person themselves or had it sent again
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_due", condition=models.Q(sent_at__isnull=True, failed_at__isnull=True)
            ),
            models.Index(
                fields=["concern"], name="notice_failed", condition=models.Q(failed_at__isnull=False, settled_at__isnull=True)
            ),
        ]
