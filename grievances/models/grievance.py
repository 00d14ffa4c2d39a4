"""A grievance's course: its machine, its panel, its hearings, its investigator. No content: that is in ``papers``.

Which step is open is decided by ``grievances.domain.machine``; the transitions repeat its pairs, and a test holds
the two and the database's trigger equal.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django_fsm import GET_STATE, FSMModelMixin, transition

from concerns.models import Concern, Proceeding
from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from grievances.enums import GrievanceState as S
from grievances.enums import HearingStatus, Remit, SeatStatus

PERSON = settings.AUTH_USER_MODEL
BEFORE_DECISION = [S.SUBMITTED, S.PANEL_FORMING, S.INVESTIGATING, S.HEARING_SET]


class Grievance(FSMModelMixin, models.Model):
    """One grievance before a panel: the child of a concern's proceeding."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="grievances")
    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="grievances")
    state = StateField(default=S.SUBMITTED.value, protected=True, max_length=20)
    resumes = models.CharField(max_length=20, blank=True)  # where it goes on once the panel is quorate again
    remit = models.CharField(max_length=20, default=Remit.FULL.value)
    limit = models.CharField(max_length=8, blank=True)  # the law item that sets the remit
    quorum = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField()
    appeal_quorum = models.PositiveSmallIntegerField()
    appeal_size = models.PositiveSmallIntegerField()
    overlap = models.BooleanField(default=False)  # an appeal member sat before, with a recorded reason (Acas Code: wherever possible)
    opened_on = models.DateField()
    appeal_until = models.DateField(null=True)
    appeal_asked_on = models.DateField(null=True)
    appeal_late = models.BooleanField(default=False)
    outside = models.CharField(max_length=20, blank=True)
    closed_on = models.DateField(null=True)
    ended_early = models.BooleanField(default=False)  # the concern moved on
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["opened_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proceeding"], condition=~models.Q(state=S.CLOSED), name="grievance_one_running"),
            models.CheckConstraint(
                condition=models.Q(state=S.CLOSED, closed_on__isnull=False) | (~models.Q(state=S.CLOSED) & models.Q(closed_on__isnull=True)),
                name="grievance_closed_has_date",
            ),
            models.CheckConstraint(condition=models.Q(quorum__gte=2, appeal_quorum__gte=2), name="grievance_never_one_alone"),
        ]

    # --- what may follow what -------------------------------------------------------------------------------
    @transition(field=state, source=[S.SUBMITTED, S.PANEL_FORMING], target=S.PANEL_FORMING)
    def form_panel(self) -> None:
        """Members of the body are asked to declare."""

    @transition(
        field=state,
        source=S.PANEL_FORMING,
        target=GET_STATE(lambda self: self.resumes or S.PANEL_FORMING.value, states=[S.PANEL_FORMING, S.INVESTIGATING, S.HEARING_SET]),
    )
    def seat_panel(self) -> None:
        """The panel sits; what was interrupted goes on."""

    @transition(field=state, source=[S.PANEL_FORMING, S.INVESTIGATING, S.HEARING_SET], target=S.PANEL_FORMING)
    def lose_quorum(self) -> None:
        """Too few are left: nothing is lost, others are found."""
        if self.state != S.PANEL_FORMING:
            self.resumes = self.state

    @transition(field=state, source=[S.PANEL_FORMING, S.INVESTIGATING], target=S.INVESTIGATING)
    def investigate(self) -> None:
        """Somebody is asked to find out the facts."""

    @transition(field=state, source=[S.PANEL_FORMING, S.INVESTIGATING, S.HEARING_SET], target=S.HEARING_SET)
    def set_hearing(self) -> None:
        """A date is set; without an investigation when none is needed."""

    @transition(field=state, source=S.HEARING_SET, target=S.DECIDED)
    def decide(self) -> None:
        """The decision goes out."""

    @transition(field=state, source=S.DECIDED, target=S.APPEAL_OPEN)
    def open_appeal(self) -> None:
        """The raiser appeals in time, or late and it is admitted."""

    @transition(field=state, source=S.APPEAL_OPEN, target=S.APPEAL_DECIDED)
    def decide_appeal(self) -> None:
        """The appeal decision goes out."""

    @transition(field=state, source=[S.DECIDED, S.APPEAL_DECIDED], target=S.CLOSED)
    def close(self) -> None:
        """It ends: no appeal was made in time, or the appeal is decided."""

    @transition(field=state, source=[*BEFORE_DECISION, S.DECIDED, S.APPEAL_OPEN, S.APPEAL_DECIDED], target=S.CLOSED)
    def end_early(self) -> None:
        """The concern was withdrawn or took another route."""
        self.ended_early = True


def allowed_pairs() -> list[tuple[str, str]]:
    """Every (from, to) pair of the transitions above; the trigger holds the same list (tested)."""
    pairs: set[tuple[str, str]] = set()
    for step in Grievance._meta.get_field("state").get_all_transitions(Grievance):
        targets = getattr(step.target, "allowed_states", None) or [step.target]
        pairs.update((str(step.source), str(target)) for target in targets if str(target) != str(step.source))
    return sorted(pairs)


class PanelSeat(models.Model):
    """One person and one panel: asked, declared, seated, gone. Why somebody has a connection is kept nowhere (A15)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="seats")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    panel = models.CharField(max_length=8)
    status = models.CharField(max_length=12, default=SeatStatus.ASKED.value)
    is_substitute = models.BooleanField(default=False)
    is_chair = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)  # seated
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["panel", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["grievance", "person", "panel"], name="panelseat_once"),
            models.UniqueConstraint(
                fields=["grievance", "panel"], condition=models.Q(is_chair=True, status=SeatStatus.SEATED), name="panelseat_one_chair"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[SeatStatus.SEATED, SeatStatus.DONE]) | models.Q(declared_at__isnull=False, since__isnull=False),
                name="panelseat_declared_first",
            ),
        ]


class Inquiry(models.Model):
    """Somebody free of conflict finds out the facts for the panel. The report itself is in ``Report``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="inquiries")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    investigator = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    filed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["appointed_at", "id"]
        constraints = [models.UniqueConstraint(fields=["grievance"], condition=models.Q(until__isnull=True), name="inquiry_one_running")]


class Hearing(models.Model):
    """A date before one of the panels, and who comes with the employee. A postponed one stays on record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grievance = models.ForeignKey(Grievance, on_delete=models.CASCADE, related_name="hearings")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    panel = models.CharField(max_length=8)
    status = models.CharField(max_length=12, default=HearingStatus.SET.value)
    held_on = models.DateField()
    at = models.TimeField()
    place = EncryptedTextField(null=True)
    notice_given_on = models.DateField()
    companion_kind = models.CharField(max_length=24, blank=True)
    companion = EncryptedTextField(null=True)
    companion_named_at = models.DateTimeField(null=True)
    further = models.BooleanField(default=False)  # later than the law's five working days, with a reason
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["set_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["grievance", "panel"], condition=models.Q(status=HearingStatus.SET), name="hearing_one_date"
            )
        ]
