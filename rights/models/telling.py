"""What people say was done wrong with data: complaints, and breaches."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin, transition

from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from rights.enums import BreachState, ComplaintState, Risk

from .matter import Matter


class DataComplaint(FSMModelMixin, Matter):
    """A complaint about how the council used somebody's data. Anybody may make one, with or without an account."""

    state = StateField(default=ComplaintState.RECEIVED.value, protected=True, max_length=12)
    complainant = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField(null=True)
    contact = EncryptedTextField(null=True)
    text = EncryptedTextField(null=True)
    against = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # deals with it in no case
    received_on = models.DateField()
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = EncryptedTextField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["opened_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ComplaintState]), name="rights_complaint_state_known"),
            models.CheckConstraint(
                condition=Q(complainant__isnull=True)
                | (
                    (Q(acknowledged_by__isnull=True) | ~Q(acknowledged_by=F("complainant")))
                    & (Q(answered_by__isnull=True) | ~Q(answered_by=F("complainant")))
                ),
                name="rights_complaint_by_others",
            ),
        ]

    @transition(field=state, source=ComplaintState.RECEIVED, target=ComplaintState.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """They know that it came."""

    @transition(field=state, source=[ComplaintState.RECEIVED, ComplaintState.ACKNOWLEDGED], target=ComplaintState.ANSWERED)
    def answer(self) -> None:
        """They know what was found."""


class Breach(FSMModelMixin, Matter):
    """Data that was lost, changed or seen by somebody who shouldn't have. Every one is written down, reported or not."""

    state = StateField(default=BreachState.REPORTED.value, protected=True, max_length=12)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    aware_at = models.DateTimeField()
    what = EncryptedTextField(null=True)
    people_count = models.PositiveIntegerField(null=True)
    risk = models.CharField(max_length=10, blank=True)
    measures = EncryptedTextField(null=True)  # what was and is done about it
    office_told_at = models.DateTimeField(null=True)  # the Information Commissioner
    office_reference = EncryptedTextField(null=True)
    people_told_on = models.DateField(null=True)
    why_not = EncryptedTextField(null=True)  # why somebody wasn't told, or was told late
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["aware_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in BreachState]), name="rights_breach_state_known"),
            models.CheckConstraint(condition=Q(risk="") | Q(risk__in=[r.value for r in Risk]), name="rights_breach_risk_known"),
            models.CheckConstraint(
                condition=~Q(state=BreachState.CLOSED) | Q(risk=Risk.UNLIKELY) | Q(office_told_at__isnull=False) | Q(why_not__isnull=False),
                name="rights_breach_office_told_or_why",
            ),
        ]

    @transition(field=state, source=[BreachState.REPORTED, BreachState.ASSESSED], target=BreachState.ASSESSED)
    def assess(self) -> None:
        """Somebody looked at what it may do to people."""

    @transition(field=state, source=BreachState.ASSESSED, target=BreachState.CLOSED)
    def close(self) -> None:
        """Whoever had to be told was."""
