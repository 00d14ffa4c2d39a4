"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    """What is due, and why."""

    name = "clocks"
    verbose_name = _("Clocks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Be told of every concern that something was left on."""
        from clocks import escalation, queries, reconcile, reminders, reports, wording
        from clocks.views import due
        from concerns import rooms

        rooms.SOONEST[:], rooms.ALL_DUE[:] = [queries.SOONEST], [queries.ALL_DUE]
        rooms.PANELS.insert(0, (due.panel, "SELECT WHERE false"))  # the concern brings what is due with it
        rooms.DOCUMENTS["due.md"] = reports.due
        rooms.SETTLING += [reconcile.settle, escalation.stand_down]
        rooms.COMING.append(due.coming_up)
        rooms.KEPT.append(queries.kept_days)
        rooms.MARKING.append(reconcile.mark)
        reconcile.PLANNED.append(reminders.first_at)
        rooms.EVENTS.update({event.value: words for event, words in wording.EVENTS.items()})
        rooms.REASONS.update(wording.REASONS)
