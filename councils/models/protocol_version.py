"""One adopted (or drafted) text of a council's protocol, as configuration. Immutable once approved.

`status` moves draft → approved → in force → superseded and never back: django-fsm says which step is legal in memory,
the trigger below refuses everything else in the database, and a partial unique index keeps one in force per council.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from councils import protocol as engine
from councils.models.council import Council
from councils.models.state import StateField


class ProtocolStatus(models.TextChoices):
    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    IN_FORCE = "IN_FORCE", _("In force")
    SUPERSEDED = "SUPERSEDED", _("Superseded")


ONLY_FORWARD = """
IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'protocol_kept_once_approved' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'protocol_kept_once_approved';
    END IF;
    RETURN OLD;
END IF;
IF NEW.council_id <> OLD.council_id OR NEW.is_demonstration <> OLD.is_demonstration THEN
    RAISE EXCEPTION 'protocol_immutable' USING ERRCODE = 'check_violation', CONSTRAINT = 'protocol_immutable';
END IF;
IF OLD.status <> 'DRAFT' AND (
    NEW.config IS DISTINCT FROM OLD.config OR NEW.content_hash <> OLD.content_hash OR NEW.label <> OLD.label
    OR NEW.approving_body <> OLD.approving_body OR NEW.approved_on IS DISTINCT FROM OLD.approved_on
    OR NEW.minute_ref <> OLD.minute_ref OR NEW.created_at <> OLD.created_at
    OR (OLD.in_force_from IS NOT NULL AND NEW.in_force_from IS DISTINCT FROM OLD.in_force_from)
    OR (OLD.superseded_on IS NOT NULL AND NEW.superseded_on IS DISTINCT FROM OLD.superseded_on)
) THEN
    RAISE EXCEPTION 'protocol_immutable' USING ERRCODE = 'check_violation', CONSTRAINT = 'protocol_immutable';
END IF;
IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN
    (('DRAFT', 'APPROVED'), ('APPROVED', 'IN_FORCE'), ('IN_FORCE', 'SUPERSEDED')) THEN
    RAISE EXCEPTION 'protocol_only_forward' USING ERRCODE = 'check_violation', CONSTRAINT = 'protocol_only_forward';
END IF;
RETURN NEW;
"""


class _Source:
    """Where a configuration can be read from, equal to another when its fingerprint is."""

    def __init__(self, version: ProtocolVersion) -> None:
        self.content_hash = version.content_hash
        self.version: ProtocolVersion | None = version

    def __hash__(self) -> int:
        return hash(self.content_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Source) and other.content_hash == self.content_hash

    def take(self) -> dict[str, Any]:
        """Returns the configuration, once; afterwards nothing of the row is held."""
        version, self.version = self.version, None
        assert version is not None
        return version.config


@lru_cache(maxsize=256)
def _parsed(source: _Source) -> engine.Protocol:
    return engine.parse(source.take())


class ProtocolVersion(models.Model):
    """A version. Concerns are pinned to the one in force when they are lodged."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="protocol_versions", verbose_name=_("council"))
    label = models.CharField(_("label"), max_length=200)
    status = StateField(_("status"), max_length=12, default=ProtocolStatus.DRAFT, choices=ProtocolStatus.choices, protected=True)
    config = models.JSONField(_("configuration"))
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    approving_body = models.CharField(_("approved by"), max_length=200, blank=True, default="")
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    minute_ref = models.CharField(_("minute"), max_length=200, blank=True, default="")
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    superseded_on = models.DateField(_("superseded on"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration adoption"), default=False)
    created_at = models.DateTimeField(_("loaded"))

    class Meta:
        verbose_name = _("protocol version")
        verbose_name_plural = _("protocol versions")
        ordering = ("council", "-created_at")
        constraints = (
            models.UniqueConstraint(fields=("council",), condition=Q(status="IN_FORCE"), name="protocol_one_in_force"),
            models.UniqueConstraint(fields=("council", "content_hash", "is_demonstration"), name="protocol_content_once"),
            models.CheckConstraint(condition=Q(status__in=ProtocolStatus.values), name="protocol_status_known"),
            models.CheckConstraint(
                condition=Q(status="DRAFT") | (~Q(approving_body="") & Q(approved_on__isnull=False) & ~Q(minute_ref="")),
                name="protocol_approval_recorded",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("DRAFT", "APPROVED")) | Q(in_force_from__isnull=False), name="protocol_in_force_dated"
            ),
            models.CheckConstraint(
                condition=~Q(status="SUPERSEDED") | Q(superseded_on__isnull=False), name="protocol_superseded_dated"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="protocol_only_forward",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=ONLY_FORWARD,
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def protocol(self) -> engine.Protocol:
        """The parsed, frozen protocol; read and parsed once per content for the life of the process."""
        return _parsed(_Source(self))

    @transition(field=status, source=ProtocolStatus.DRAFT, target=ProtocolStatus.APPROVED)
    def approve(self) -> None:
        """Legal from a draft only."""

    @transition(field=status, source=ProtocolStatus.APPROVED, target=ProtocolStatus.IN_FORCE)
    def bring_into_force(self) -> None:
        """Legal from approved only."""

    @transition(field=status, source=ProtocolStatus.IN_FORCE, target=ProtocolStatus.SUPERSEDED)
    def supersede(self) -> None:
        """Legal from in force only."""
