"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    """What people may ask about the data kept of them, and when what is kept goes."""

    name = "rights"
    verbose_name = _("Data rights")
    default_auto_field = "django.db.models.BigAutoField"
