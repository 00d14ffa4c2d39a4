"""A case whose time is over, and what is left of it once it is destroyed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin, transition

from councils.models.state import StateField
from rights.enums import ENDED_AS, DisposalState

from .matter import Matter

S = DisposalState


class Disposal(FSMModelMixin, Matter):
    """The destruction of one case: asked by one records keeper, done by another. It says nothing of the case but how it ended."""

    state = StateField(default=S.DUE.value, protected=True, max_length=12)
    case_id = models.UUIDField()
    outcome_class = models.CharField(max_length=12)
    closed_year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    asked_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case_id"], condition=~Q(state=S.ENDED), name="rights_disposal_once"),
            models.CheckConstraint(condition=Q(outcome_class__in=[c.value for c in ENDED_AS]), name="rights_disposal_class_known"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in S]), name="rights_disposal_state_known"),
            models.CheckConstraint(
                condition=~Q(state=S.DONE)
                | (Q(asked_by__isnull=False, done_by__isnull=False, done_at__isnull=False) & ~Q(asked_by=F("done_by"))),
                name="rights_purge_by_two",
            ),
        ]

    @transition(field=state, source=S.DUE, target=S.ASKED)
    def ask(self) -> None:
        """One records keeper asks."""

    @transition(field=state, source=S.ASKED, target=S.DUE)
    def decline(self) -> None:
        """It isn't destroyed for now."""

    @transition(field=state, source=S.ASKED, target=S.DONE)
    def purge(self) -> None:
        """Another does it: the database destroys the case in the same statement."""

    @transition(field=state, source=[S.DUE, S.ASKED], target=S.ENDED)
    def end(self) -> None:
        """The case was opened again, or its time was lengthened."""


class Tombstone(models.Model):
    """All that is left of a destroyed case: that it was there, the year and the way it ended, and where its chain ended."""

    case_id = models.UUIDField(primary_key=True)
    council_id = models.UUIDField()
    closed_year = models.PositiveSmallIntegerField()
    outcome_class = models.CharField(max_length=12)
    disposal_id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, blank=True)
    renewals = models.PositiveIntegerField(default=0)
    renewed = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
