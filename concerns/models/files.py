"""Files: each original sealed, the copies made of it for disclosure, and who opened which of them (ADR 4)."""

import uuid

from django.conf import settings
from django.db import models

from concerns.enums import Scan

from .concern import Concern
from .encrypted import EncryptedBinaryField, EncryptedTextField


class StoredFile(models.Model):
    """A file as it came in: whole, encrypted in the database so that both walls guard it, never changed afterwards.

    Every room's files are of this kind: the clock that scans what couldn't be scanned finds them all. A table of them
    is sealed in its migration by ``councils.walls.sealed``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField(null=True)
    media_type = models.CharField(max_length=100)  # sniffed, never what the browser said
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = EncryptedBinaryField()
    scan = models.CharField(max_length=12, default=Scan.NOT_SCANNED.value, choices=[(s.value, s.value) for s in Scan])
    scanned_at = models.DateTimeField(null=True)  # or last tried

    class Meta:
        abstract = True

    @property
    def not_scanned(self) -> bool:
        """Whether no scanner has looked at it yet; shown wherever it can be opened."""
        return self.scan == Scan.NOT_SCANNED

    @property
    def infected(self) -> bool:
        """Whether a virus was found: it's kept, and nobody can open it."""
        return self.scan == Scan.INFECTED


class Document(StoredFile):
    """A file added to a concern. Once the concern is sent it's sealed: the database refuses to change or delete it."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="documents")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["added_at"]
        indexes = [models.Index(fields=["added_at"], name="document_to_scan", condition=models.Q(scan="not_scanned"))]


class DisclosedCopy(models.Model):
    """A copy of a document that may be shown to others: without hidden data, and without what was marked for removal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="copies")
    # A document goes only with its draft or redirected concern; the database takes its copies and log with it.
    document = models.ForeignKey(Document, on_delete=models.DO_NOTHING, related_name="copies")
    name = EncryptedTextField(null=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = EncryptedBinaryField()
    done = models.JSONField(default=dict)  # what was done: codes and numbers only, worded in concerns.wording
    reason = EncryptedTextField(null=True)  # why something was taken out
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["made_at", "id"]


class DocumentOpening(models.Model):
    """When a person first and last opened a file (the original, or one copy of it), and how often. Shown to every reader.

    Without a foreign key to the concern: writing one takes a lock on the concern's row, and opening a file must never
    hold up, or wait for, what others do with the concern.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern_id = models.UUIDField(db_index=True)
    document = models.ForeignKey(Document, on_delete=models.DO_NOTHING, related_name="openings")
    copy = models.ForeignKey(DisclosedCopy, null=True, on_delete=models.DO_NOTHING, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["document", "person"], condition=models.Q(copy__isnull=True), name="document_opening_once"
            ),
            models.UniqueConstraint(
                fields=["copy", "person"], condition=models.Q(copy__isnull=False), name="copy_opening_once"
            ),
        ]
