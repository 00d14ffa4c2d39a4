"""A concern: its facts, its constraints and which state may follow which (state machine T01-T26).

The FSM says what is legal from where; ``policy`` says who may; the actions check the rest and write the effects.
"""

import secrets
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django_fsm import GET_STATE, FSMModelMixin, transition

from concerns.enums import CLOSED_STATES, OPEN_STATES, SaidInPublic, State, WiderCircle
from councils.models.state import StateField

from .encrypted import EncryptedTextField

if TYPE_CHECKING:
    from .access import Participation

REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, nothing that reads as something else
REOPENABLE = [State.RESOLVED, State.NO_ACTION, State.WITHDRAWN, State.OUTCOME_RECORDED]
S = State


def new_reference() -> str:
    """A random reference such as ``K7QF-2M9X``; it says nothing of order, number, council or date."""
    picked = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{picked[:4]}-{picked[4:]}"


class Concern(FSMModelMixin, models.Model):
    """What a councillor or officer is unhappy about and puts to the people the protocol names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, default=new_reference, editable=False, unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", null=True, on_delete=models.PROTECT, related_name="+")
    state = StateField(default=S.DRAFT.value, protected=True, choices=[(s.value, s.value) for s in State])
    remembered_state = models.CharField(max_length=20, blank=True)  # where NEEDS_HANDLER came from
    closed_from = models.CharField(max_length=20, blank=True)  # where a reopened concern goes back to
    raiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raiser_role = models.CharField(max_length=40)
    topic = models.CharField(max_length=40, blank=True)
    happened_on = models.DateField(null=True, blank=True)
    said_in_public = models.CharField(max_length=24, blank=True, choices=[(s.value, s.value) for s in SaidInPublic])
    public_warning_shown = models.BooleanField(default=False)
    # The route as resolved when it was lodged: rule, mode, and the recipients in order with why they are there.
    stage = models.CharField(max_length=20, blank=True)
    rule_id = models.CharField(max_length=40, blank=True)
    mode = models.CharField(max_length=20, blank=True)
    basis = models.CharField(max_length=20, blank=True)
    cites = models.JSONField(default=list, blank=True)
    route = models.JSONField(default=list, blank=True)  # [{"token","act","intake_only","label"}]
    step = models.PositiveSmallIntegerField(default=0)  # which of them it is with now
    chosen_token = models.CharField(max_length=60, blank=True)
    wider_circle = models.CharField(max_length=20, blank=True, choices=[(s.value, s.value) for s in WiderCircle])
    formal_code_complaint = models.BooleanField(null=True)  # None: not asked; a declared act, never inferred (AMB-I05)
    formal_asked_at = models.DateTimeField(null=True)
    internal_routes_locked = models.BooleanField(default=False)
    informal_over_reason = models.CharField(max_length=20, blank=True)
    subject_told_on = models.DateField(null=True, blank=True)
    check_back_on = models.DateField(null=True, blank=True)
    on_hold_until = models.DateField(null=True, blank=True)
    hold_reason = EncryptedTextField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    successor_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    lodged_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)  # counts saves, so that a stale tab is told
    # What comes with it when it is locked for an action (casefile): what the actor is in it, whom it is about, who is named.
    mine: "list[Participation]"
    parties: "list[ConcernSubject]"
    named: "Mapping[str, frozenset[uuid.UUID]]"

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_concern", "Know that the concern exists, its stage and its dates"),
            ("read_concern", "Read what was written"),
        ]
        indexes = [models.Index(fields=["updated_at", "id"], name="concern_recent")]
        constraints = [
            models.CheckConstraint(
                name="concern_lodged_has_version",
                condition=models.Q(state__in=[S.DRAFT, S.REDIRECTED, S.WITHDRAWN])
                | models.Q(protocol_version__isnull=False, lodged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="concern_closed_has_date",
                condition=models.Q(state__in=sorted(CLOSED_STATES), closed_at__isnull=False)
                | models.Q(state__in=sorted(OPEN_STATES), closed_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["successor_of"], name="concern_one_successor"),
            models.CheckConstraint(
                name="concern_hold_has_reason",
                condition=models.Q(on_hold_until__isnull=True) | models.Q(hold_reason__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the concern is still running."""
        return self.state in OPEN_STATES

    # --- what may follow what -------------------------------------------------------------------------------
    @transition(field=state, source=S.DRAFT, target=S.LODGED)
    def submit(self) -> None:
        """T01."""

    @transition(field=state, source=[S.DRAFT, S.LODGED], target=S.REDIRECTED)
    def redirect(self) -> None:
        """T02."""

    @transition(
        field=state,
        source=[S.LODGED, S.INFORMAL, S.CONCILIATION, S.COMPLAINT, S.INVESTIGATION, S.DECIDING, S.GRIEVANCE],
        target=S.NEEDS_HANDLER,
    )
    def no_handler(self) -> None:
        """T03."""
        self.remembered_state = self.state

    @transition(
        field=state,
        source=S.NEEDS_HANDLER,
        target=GET_STATE(
            lambda self: self.remembered_state or S.INFORMAL.value,
            states=[S.LODGED, S.INFORMAL, S.CONCILIATION, S.COMPLAINT, S.INVESTIGATION, S.DECIDING, S.GRIEVANCE],
        ),
    )
    def assign(self) -> None:
        """T04."""

    @transition(field=state, source=[S.LODGED, S.DRAFT], target=S.DIRECT)
    def take_up_directly(self) -> None:
        """T05."""

    @transition(field=state, source=S.LODGED, target=S.INFORMAL)
    def accept(self) -> None:
        """T06."""

    @transition(field=state, source=S.LODGED, target=S.COMPLAINT)
    def accept_complaint(self) -> None:
        """T07."""

    @transition(field=state, source=[S.LODGED, S.INFORMAL], target=S.LODGED)
    def pass_on(self) -> None:
        """T08."""

    @transition(
        field=state, source=[S.DIRECT, S.INFORMAL, S.CONCILIATION, S.COMPLAINT, S.INVESTIGATION], target=S.RESOLVED
    )
    def settle(self) -> None:
        """T09."""
        self.closed_from = self.state

    @transition(field=state, source=S.DIRECT, target=S.LODGED)
    def direct_failed(self) -> None:
        """T10."""

    @transition(field=state, source=[S.INFORMAL, S.DECIDING, S.COMPLAINT], target=S.CONCILIATION)
    def conciliate(self) -> None:
        """T11."""

    @transition(field=state, source=[S.LODGED, S.INFORMAL], target=S.INVESTIGATION)
    def instigate_investigation(self) -> None:
        """T12."""

    @transition(
        field=state, source=[S.INFORMAL, S.CONCILIATION, S.DIRECT, S.COMPLAINT, S.INVESTIGATION], target=S.DECIDING
    )
    def informal_over(self) -> None:
        """T13."""

    @transition(field=state, source=[S.DRAFT, S.LODGED], target=S.DECIDING)
    def straight_to_formal(self) -> None:
        """T14."""

    @transition(field=state, source=S.DECIDING, target=S.GRIEVANCE)
    def start_grievance(self) -> None:
        """T15."""

    @transition(field=state, source=[S.DECIDING, S.GRIEVANCE, S.INVESTIGATION], target=S.DISCIPLINARY)
    def start_disciplinary(self) -> None:
        """T16."""

    @transition(
        field=state, source=[S.DECIDING, S.COMPLAINT, S.LODGED, S.GRIEVANCE, S.INVESTIGATION], target=S.CODE_REFERRAL
    )
    def refer_code(self) -> None:
        """T17."""

    @transition(
        field=state,
        source=[
            S.DRAFT, S.LODGED, S.DIRECT, S.INFORMAL, S.CONCILIATION, S.COMPLAINT, S.DECIDING, S.GRIEVANCE,
        ],
        target=S.CODE_REFERRAL,
    )  # fmt: skip
    def formal_code_complaint_received(self) -> None:
        """T18."""

    @transition(field=state, source=[S.DECIDING, S.INFORMAL], target=S.COUNCIL_REPORT)
    def report_to_council(self) -> None:
        """T19."""

    @transition(
        field=state,
        source=[S.GRIEVANCE, S.DISCIPLINARY, S.CODE_REFERRAL, S.COUNCIL_REPORT, S.COMPLAINT, S.INVESTIGATION],
        target=S.OUTCOME_RECORDED,
    )
    def record_outcome(self) -> None:
        """T20."""
        self.closed_from = self.state

    @transition(field=state, source=S.CODE_REFERRAL, target=S.INFORMAL)
    def sent_back(self) -> None:
        """T21."""

    @transition(
        field=state,
        source=[
            S.INFORMAL, S.COMPLAINT, S.INVESTIGATION, S.DECIDING, S.NEEDS_HANDLER, S.CODE_REFERRAL, S.GRIEVANCE,
        ],
        target=S.NO_ACTION,
    )  # fmt: skip
    def close_no_action(self) -> None:
        """T22."""
        self.closed_from = self.state

    @transition(
        field=state,
        source=[
            S.DRAFT, S.LODGED, S.NEEDS_HANDLER, S.DIRECT, S.INFORMAL, S.CONCILIATION, S.COMPLAINT, S.DECIDING,
            S.GRIEVANCE,
        ],
        target=S.WITHDRAWN,
    )  # fmt: skip
    def withdraw(self) -> None:
        """T23."""
        self.closed_from = self.state

    @transition(
        field=state,
        source=REOPENABLE,
        target=GET_STATE(lambda self: self.closed_from, states=sorted(OPEN_STATES - {S.DRAFT})),
    )
    def reopen(self) -> None:
        """T24."""

    @transition(field=state, source=sorted(OPEN_STATES - {S.DRAFT}), target=None)
    def hand_over(self) -> None:
        """T25: the state stays."""

    @transition(field=state, source=sorted(OPEN_STATES - {S.DRAFT}), target=None)
    def hold_or_release(self) -> None:
        """T26: the state stays."""


