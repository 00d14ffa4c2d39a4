"""Dated obligations: codes and days only, never what was written. Under forced row-level security (migration 0001)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from clocks.enums import Basis, ObligationKind, Unit

OPEN = Q(met_at__isnull=True, ended_at__isnull=True)


class Obligation(models.Model):
    """Something due. Open until it is met, or ends because nobody needs it any more; then it stays as it was.

    ``due_at`` is the end of ``due_on`` in Europe/London: overdue from then on. A request of its own has no concern; then
    ``owners`` and ``watchers`` say by id who has to act and who else may know of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey("concerns.Concern", null=True, on_delete=models.CASCADE, related_name="obligations")
    source = models.CharField(max_length=24)  # the room, or the concern's own stage
    source_id = models.UUIDField(null=True)  # the room's row
    kind = models.CharField(max_length=32)
    code = models.CharField(max_length=48, blank=True)  # which of the council's targets it follows
    opened_on = models.DateField()  # counted from this day
    target = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=16)
    due_on = models.DateField()
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=8)
    cites = models.JSONField(default=list, blank=True)
    calculation = models.JSONField(default=list, blank=True)  # lines of codes, numbers and days
    moves = models.JSONField(default=list, blank=True)  # [{"on", "from", "to", "why"}]
    capacities = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # of those who have to act
    owners = ArrayField(models.UUIDField(), default=list, blank=True)
    watchers = ArrayField(models.UUIDField(), default=list, blank=True)
    paused_on = models.DateField(null=True)  # on hold since
    paused_until = models.DateField(null=True)
    paused_days = models.PositiveIntegerField(default=0)  # of holds that are over
    extended_to = models.DateField(null=True)
    opened_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    escalated_step = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    reminded_step = models.PositiveSmallIntegerField(default=0)
    next_reminder_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["concern"], name="obligation_concern"),
            models.Index(fields=["due_at"], name="obligation_due", condition=OPEN),
            models.Index(fields=["next_reminder_at"], name="obligation_reminder", condition=OPEN & Q(next_reminder_at__isnull=False)),
            models.Index(fields=["source_id"], name="obligation_source", condition=Q(concern__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "kind", "source", "source_id"], condition=OPEN, name="obligation_open_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in ObligationKind]), name="obligation_kind_known"),
            models.CheckConstraint(condition=Q(unit__in=[u.value for u in Unit]), name="obligation_unit_known"),
            models.CheckConstraint(condition=Q(basis__in=[b.value for b in Basis]), name="obligation_basis_known"),
            models.CheckConstraint(condition=Q(met_at__isnull=True) | Q(ended_at__isnull=True), name="obligation_met_or_ended"),
            models.CheckConstraint(condition=Q(unit="date") | Q(target__gte=1), name="obligation_counted_has_target"),
            models.CheckConstraint(
                condition=Q(concern__isnull=True) | Q(owners=[], watchers=[]), name="obligation_people_without_concern"
            ),
        ]  # fmt: skip
