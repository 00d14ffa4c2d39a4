"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudioConfig(AppConfig):
    """Where an administrator brings, edits and proves a council's protocol."""

    name = "studio"
    verbose_name = _("Protocol studio")
    default_auto_field = "django.db.models.BigAutoField"
