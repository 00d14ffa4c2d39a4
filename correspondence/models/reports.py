"""A report to council about a minor matter (T19): what the meeting is given, and what it resolved before hearing it."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models import Concern, Proceeding
from concerns.models.encrypted import EncryptedBinaryField, EncryptedTextField
from correspondence.enums import ReportState
from councils.models.state import StateField

PERSON = settings.AUTH_USER_MODEL
S = ReportState


class CouncilReport(FSMModelMixin, models.Model):
    """One report for one meeting: without names, or for a session from which the public is excluded by resolution (M1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="council_reports")
    proceeding = models.OneToOneField(Proceeding, on_delete=models.PROTECT, related_name="council_report")
    state = StateField(default=S.DRAFT.value, protected=True)
    agenda_item = EncryptedTextField(null=True)
    body = EncryptedTextField(null=True)
    may_be_told = EncryptedTextField(null=True)  # what the council may be told, and no more
    resolution_on = models.DateField(null=True)
    resolution = EncryptedTextField(null=True)  # the resolution to exclude the public: its words or minute
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    sealed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    pdf = EncryptedBinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    presented_on = models.DateField(null=True)
    presented_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    minute_ref = EncryptedTextField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=S.DRAFT.value, pdf__isnull=True) | models.Q(~models.Q(state=S.DRAFT.value), pdf__isnull=False),
                name="report_sealed_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.PRESENTED.value) | models.Q(presented_on__isnull=False, minute_ref__isnull=False),
                name="report_presented_minuted",
            ),
        ]

    @transition(field=state, source=S.DRAFT, target=S.SEALED)
    def seal(self) -> None:
        """As it goes to the meeting; from here its words stay."""

    @transition(field=state, source=S.SEALED, target=S.DRAFT)
    def unseal(self) -> None:
        """Back for another wording before the meeting."""

    @transition(field=state, source=S.SEALED, target=S.PRESENTED)
    def present(self) -> None:
        """The meeting had it; the minute says so."""
