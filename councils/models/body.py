"""Bodies of a council (HR sub-committee, appeal panel, the council meeting) and who sits on them.

Migration 0002 adds: body_member_no_overlap (a person sits once on a body on any day) and body_one_chair.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from councils.models.council import Council
from councils.models.dated import Dated, dates_in_order
from councils.models.person import Person


class Body(models.Model):
    """A body. `quorum`: the fewest unconflicted members that may act; `minimum_members`: the fewest it is made of."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.ForeignKey(Council, models.PROTECT, related_name="bodies", verbose_name=_("council"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    quorum = models.PositiveSmallIntegerField(_("quorum"), default=3)
    minimum_members = models.PositiveSmallIntegerField(_("fewest members"), default=3)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("council", "name")
        constraints = (
            models.UniqueConstraint(fields=("council", "code"), name="body_code_once_per_council"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="body_quorum_at_least_one"),
            models.CheckConstraint(condition=Q(minimum_members__gte=F("quorum")), name="body_quorum_within_members"),
        )

    def __str__(self) -> str:
        return self.name


class BodyMembership(Dated):
    """A person's seat on a body."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="memberships", verbose_name=_("body"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    is_chair = models.BooleanField(_("chairs it"), default=False)
    is_substitute = models.BooleanField(_("substitute"), default=False)

    class Meta:
        verbose_name = _("body membership")
        verbose_name_plural = _("body memberships")
        ordering = ("body", "-is_chair", "person__full_name")
        constraints = (
            dates_in_order("membership_dates_in_order"),
            models.CheckConstraint(condition=~Q(is_chair=True, is_substitute=True), name="membership_chair_no_substitute"),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.body}"
