"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationConfig(AppConfig):
    """Requests to see the council's papers, and questions about what the protocol means."""

    name = "information"
    verbose_name = _("Information")
    default_auto_field = "django.db.models.BigAutoField"
