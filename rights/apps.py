"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    """What people may ask about the data kept of them, and when what is kept goes."""

    name = "rights"
    verbose_name = _("Data rights")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the casework what waits here, the clocks what is due, and the register what is kept."""
        from concerns import rooms
        from rights import dues, wording
        from rights.actions import standing
        from rights.enums import Kind
        from rights.models import Breach, DataComplaint, Disposal, SubjectRequest
        from rights.reports import register as processing
        from rights.views.waiting import ON_CONCERN, THERE, panel, waiting
        from studio.reports import register

        rooms.OWN_DUES[dues.ROOM] = dues.dues
        rooms.PLACES[dues.ROOM] = dues.page
        rooms.WAITING.append((waiting, THERE))
        rooms.PANELS.append((panel, ON_CONCERN))
        register.add("processing", heading=_("What personal data is kept"), template="rights/register_body.html", reading=processing.reading)
        models = {Kind.DISPOSAL: Disposal, Kind.ACCESS: SubjectRequest, Kind.COMPLAINT: DataComplaint, Kind.BREACH: Breach}
        for kind, model in models.items():
            steps = {step.value: ("records_keeper" if whose == "seat" else "whoever_asked",) for step, (of, _states, whose) in standing.STEPS.items() if of == kind}
            rooms.MACHINES.append(rooms.Machine(str(wording.KINDS[kind]), model, "state", wording.STATES[kind], steps))
