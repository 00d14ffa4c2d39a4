"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrievancesConfig(AppConfig):
    """A grievance before a panel of the council, from forming it to the end of an appeal."""

    name = "grievances"
    verbose_name = _("Grievances")
    default_auto_field = "django.db.models.BigAutoField"
