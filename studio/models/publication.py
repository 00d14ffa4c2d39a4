"""What a council chose for its public pages: whether there are any, whose names are on them, and whom to ask."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from councils.models import Council
from studio.models.imported import ImportedDocument


class Publication(models.Model):
    """One a council; where there is none, the protocol is public and names nobody. ``named_roles``: offices whose holder is named."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    council = models.OneToOneField(Council, models.PROTECT, related_name="publication", verbose_name=_("council"))
    is_public = models.BooleanField(_("public"), default=True)
    named_roles = ArrayField(models.CharField(max_length=40), verbose_name=_("offices with a name"), default=list, blank=True)
    contact = models.CharField(_("whom to ask"), max_length=200, blank=True, default="")
    document = models.ForeignKey(
        ImportedDocument, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("the council’s own words")
    )
    revision = models.PositiveIntegerField(_("revision"), default=0)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("changed by"))

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=Q(named_roles__len__lte=20), name="publication_few_names"),)

    def __str__(self) -> str:
        return f"{self.council}"
