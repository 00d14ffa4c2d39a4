"""A letter: written from a template in the council's words, edited, and stored as it was sent."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models import Concern
from concerns.models.encrypted import EncryptedBinaryField, EncryptedTextField
from correspondence.enums import LetterState, Mark
from councils.models.state import StateField

PERSON = settings.AUTH_USER_MODEL
S = LetterState


class Letter(FSMModelMixin, models.Model):
    """To one person: somebody with an account, who finds it in the portal, or a name and address, for whom it is printed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20)
    state = StateField(default=S.DRAFT.value, protected=True)
    to_person = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    to_name = EncryptedTextField(null=True)
    to_address = EncryptedTextField(null=True)
    body = EncryptedTextField(null=True)
    marking = models.CharField(max_length=20, default=Mark.OPEN.value)
    about = models.UUIDField(null=True)  # the procedure's own row, for the room that asked for the letter
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sent_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    pdf = EncryptedBinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the PDF as sent
    opened_at = models.DateTimeField(null=True)  # by the person it is to
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["to_person"], name="letter_to_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_person__isnull=False) | models.Q(to_name__isnull=False), name="letter_to_somebody"
            ),
            models.CheckConstraint(
                condition=models.Q(state=S.DRAFT.value, sent_at__isnull=True, pdf__isnull=True)
                | models.Q(state=S.SENT.value, sent_at__isnull=False, pdf__isnull=False, sent_by__isnull=False),
                name="letter_sent_whole",
            ),
        ]

    @transition(field=state, source=S.DRAFT, target=S.SENT)
    def send(self) -> None:
        """It is in the portal for the person, or printed."""
