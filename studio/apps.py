"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudioConfig(AppConfig):
    """Where an administrator brings, edits and proves a council's protocol."""

    name = "studio"
    verbose_name = _("Protocol studio")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What waits on the start page: a set-up that isn't finished, and a council where somebody could have nobody to go to."""
        from concerns import rooms
        from studio.views import proof, waiting

        rooms.WAITING.append((waiting.set_ups, "SELECT FROM studio_councilsetup s WHERE s.person_id = portal_me() AND s.finished_at IS NULL"))
        rooms.WAITING.append((proof.waiting, proof.WAITING))
