"""A member's request to see papers: what is asked and why, who decides, what was decided. Never the papers themselves."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import GET_STATE, FSMModelMixin, transition

from concerns.models.concern import new_reference
from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from information.domain.machine import REQUEST
from information.enums import DecisionStage, Outcome, RequestAction, RequestState

S, A = RequestState, RequestAction


def sources(action: RequestAction) -> list[str]:
    """From where a step is legal, as the machine has it."""
    return sorted(REQUEST[action].sources)


def targets(action: RequestAction) -> list[str]:
    """Where a step may lead."""
    return sorted(REQUEST[action].targets)


class AccessRequest(FSMModelMixin, models.Model):
    """One request. The requester's alone while it is a draft; then theirs and of those with a seat."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, default=new_reference, editable=False, unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", null=True, on_delete=models.PROTECT, related_name="+")
    state = StateField(default=S.DRAFT.value, protected=True, max_length=24)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requester_role = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, blank=True)
    document = EncryptedTextField(null=True)  # what they ask to see, in their words
    concern_reference = EncryptedTextField(null=True)  # as typed; never looked up for them
    concern_key = models.CharField(max_length=64, blank=True)  # binds who may not decide to that reference (migration 0003)
    directorate = models.CharField(max_length=120, blank=True)  # where it is held, if they know
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    claims = models.JSONField(default=list, blank=True)  # codes: why they are presumed to need it
    marks = models.JSONField(default=list, blank=True)  # codes: what it holds, as they say
    justification = EncryptedTextField(null=True)
    justification_asked = EncryptedTextField(null=True)  # the determiner's words when it must be more specific
    interest = models.CharField(max_length=24, blank=True)
    interest_words = EncryptedTextField(null=True)
    purpose = EncryptedTextField(null=True)
    # As worked out when it was asked: on which terms, and who decides in the protocol's words.
    notes = models.JSONField(default=list, blank=True)  # [{"code", "kind", "cites", "basis"}]: presumptions, bars, conditions
    token = models.CharField(max_length=60, blank=True)  # the protocol's decider
    decided_as = models.CharField(max_length=40, blank=True)  # the role whose decision it is, whoever takes it
    outside = EncryptedTextField(null=True)  # who decides where nobody in the portal can
    review_words = EncryptedTextField(null=True)
    purpose_accepted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_from = models.CharField(max_length=24, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-updated_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="request_asked_has_version",
                condition=models.Q(state=S.DRAFT) | models.Q(protocol_version__isnull=False, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_release_needs_purpose",
                condition=models.Q(released_at__isnull=True) | models.Q(purpose_accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_closed_has_date",
                condition=models.Q(state=S.CLOSED, closed_at__isnull=False) | (~models.Q(state=S.CLOSED) & models.Q(closed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=sources(A.ASK), target=S.ASKED)
    def ask(self) -> None:
        """Sent; next it is asked to be justified, or goes to who decides."""

    @transition(field=state, source=S.ASKED, target=S.JUSTIFICATION_NEEDED)
    def need_justification(self) -> None:
        """The protocol wants it justified in specific terms first."""

    @transition(field=state, source=sources(A.SEND_AGAIN), target=S.WITH_DETERMINER)
    def send(self) -> None:
        """With whoever decides."""

    @transition(field=state, source=sources(A.JUSTIFY), target=S.ASKED)
    def justify(self) -> None:
        """Justified; it goes on to who decides."""

    @transition(field=state, source=sources(A.ASK_JUSTIFICATION), target=S.JUSTIFICATION_NEEDED)
    def ask_justification(self) -> None:
        """The determiner needs it in more specific terms."""

    @transition(field=state, source=sources(A.GRANT), target=S.GRANTED)
    def grant(self) -> None:
        """All of it."""

    @transition(field=state, source=sources(A.PARTLY_GRANT), target=S.PARTLY_GRANTED)
    def partly_grant(self) -> None:
        """Some of it."""

    @transition(field=state, source=sources(A.REFUSE), target=S.REFUSED)
    def refuse(self) -> None:
        """None of it."""

    @transition(field=state, source=sources(A.ASK_REVIEW), target=S.REVIEW_ASKED)
    def ask_review(self) -> None:
        """With the reviewer."""

    @transition(field=state, source=sources(A.REVIEW_GRANT), target=S.REVIEW_GRANTED)
    def review_grant(self) -> None:
        """The reviewer lets them see it."""

    @transition(field=state, source=sources(A.REVIEW_REFUSE), target=S.REVIEW_REFUSED)
    def review_refuse(self) -> None:
        """The reviewer upholds the decision."""

    @transition(field=state, source=sources(A.RECEIVE), target=GET_STATE(lambda self: self.state, states=sources(A.RECEIVE)))
    def receive(self) -> None:
        """The purpose is accepted: what was granted may be handed over. The state stays."""

    @transition(field=state, source=sources(A.CLOSE), target=S.CLOSED)
    def close(self) -> None:
        """Over."""
        self.closed_from = self.state


class RequestSeat(models.Model):
    """Somebody who sees a request besides its requester, in which part, and in which capacity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12)
    hat = models.CharField(max_length=40, blank=True)
    acting_for = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person", "part"], name="request_seat_once", condition=models.Q(until__isnull=True))
        ]


class AccessDecision(models.Model):
    """A determination or a review: what, why, by whom. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=16)
    outcome = models.CharField(max_length=16)
    ground = models.CharField(max_length=40, blank=True)
    cites = models.JSONField(default=list, blank=True)
    reason = EncryptedTextField(null=True)  # the actual reason, in writing
    covers = EncryptedTextField(null=True)  # which part is granted
    how = EncryptedTextField(null=True)  # how they get to see it; shown once the purpose is accepted
    together = models.BooleanField(default=False)  # decided by a body's members, recorded by one of them
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hat = models.CharField(max_length=40, blank=True)
    acting_for = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["decided_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "stage"], name="decision_once_a_stage"),
            models.CheckConstraint(name="decision_stage_known", condition=models.Q(stage__in=[s.value for s in DecisionStage])),
            models.CheckConstraint(name="decision_outcome_known", condition=models.Q(outcome__in=[o.value for o in Outcome])),
            models.CheckConstraint(
                name="decision_no_refusal_without_reason",
                condition=models.Q(outcome=Outcome.GRANTED) | (models.Q(reason__isnull=False) & ~models.Q(ground="")),
            ),
        ]
