"""An agreement on direct contact, or a group's request for an officer: what over, from when to when, who agreed."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models import new_reference
from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from information.enums import ArrangementState as S

PERSON = settings.AUTH_USER_MODEL


class Arrangement(FSMModelMixin, models.Model):
    """Between whoever asks and whoever agrees; the officer it is about finds it once it is agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, default=new_reference, editable=False, unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    state = StateField(default=S.ASKED.value, protected=True, max_length=12)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=40)
    decider = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    hat = models.CharField(max_length=40, blank=True)
    officer = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    group_name = EncryptedTextField(null=True)
    matter = EncryptedTextField(null=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    shown = models.JSONField(default=list, blank=True)  # tokens of whom members deal with anyway, as it was shown
    answer = EncryptedTextField(null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["until_on"], name="arrangement_to_end", condition=models.Q(state=S.AGREED))]
        constraints = [
            models.CheckConstraint(
                name="arrangement_dates", condition=models.Q(until_on__isnull=True) | models.Q(until_on__gte=models.F("from_on"))
            ),
            models.CheckConstraint(name="arrangement_never_by_oneself", condition=~models.Q(decider=models.F("asked_by"))),
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=S.ASKED, target=S.AGREED)
    def agree(self) -> None:
        """From the first day to the last."""

    @transition(field=state, source=S.ASKED, target=S.DECLINED)
    def decline(self) -> None:
        """No reason is needed."""

    @transition(field=state, source=[S.ASKED, S.AGREED], target=S.ENDED)
    def end(self) -> None:
        """Taken back, ended early, or past its last day."""
