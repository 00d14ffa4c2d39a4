"""What all matters share, who has a seat on one, and the trail."""

import uuid

from django.conf import settings
from django.db import models

from concerns.models.concern import new_reference
from concerns.models.encrypted import EncryptedTextField


class Matter(models.Model):
    """Something the council's records keepers deal with. Each has a reference, a council and a state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, default=new_reference, editable=False, unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference


class Seat(models.Model):
    """A records keeper who deals with one matter. Given and ended by the database alone: whoever is kept out never has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["about_id", "person"], name="rights_seat_once")]
        indexes = [models.Index(fields=["person"], name="rights_seat_person", condition=models.Q(until__isnull=True))]


class Line(models.Model):
    """One line of the trail of a matter. Append-only, no foreign keys, never read to decide.

    Each is a link of a chain: the last four columns are the database's, whatever is given (concerns.models.trail).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about_id = models.UUIDField(db_index=True)
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    facts = models.JSONField(default=dict, blank=True)  # codes, dates and ids only
    reason = EncryptedTextField(null=True)
    seq = models.PositiveIntegerField(default=0, editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, editable=False)
    reason_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        ordering = ["at", "seq"]
        constraints = [models.UniqueConstraint(fields=["about_id", "seq"], name="rights_line_chain")]
