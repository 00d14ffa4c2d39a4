"""A person's request for the data kept of them: what was gathered, what is given, and who released it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMModelMixin, transition

from concerns.models.encrypted import EncryptedBinaryField, EncryptedTextField
from councils.models.state import StateField
from rights.enums import AccessState, Ground, Source, Verdict

from .matter import Matter

S = AccessState
OPEN = (S.RECEIVED, S.CLARIFYING, S.GATHERING, S.PREPARING, S.PREPARED)


class SubjectRequest(FSMModelMixin, Matter):
    """One request. Seen by whoever asked, and by records keepers who aren't a party to any case they are in."""

    state = StateField(default=S.RECEIVED.value, protected=True, max_length=12)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scope = EncryptedTextField(null=True)
    received_on = models.DateField()
    question = EncryptedTextField(null=True)  # what has to be clarified
    question_on = models.DateField(null=True)
    question_answer = EncryptedTextField(null=True)
    answered_on = models.DateField(null=True)
    extended_on = models.DateField(null=True)
    extended_why = EncryptedTextField(null=True)
    gathered_at = models.DateTimeField(null=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(null=True)  # why it was refused
    package = EncryptedBinaryField(null=True)  # the ZIP, as it was released
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["opened_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in S]), name="rights_access_state_known"),
            models.CheckConstraint(
                condition=~Q(state=S.RELEASED)
                | (Q(prepared_by__isnull=False, released_by__isnull=False) & ~Q(prepared_by=F("released_by"))),
                name="rights_release_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(requester=F("released_by")) & ~Q(requester=F("prepared_by"))
                | Q(released_by__isnull=True, prepared_by__isnull=True),
                name="rights_release_by_others",
            ),
            models.UniqueConstraint(
                fields=["council", "requester"], condition=Q(state__in=[s.value for s in OPEN]), name="rights_access_open_once"
            ),
        ]

    @transition(field=state, source=S.RECEIVED, target=S.CLARIFYING)
    def clarify(self) -> None:
        """The clock stops until they say what they mean."""

    @transition(field=state, source=S.CLARIFYING, target=S.RECEIVED)
    def clarified(self) -> None:
        """They did."""

    @transition(field=state, source=[S.RECEIVED, S.PREPARING], target=S.GATHERING)
    def gather(self) -> None:
        """The portal collects what it holds."""

    @transition(field=state, source=S.GATHERING, target=S.PREPARING)
    def gathered(self) -> None:
        """It is there to be looked at."""

    @transition(field=state, source=S.PREPARING, target=S.PREPARED)
    def prepare(self) -> None:
        """One records keeper has decided every item."""

    @transition(field=state, source=S.PREPARED, target=S.PREPARING)
    def send_back(self) -> None:
        """Another found something to change."""

    @transition(field=state, source=S.PREPARED, target=S.RELEASED)
    def release(self) -> None:
        """Another gives it out."""

    @transition(field=state, source=[S.RECEIVED, S.PREPARING, S.PREPARED], target=S.REFUSED)
    def refuse(self) -> None:
        """It isn't answered, with reasons."""

    @transition(field=state, source=[S.RECEIVED, S.CLARIFYING, S.GATHERING, S.PREPARING, S.PREPARED], target=S.WITHDRAWN)
    def withdraw(self) -> None:
        """Whoever asked doesn't want it any more."""


class ExportItem(models.Model):
    """One thing that was found, with the names of others taken out before anybody reads it here, and what becomes of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="items")
    case_id = models.UUIDField(null=True, db_index=True)
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=12)
    at = models.DateTimeField(null=True)
    body = EncryptedTextField(null=True)
    name = EncryptedTextField(null=True)
    media_type = models.CharField(max_length=100, blank=True)
    content = EncryptedBinaryField(null=True)
    taken_out = models.PositiveIntegerField(default=0)  # how many words were
    verdict = models.CharField(max_length=10, blank=True)
    ground = models.CharField(max_length=16, blank=True)
    hidden = EncryptedTextField(null=True)  # further words to take out, one on each line
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")  # has read the file, and releases it
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="rights_item_number"),
            models.CheckConstraint(condition=Q(source__in=[s.value for s in Source]), name="rights_item_source_known"),
            models.CheckConstraint(condition=Q(verdict="") | Q(verdict__in=[v.value for v in Verdict]), name="rights_item_verdict_known"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.WITHHOLD) | Q(ground__in=[g.value for g in Ground]), name="rights_item_withheld_has_ground"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.UNTOLD) | Q(verdict=Verdict.WITHHOLD, body__isnull=True, content__isnull=True),
                name="rights_item_untold_is_withheld",
            ),
        ]
