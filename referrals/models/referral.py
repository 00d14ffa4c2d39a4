"""One Code of Conduct complaint on its way to, with and back from the body that decides on it.

The machine: PREPARED → SENT → ACKNOWLEDGED → ASSESSING → SENT_BACK | UNDER_INVESTIGATION → OUTCOME_RECEIVED → CLOSED.
From ASSESSING an office may also end it without investigation, never with a finding (``referrals.domain``).
"""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models import Concern, Proceeding, new_reference
from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from referrals.enums import State

S = State


class Referral(FSMModelMixin, models.Model):
    """What was referred, where it stands, and its dates. The office's desk knows this row, never the concern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="+")
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # the first, second … referral of this concern
    reference = models.CharField(max_length=9, default=new_reference, editable=False, unique=True)
    jurisdiction = models.CharField(max_length=10)
    state = StateField(default=S.PREPARED.value, protected=True)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    happened_on = models.DateField(null=True)
    # where it goes
    external_body = models.ForeignKey("councils.ExternalBody", null=True, on_delete=models.PROTECT, related_name="+")
    destination = EncryptedTextField(null=True)
    addressed_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    addressed_role = models.CharField(max_length=40, blank=True)
    officer_mediated = models.BooleanField(default=False)  # somebody of that office helped as a mediator (Y-18)
    # what goes with it
    code_paragraph = EncryptedTextField(null=True)
    identity_warning_at = models.DateTimeField(null=True)
    confidentiality_asked = models.BooleanField(null=True)
    confidentiality_reason = EncryptedTextField(null=True)
    subject_told = models.CharField(max_length=20, blank=True)
    subject_told_reason = EncryptedTextField(null=True)
    # in Wales, before a local settlement (W3)
    serious = models.BooleanField(null=True)
    repeated = models.BooleanField(null=True)
    # its course
    sent_by_way = models.CharField(max_length=20, blank=True)
    sent_on = models.DateField(null=True)
    acknowledged_on = models.DateField(null=True)
    assessing_on = models.DateField(null=True)
    sent_back_on = models.DateField(null=True)
    investigating_on = models.DateField(null=True)
    outcome_on = models.DateField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    outcome_reference = EncryptedTextField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["concern", "number"], name="referral_number_once"),
            models.UniqueConstraint(
                fields=["concern"], condition=~models.Q(state__in=[S.SENT_BACK, S.CLOSED]), name="referral_one_running"
            ),
            models.CheckConstraint(
                name="referral_finding_with_its_letter",
                condition=models.Q(outcome="", outcome_on__isnull=True)
                | models.Q(
                    state__in=[S.OUTCOME_RECEIVED, S.CLOSED], outcome_on__isnull=False, outcome_reference__isnull=False,
                    sent_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="referral_received_has_finding", condition=~models.Q(state=S.OUTCOME_RECEIVED) | ~models.Q(outcome="")
            ),
            models.CheckConstraint(
                name="referral_sent_has_date", condition=models.Q(state__in=[S.PREPARED, S.CLOSED]) | models.Q(sent_on__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=S.PREPARED, target=S.SENT)
    def send(self) -> None:
        """The sealed bundle was handed over."""

    @transition(field=state, source=S.SENT, target=S.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """The office said that it has it."""

    @transition(field=state, source=S.ACKNOWLEDGED, target=S.ASSESSING)
    def start_assessing(self) -> None:
        """The office looks whether there is something to investigate."""

    @transition(field=state, source=S.ASSESSING, target=S.SENT_BACK)
    def ask_local(self) -> None:
        """The office asks for a local settlement."""

    @transition(field=state, source=S.ASSESSING, target=S.UNDER_INVESTIGATION)
    def investigate(self) -> None:
        """The office investigates."""

    @transition(field=state, source=[S.ASSESSING, S.UNDER_INVESTIGATION], target=S.OUTCOME_RECEIVED)
    def receive_outcome(self) -> None:
        """The office's answer."""

    @transition(field=state, source=[S.PREPARED, S.OUTCOME_RECEIVED], target=S.CLOSED)
    def close(self) -> None:
        """Taken over into the concern, or never sent."""


def allowed_pairs() -> list[tuple[str, str]]:
    """Every (from, to) pair of the machine; the database's trigger holds the same list."""
    steps = Referral._meta.get_field("state").get_all_transitions(Referral)
    return sorted({(str(step.source), str(step.target)) for step in steps})
