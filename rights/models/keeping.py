"""Who keeps a council's records, how long each kind is kept, and what is kept longer for legal reasons."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from concerns.models.encrypted import EncryptedTextField
from rights.domain.retention import LEAST_DRAFT_MONTHS, LEAST_MONTHS, MOST_MONTHS
from rights.enums import OutcomeClass


class Keeper(models.Model):
    """A records keeper: somebody in post whom the council's administrator named. No case content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["council", "person"], condition=Q(until__isnull=True), name="rights_keeper_once"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="rights_keeper_dates"),
        ]


class RetentionRule(models.Model):
    """How many months after its close a council keeps what ended in one way. Without a rule nothing is due. No case content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    outcome_class = models.CharField(max_length=12)
    months = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # None: as shipped
    minute_ref = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["council", "outcome_class"], name="rights_retention_once"),
            models.CheckConstraint(condition=Q(outcome_class__in=[c.value for c in OutcomeClass]), name="rights_retention_class_known"),
            models.CheckConstraint(
                condition=Q(months__range=(LEAST_MONTHS, MOST_MONTHS)) | Q(months__range=(LEAST_DRAFT_MONTHS, MOST_MONTHS), outcome_class="draft"),
                name="rights_retention_months",
            ),
        ]


class LegalHold(models.Model):
    """What nobody may destroy for now: one case, or everything of a council. Lifted, never removed while the case is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    case_id = models.UUIDField(null=True, db_index=True)  # None: everything of the council
    reason = EncryptedTextField(null=True)
    review_on = models.DateField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_why = EncryptedTextField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["council", "case_id"], condition=Q(lifted_at__isnull=True), nulls_distinct=False, name="rights_hold_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="rights_hold_lifted_by_somebody",
            ),
        ]


class DraftWarning(models.Model):
    """That whoever began a draft was told on which day it goes unless they go on with it. Theirs alone; goes with the draft."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_id = models.UUIDField(unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    goes_on = models.DateField()

    class Meta:
        default_permissions = ()
