"""Where somebody is signed in: one row a session, for themselves to see and end. Nothing about what they looked at."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """One session of one person. Its row goes with the session; the address is kept without its last part."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(_("browser"), max_length=30, blank=True, default="")
    system = models.CharField(_("device"), max_length=30, blank=True, default="")
    network = models.CharField(_("network"), max_length=45, blank=True, default="")
    began_at = models.DateTimeField(_("signed in"))
    seen_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()
        ordering = ("-seen_at",)
