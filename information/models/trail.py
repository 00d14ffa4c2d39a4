"""What is kept of the course of a request or a question: advice, and an append-only trail."""

import uuid

from django.conf import settings
from django.db import models

from concerns.models.encrypted import EncryptedTextField

from .request import AccessRequest


class Advice(models.Model):
    """What the determiner asked an adviser, and what they said. Not for the requester."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="advice")
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    question = EncryptedTextField(null=True)
    answer = EncryptedTextField(null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["asked_at", "id"]


class Line(models.Model):
    """One line of the trail of a request or a question. Append-only, no foreign keys, never read to decide.

    Each is a link of a chain: the last four columns are the database's, whatever is given (concerns.models.trail).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about_id = models.UUIDField(db_index=True)
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    part = models.CharField(max_length=12, blank=True)
    hat = models.CharField(max_length=40, blank=True)
    acting_for = models.CharField(max_length=40, blank=True)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    protocol_label = models.CharField(max_length=120, blank=True)
    cites = models.JSONField(default=list, blank=True)
    facts = models.JSONField(default=dict, blank=True)  # codes and dates only
    reason = EncryptedTextField(null=True)
    seq = models.PositiveIntegerField(default=0, editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, editable=False)
    reason_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["about_id", "seq"], name="line_chain")]
