"""A question about what the protocol means, and the answers published without names."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from information.domain.machine import QUESTION
from information.enums import QuestionAction, QuestionState

S, A = QuestionState, QuestionAction


def sources(action: QuestionAction) -> list[str]:
    """From where a step is legal, as the machine has it."""
    return sorted(QUESTION[action].sources)


class PublishedAnswer(models.Model):
    """What everyone of the council may read: question and answer in words that name nobody, and nothing of who asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=40, blank=True)
    question = EncryptedTextField(null=True)
    answer = EncryptedTextField(null=True)
    published_on = models.DateField()

    class Meta:
        default_permissions = ()
        ordering = ["clause", "-published_on", "id"]


class GuidanceQuestion(FSMModelMixin, models.Model):
    """One question: between its asker and whoever the protocol names to answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=9, editable=False, unique=True)
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", on_delete=models.PROTECT, related_name="+")
    state = StateField(default=S.ASKED.value, protected=True, max_length=24)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asker_role = models.CharField(max_length=40)
    clause = models.CharField(max_length=40, blank=True)
    question = EncryptedTextField(null=True)
    answer = EncryptedTextField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    hat = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=60, blank=True)
    outside = EncryptedTextField(null=True)
    published = models.OneToOneField(PublishedAnswer, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-updated_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="question_answered_has_answer",
                condition=models.Q(state__in=[S.ASKED, S.CLOSED]) | models.Q(answer__isnull=False, answered_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=sources(A.ANSWER), target=S.ANSWERED)
    def give_answer(self) -> None:
        """Answered to the asker."""

    @transition(field=state, source=sources(A.PUBLISH), target=S.PUBLISHED_ANONYMISED)
    def publish(self) -> None:
        """Published without names."""

    @transition(field=state, source=sources(A.CLOSE), target=S.CLOSED)
    def close(self) -> None:
        """Over."""


class QuestionSeat(models.Model):
    """Who answers a question, and in which capacity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(GuidanceQuestion, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    hat = models.CharField(max_length=40, blank=True)
    acting_for = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "person"], name="question_seat_once", condition=models.Q(until__isnull=True))
        ]
