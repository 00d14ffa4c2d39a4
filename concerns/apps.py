"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConcernsConfig(AppConfig):
    """The casework."""

    name = "concerns"
    verbose_name = _("Concerns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What waits on the start page although no concern is behind it; the words of what the sweep leaves in the trail."""
        from concerns import rooms, wording
        from concerns.views import _reviews, delivery, glass

        rooms.EVENTS.update({event.value: words for event, words in wording.SWEPT.items()})
        rooms.WAITING += [
            (_reviews.waiting, _reviews.STANDING),
            (delivery.waiting, delivery.UNDELIVERED),
            (delivery.own_mailbox, delivery.REFUSED),
            (glass.waiting, glass.WAITING),
        ]
