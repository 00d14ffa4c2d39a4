"""What a rehearsal with a council's own people met. Ids and fixed words; nothing of any concern."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council, ProtocolVersion


class RehearsalRun(models.Model):
    """One rehearsal of the version in force on a day. The newest of each council is the one that counts (`is_latest`).

    `seen` is how many changes to people and protocol the council's record held when it began: more since, and it is stale.
    `unsafe` counts the places where nobody could hear a concern; `fresh` names those that the run before did not have.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.CASCADE, related_name="rehearsals", verbose_name=_("council"))
    version = models.ForeignKey(ProtocolVersion, models.CASCADE, related_name="+", verbose_name=_("version"))
    at = models.DateTimeField(_("rehearsed"))
    checked_on = models.DateField(_("still so on"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    seen = models.PositiveIntegerField(_("changes seen"))
    played = models.PositiveIntegerField(_("cases played"))
    unsafe = models.PositiveIntegerField(_("places where nobody could hear a concern"))
    findings = models.JSONField(_("what was met"), default=list)
    left_off = models.PositiveIntegerField(_("not kept"), default=0)
    fresh = models.JSONField(_("what became unsafe"), default=list, blank=True)
    is_latest = models.BooleanField(_("the newest"), default=True)
    is_told = models.BooleanField(_("the administrators were told"), default=True)

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ("council", "-at")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("council",), condition=Q(is_latest=True), name="rehearsal_one_latest"),)
        indexes = (models.Index(fields=("at",), condition=Q(is_told=False), name="rehearsal_untold"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
