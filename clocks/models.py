"""Dated obligations: codes and days only, never what was written. Under forced row-level security (migration 0001)."""

import uuid
from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

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
    next_reminder_at = models.DateTimeField(null=True)  # when the clock looks at it again
    reminded_upto = models.DateTimeField(null=True)  # moments of the plan before have been dealt with
    silent_since = models.DateField(null=True)  # when somebody was last told of the silence, or gave a sign of life
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


class CouncilHours(models.Model):
    """When people of a council may be written to. ``changed`` until the clock has planned what is due there anew."""

    council = models.OneToOneField("councils.Council", primary_key=True, on_delete=models.CASCADE, related_name="+")
    opens = models.TimeField(default=time(8))
    closes = models.TimeField(default=time(18))
    changed = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="hours_in_order")]


class ReminderHabit(models.Model):
    """How a council has one kind of date remembered: working days before, the day itself, after; and when silence goes on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    before = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    on_the_day = models.BooleanField(default=True)
    after = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    escalate_after = models.PositiveSmallIntegerField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["council", "kind"], name="habit_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in ObligationKind]), name="habit_kind_known"),
            models.CheckConstraint(condition=Q(escalate_after__isnull=True) | Q(escalate_after__range=(1, 60)), name="habit_escalates_in_days"),
        ]


class Reminder(models.Model):
    """A moment of the plan that was dealt with: one row however many clocks run. It says how many people, never who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="reminders")
    concern = models.ForeignKey("concerns.Concern", null=True, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    code = models.CharField(max_length=16)
    at = models.DateTimeField()
    people = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["obligation", "due_on", "code"], name="reminder_once")]


class Preference(models.Model):
    """How a person wants to be reminded: of each thing, or once a day of all."""

    person = models.OneToOneField("councils.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    digest = models.BooleanField(default=False)
    digest_on = models.DateField(null=True)  # the day of the latest one

    class Meta:
        default_permissions = ()


class CalendarFeed(models.Model):
    """A calendar that somebody subscribed to. Only a fingerprint of its address is kept; without a row there is none."""

    person = models.OneToOneField("councils.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class Unsettled(models.Model):
    """Something to settle soon: it changed where whoever changed it couldn't. Added by anybody, read by system work alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.CharField(max_length=24)  # "concern", "council", or a room of its own
    row_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
