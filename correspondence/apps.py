"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrespondenceConfig(AppConfig):
    """Messages on a concern with their whole audience, letters in the council's words, reports to council."""

    name = "correspondence"
    verbose_name = _("Correspondence")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the room into the casework (ADR 8)."""
        from concerns import rooms
        from concerns.enums import Capacity, ProceedingKind
        from correspondence import policy, queries, wording
        from correspondence.actions.conciliation import Conciliations
        from correspondence.actions.reports import WRITES, CouncilReports
        from correspondence.models import CouncilReport, Letter
        from correspondence.views import panels

        rooms.EVENTS.update({str(event): words for event, words in wording.EVENTS.items()})
        rooms.LETTER_FACTS.append(queries.facts)
        rooms.PROCEDURES[ProceedingKind.COUNCIL_REPORT] = CouncilReports()
        rooms.PROCEDURES[ProceedingKind.CONCILIATION] = Conciliations()
        rooms.PANELS += [
            (
                panels.correspondence,
                "SELECT FROM correspondence_audience a WHERE a.concern_id = concerns_concern.id"
                " UNION ALL SELECT FROM correspondence_letter l WHERE l.concern_id = concerns_concern.id"
                " UNION ALL SELECT FROM correspondence_councilreport r WHERE r.concern_id = concerns_concern.id"
                " UNION ALL SELECT FROM unnest(outside_readers(concerns_concern.id))",
            ),
        ]
        rooms.WAITING += [
            (
                panels.waiting,
                "SELECT FROM correspondence_audience a WHERE a.person_id = portal_me() AND a.opened_at IS NULL AND a.role <> 'sender'"
                " UNION ALL SELECT FROM correspondence_letter l WHERE l.to_person_id = portal_me() AND l.opened_at IS NULL",
            )
        ]
        letters = tuple(sorted({*policy.WRITES_LETTERS, Capacity.CONVENER}))
        reports = tuple(sorted(WRITES))
        rooms.MACHINES += [
            rooms.Machine(str(_("A letter")), Letter, "state", wording.LETTER_STATES, {"send_letter": letters, "edit_letter": letters}),
            rooms.Machine(
                str(_("A report to council")), CouncilReport, "state", wording.REPORT_STATES,
                dict.fromkeys(("write_report", "seal_report", "record_resolution", "present_report"), reports),
            ),
        ]  # fmt: skip