def allowed_pairs() -> list[tuple[str, str]]:
    """Every (from, to) pair of states that the transitions above allow; the database's trigger holds the same list."""
    pairs: set[tuple[str, str]] = set()
    for step in Concern._meta.get_field("state").get_all_transitions(Concern):
        targets = getattr(step.target, "allowed_states", None) or [step.target]
        pairs.update((str(step.source), str(target)) for target in targets if target is not None)
    return sorted(pairs)


class ConcernSubject(models.Model):
    """A person the concern is about, in the role they held then. One or more a concern (AMB-G15)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="subjects")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "person"], name="concern_subject_once")]


class Narrative(models.Model):
    """What the raiser wrote, apart from the concern's row so that a second policy can guard it."""

    concern = models.OneToOneField(Concern, primary_key=True, on_delete=models.CASCADE, related_name="narrative")
    what_happened = EncryptedTextField(null=True)
    wanted_outcome = EncryptedTextField(null=True)
    where_said = EncryptedTextField(null=True)

    class Meta:
        default_permissions = ()


class Witness(models.Model):
    """Someone who saw it. A witness doesn't handle (recipient_not_conflicted)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="witnesses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "person"], name="concern_witness_once")]


class Connection(models.Model):
    """A person the raiser says has a connection with someone in the case: not a recipient of this concern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="connections")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["concern", "person"], name="concern_connection_once")]

