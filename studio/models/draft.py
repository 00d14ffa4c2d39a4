"""A protocol being written: a draft that can be changed, what a version amended, and what the council decided on its gaps."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council, ProtocolVersion
from studio.models.imported import ImportedDocument


class DraftSource(models.TextChoices):
    IN_FORCE = "in_force", _("The version in force")
    PLAIN = "plain", _("The plain protocol")
    SHAPE = "shape", _("Another council’s protocol")
    FILE = "file", _("A file")


class DraftStatus(models.TextChoices):
    OPEN = "OPEN", _("Being written")
    PUT_FORWARD = "PUT_FORWARD", _("Put forward")
    DISCARDED = "DISCARDED", _("Discarded")


class ProtocolDraft(models.Model):
    """One draft. Problems may stand in it; only one without errors is put forward, as a version. `revision` guards two tabs."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="protocol_drafts", verbose_name=_("council"))
    label = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=12, choices=DraftStatus.choices, default=DraftStatus.OPEN)
    source = models.CharField(_("began with"), max_length=12, choices=DraftSource.choices)
    config = models.JSONField(_("configuration"))
    base = models.ForeignKey(ProtocolVersion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("compared with"))
    document = models.ForeignKey(ImportedDocument, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document"))
    version = models.ForeignKey(ProtocolVersion, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("put forward as"))
    revision = models.PositiveIntegerField(_("revision"), default=0)
    created_at = models.DateTimeField(_("begun"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("begun by"))
    changed_at = models.DateTimeField(_("last changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("last changed by"))

    class Meta:
        verbose_name = _("protocol draft")
        verbose_name_plural = _("protocol drafts")
        ordering = ("council", "-changed_at")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=Q(status__in=DraftStatus.values), name="draft_status_known"),
            models.CheckConstraint(condition=Q(source__in=DraftSource.values), name="draft_source_known"),
            models.CheckConstraint(condition=~Q(label=""), name="draft_has_label"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        """Can it still be changed?"""
        return self.status == DraftStatus.OPEN


class Amendment(models.Model):
    """What a version changes, in the administrator's words: a line of the amendment record beside body, date and minute."""

    version = models.OneToOneField(ProtocolVersion, models.CASCADE, primary_key=True, related_name="amendment", verbose_name=_("version"))
    what = models.CharField(_("what was changed"), max_length=1000)
    cites = models.JSONField(_("clauses"), default=list)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ("-recorded_at",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.what


class Decision(models.Model):
    """What the council decided about a gap or contradiction in its document: who, when, by which minute. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="protocol_decisions", verbose_name=_("council"))
    draft = models.UUIDField(_("draft"))
    key = models.CharField(_("setting"), max_length=100)
    question = models.CharField(_("question"), max_length=500)
    choice = models.CharField(_("choice"), max_length=100)
    body = models.CharField(_("decided by"), max_length=200)
    decided_on = models.DateField(_("decided on"))
    minute_ref = models.CharField(_("minute"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))

    class Meta:
        verbose_name = _("decision on the protocol")
        verbose_name_plural = _("decisions on the protocol")
        ordering = ("council", "-recorded_at")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~Q(body="") & ~Q(minute_ref="") & ~Q(choice=""), name="decision_recorded_in_full"),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.choice}"

    def as_config(self) -> dict[str, Any]:
        """What stands beside the setting in the configuration."""
        return {"choice": self.choice, "body": self.body, "on": self.decided_on.isoformat(), "minute_ref": self.minute_ref}
