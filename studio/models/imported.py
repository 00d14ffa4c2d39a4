"""A protocol document that a council brought: its text as read, and the clauses as its administrator corrected them."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council


class DocumentKind(models.TextChoices):
    TEXT = "txt", _("Plain text")
    WORD = "docx", _("Word document")
    PDF = "pdf", _("PDF")


class ImportedDocument(models.Model):
    """One document. `blocks` is what was read, never changed; `rows` are the clauses and headings, `revision` guards them.

    The document itself isn't kept: its words are, as the council's own data.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="imported_documents", verbose_name=_("council"))
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind of file"), max_length=4, choices=DocumentKind.choices)
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True)
    blocks = models.JSONField(_("text as read"))
    rows = models.JSONField(_("clauses"))
    notes = models.JSONField(_("what was noticed"), default=list, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    imported_at = models.DateTimeField(_("brought"))
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("brought by"))
    changed_at = models.DateTimeField(_("last changed"))
    finished_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        verbose_name = _("imported document")
        verbose_name_plural = _("imported documents")
        ordering = ("council", "-imported_at")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("council", "content_hash"), name="import_content_once"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="import_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="import_has_title"),
        )

    def __str__(self) -> str:
        return self.title
