"""The councils application: who people are and what each council has decided."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    label = "councils"
    verbose_name = _("Councils")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the modules that know no Django its translator."""
        from django.utils.translation import gettext

        from councils.protocol import use_translator

        use_translator(gettext)
