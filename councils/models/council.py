"""A council that uses the portal."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Jurisdiction(models.TextChoices):
    ENGLAND = "England", _("England")
    WALES = "Wales", _("Wales")


class Council(models.Model):
    """One council. `key` is its short name in addresses and files; nothing in the code depends on which it is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=10, choices=Jurisdiction.choices)
    is_demo = models.BooleanField(_("for demonstration"), default=False)
    require_mfa = models.BooleanField(_("second factor required"), default=False)
    targets = models.JSONField(_("targets"), default=dict, blank=True, editable=False)  # {code of the law layer's default: days}
    # who changed what counts days: [{"at", "by", "code", "before", "after"} or {"at", "by", "closed": [first, last]}], oldest first
    day_changes = models.JSONField(_("changes of days"), default=list, blank=True, editable=False)
    closed_days = ArrayField(models.DateField(), verbose_name=_("days of closure"), default=list, editable=False)  # kept by closures' trigger

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=models.Q(jurisdiction__in=Jurisdiction.values), name="council_jurisdiction_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="council_has_name"),
        )

    def __str__(self) -> str:
        return self.name
