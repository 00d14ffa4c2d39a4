"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConcernsConfig(AppConfig):
    """The casework."""

    name = "concerns"
    verbose_name = _("Concerns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What waits on the start page although no concern is behind it."""
        from concerns import rooms
        from concerns.views import _reviews, delivery

        rooms.WAITING += [
            (_reviews.waiting, _reviews.STANDING),
            (delivery.waiting, delivery.UNDELIVERED),
            (delivery.own_mailbox, delivery.REFUSED),
        ]
