"""The pointer to a disciplinary procedure, which runs outside the portal."""

import uuid

from django.db import models
from django_fsm import FSMModelMixin, transition

from councils.models.state import StateField
from disclosures.enums import PointerState

P = PointerState


class Pointer(FSMModelMixin, models.Model):
    """How far the procedure is, who was named to decide on handing it over, and its kind of outcome; nothing of its content."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey("concerns.Concern", on_delete=models.CASCADE, related_name="pointers")
    proceeding = models.OneToOneField("concerns.Proceeding", on_delete=models.CASCADE, related_name="pointer")
    state = StateField(default=P.HANDED_OVER.value, protected=True, max_length=20)
    deciders = models.JSONField(default=list, blank=True)  # tokens, as the protocol names them
    cites = models.JSONField(default=list, blank=True)  # clause ids
    basis = models.CharField(max_length=20, blank=True)
    handed_at = models.DateTimeField()
    began_on = models.DateField(null=True)
    outcome = models.CharField(max_length=60, blank=True)  # a category of the council's list
    outcome_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["handed_at", "id"]

    # --- what may follow what -------------------------------------------------------------------------------
    @transition(field=state, source=[P.HANDED_OVER, P.OUTCOME_RECORDED, P.CLOSED], target=P.IN_PROGRESS)
    def begin(self) -> None:
        """The procedure began, or began again after the concern was opened again."""

    @transition(field=state, source=[P.HANDED_OVER, P.IN_PROGRESS, P.OUTCOME_RECORDED, P.CLOSED], target=P.OUTCOME_RECORDED)
    def take_outcome(self) -> None:
        """It ended with an outcome of the council's list."""

    @transition(field=state, source=P.OUTCOME_RECORDED, target=P.CLOSED)
    def close(self) -> None:
        """Its appeal time is over too."""
