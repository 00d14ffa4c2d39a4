"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What a council learns from its concerns at each review."""

    name = "reporting"
    verbose_name = _("Reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the public pages that there may be reports."""
        from reporting import queries
        from studio.reports import register

        register.add_page("reporting:public", label=_("Reports"), is_there=lambda council: queries.published(council).exists())
