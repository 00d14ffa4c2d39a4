"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrievancesConfig(AppConfig):
    """A grievance before a panel of the council, from forming it to the end of an appeal."""

    name = "grievances"
    verbose_name = _("Grievances")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the procedure into the casework (ADR 8)."""
        from concerns import rooms
        from concerns.enums import ProceedingKind
        from grievances import dues, wording
        from grievances.actions.procedure import GrievanceProcedure
        from grievances.domain.machine import PERMISSIONS
        from grievances.models import Grievance
        from grievances.reports import letters
        from grievances.views import panel

        rooms.PROCEDURES[ProceedingKind.GRIEVANCE] = GrievanceProcedure()
        rooms.EVENTS.update({event.value: words for event, words in wording.EVENTS.items()})
        rooms.REASONS.update(wording.REASONS)
        rooms.LETTER_FACTS.append(letters.facts)
        rooms.DUES.append((dues.dues, dues.SQL))
        rooms.PANELS.append(
            (
                panel.of_concern,
                "SELECT FROM grievances_grievance g WHERE g.concern_id = concerns_concern.id"
                " UNION ALL SELECT FROM grievances_support s WHERE s.concern_id = concerns_concern.id",
            )
        )
        rooms.WAITING.append(
            (
                panel.waiting,
                "SELECT FROM grievances_grievance g WHERE g.state <> 'CLOSED'"
                " UNION ALL SELECT FROM grievances_tieflag t WHERE t.told_id = portal_me() AND t.considered_at IS NULL",
            )
        )
        open_to = {step.value: tuple(sorted(part.value for part in parts)) for step, parts in PERMISSIONS.items()}
        rooms.MACHINES.append(
            rooms.Machine(str(_("States of a grievance")), Grievance, "state", {s.value: w for s, w in wording.STATES.items()}, open_to)
        )
