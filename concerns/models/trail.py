"""What makes a change to the trail show: where each concern's chain ends, what was renewed or erased, and the anchors.

Written by the database alone (migration 0006); behind both walls for everybody, read by system work only.
"""

import uuid

from django.db import models


class TrailHead(models.Model):
    """The end of one concern's chain of events. Its row is what writers of the chain queue at."""

    concern_id = models.UUIDField(primary_key=True)
    council_id = models.UUIDField()
    seq = models.PositiveIntegerField()  # of the last event
    hash = models.CharField(max_length=64, blank=True)  # of the last event
    renewals = models.PositiveIntegerField(default=0)
    renewed = models.CharField(max_length=64, blank=True)  # over every renewal so far
    anchored = models.BooleanField(default=False)  # nothing new since the last anchor

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["council_id"], name="trail_to_anchor", condition=models.Q(anchored=False))]


class TrailRenewal(models.Model):
    """A reason that was encrypted anew with another key, or erased: its checksum before, and after ("": erased)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern_id = models.UUIDField()
    n = models.PositiveIntegerField()
    event_id = models.UUIDField()
    at = models.DateTimeField()
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern_id", "n"], name="trail_renewal_once")]


class TrailAnchor(models.Model):
    """One link of a council's chain: the ends of every chain that had grown since the link before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    heads = models.JSONField()  # [[concern, seq, hash, renewals, renewed], …]
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["council_id", "seq"], name="trail_anchor_once")]


class TrailDigest(models.Model):
    """The signed digest of one day, kept until it has left: whoever mails it, however often it is tried, it is the same."""

    day = models.DateField(primary_key=True)
    text = models.TextField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class Erasure(models.Model):
    """That a row is gone for good, so that a restored backup doesn't bring it back: its table ("purged": redirected) and id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=63)
    row_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
