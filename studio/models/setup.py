"""A council that is being set up, a list of people on its way in, and the mails that ask somebody to sign in the first time."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council, ProtocolVersion


class CouncilSetUp(models.Model):
    """One council's way from nothing to a protocol in force. What is done is read from the council itself, wherever it can be."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="council_set_ups", verbose_name=_("set up by"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("invited by"))
    council = models.OneToOneField(Council, models.PROTECT, null=True, related_name="set_up", verbose_name=_("council"))
    words = models.JSONField(_("the council's words for roles and bodies"), default=dict, blank=True)
    principal = models.CharField(_("principal authority"), max_length=200, blank=True, default="")
    version = models.ForeignKey(ProtocolVersion, models.SET_NULL, null=True, related_name="+", verbose_name=_("draft"))
    seen_at = models.DateTimeField(_("who is who gone through"), null=True)
    rehearsed_hash = models.CharField(_("fingerprint of what was rehearsed"), max_length=64, blank=True, default="")
    rehearsed_at = models.DateTimeField(_("rehearsed"), null=True)
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("set-up of a council")
        verbose_name_plural = _("set-ups of councils")
        ordering = ("-started_at", "id")
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(finished_at__isnull=True) | Q(council__isnull=False), name="setup_finished_has_council"),)

    def __str__(self) -> str:
        return self.council.name if self.council else str(_("A council that has no name yet"))


class PeopleImport(models.Model):
    """A list of people as it was read, waiting to be looked over. Its rows are removed once they are in, or given up."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="people_imports", verbose_name=_("council"))
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("brought by"))
    brought_at = models.DateTimeField(_("brought"))
    rows = models.JSONField(_("rows as read"))
    windows = models.BooleanField(_("read as Windows-1252"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=0)

    class Meta:
        verbose_name = _("import of people")
        verbose_name_plural = _("imports of people")
        ordering = ("-brought_at", "id")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("council", "brought_by"), name="people_import_one_at_a_time"),)

    def __str__(self) -> str:
        return f"{self.council} · {self.brought_at:%Y-%m-%d}"


class Invitation(models.Model):
    """A mail that asks a person to set a password and sign in. Sent by a tick; the link in it is made when it goes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    to_set_up = models.BooleanField(_("to set a council up"), default=False)
    asked_at = models.DateTimeField(_("asked for"))
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("given up"), null=True)

    class Meta:
        verbose_name = _("invitation to sign in")
        verbose_name_plural = _("invitations to sign in")
        ordering = ("-asked_at", "id")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("person",), condition=Q(sent_at__isnull=True, failed_at__isnull=True), name="invitation_waits_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} · {self.asked_at:%Y-%m-%d}"
