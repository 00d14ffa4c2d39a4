"""One thing disclosed to one subject, and what they say to it. They see this row and never the concern."""

import uuid

from django.conf import settings
from django.db import models
from django_fsm import FSMModelMixin, transition

from concerns.models import StoredFile
from concerns.models.encrypted import EncryptedTextField
from councils.models.state import StateField
from disclosures.enums import DisclosureState

S = DisclosureState


class Disclosure(FSMModelMixin, models.Model):
    """Exactly what one subject is told, by when an answer is wanted and why then, and the answer.

    Its text is fixed once disclosed. PostgreSQL lets only the subject write answer and companion, only those who deal
    with the concern the rest, and writes the event and the notices of the subject's acts itself (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey("concerns.Concern", on_delete=models.CASCADE, related_name="disclosures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    protocol_version = models.ForeignKey("councils.ProtocolVersion", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)  # the person's, as the concern names it
    kind = models.CharField(max_length=20)
    state = StateField(default=S.DRAFTED.value, protected=True, max_length=10)
    text = EncryptedTextField(null=True)
    answer_by = models.DateField(null=True)
    basis = models.CharField(max_length=12, blank=True)  # of the date
    copies = models.JSONField(default=list, blank=True)  # of documents, by id: chosen while it is drafted
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    disclosed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    disclosed_hat = models.CharField(max_length=40, blank=True)  # the role code they disclosed it in
    disclosed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    times_opened = models.PositiveIntegerField(default=0)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    companion = EncryptedTextField(null=True)
    companion_kind = models.CharField(max_length=20, blank=True)
    companion_at = models.DateTimeField(null=True)
    reply = EncryptedTextField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "person"], condition=models.Q(state=S.DRAFTED), name="disclosure_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(state=S.DRAFTED) | models.Q(disclosed_at__isnull=False, text__isnull=False),
                name="disclosure_has_text",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=S.ANSWERED) | models.Q(answered_at__isnull=False, answer__isnull=False),
                name="disclosure_has_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(state=S.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=S.CLOSED) & models.Q(closed_at__isnull=True)),
                name="disclosure_closed_has_date",
            ),
        ]

    # --- what may follow what -------------------------------------------------------------------------------
    @transition(field=state, source=S.DRAFTED, target=S.DISCLOSED)
    def disclose(self) -> None:
        """The subject may see it from now on; its text is fixed."""

    @transition(field=state, source=S.DISCLOSED, target=S.OPENED)
    def open(self) -> None:
        """The subject has it before them for the first time."""

    @transition(field=state, source=S.OPENED, target=S.ANSWERED)
    def take_answer(self) -> None:
        """The subject answered."""

    @transition(field=state, source=[S.DISCLOSED, S.OPENED, S.ANSWERED], target=S.CLOSED)
    def close(self) -> None:
        """Nothing more is wanted of the subject; they can go on reading it."""


def allowed_pairs() -> list[tuple[str, str]]:
    """Every (from, to) pair of the machine; the database's trigger holds the same list."""
    steps = Disclosure._meta.get_field("state").get_all_transitions(Disclosure)
    return sorted((str(step.source), str(step.target)) for step in steps)


class DisclosedPaper(StoredFile):
    """A copy of a document as it was given to the subject, written when it was disclosed and sealed.

    It names the copy and its document by id alone: the subject sees this row, never those.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="disclosed_papers")
    document_id = models.UUIDField()
    copy_id = models.UUIDField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "id"]


class SubjectPaper(StoredFile):
    """A file the subject added to their answer."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="papers")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["added_at", "id"]


class PaperOpening(models.Model):
    """When one of those who deal with it first and last opened a paper of the subject's, and how often."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="openings")
    paper = models.ForeignKey(SubjectPaper, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        ordering = ["first_at", "id"]
        constraints = [models.UniqueConstraint(fields=["paper", "person"], name="subject_paper_opening_once")]
