"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationConfig(AppConfig):
    """Requests to see the council's papers, and questions about what the protocol means."""

    name = "information"
    verbose_name = _("Information")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the casework what waits here, and the generated documents how the machines look."""
        from concerns import rooms
        from information import dues, wording
        from information.domain import arrangements, machine
        from information.models import AccessRequest, Arrangement, GuidanceQuestion
        from information.views.waiting import waiting

        rooms.OWN_DUES[dues.ROOM] = dues.dues
        rooms.PLACES[dues.ROOM] = dues.page
        rooms.OWN_DUES[dues.QUESTIONS] = dues.of_question
        rooms.PLACES[dues.QUESTIONS] = dues.question_page
        rooms.WAITING.append((waiting, "SELECT FROM information_accessrequest UNION ALL SELECT FROM information_guidancequestion UNION ALL SELECT FROM information_arrangement"))
        for title, model, states, table in (
            (_("Request to see papers"), AccessRequest, wording.STATES, machine.REQUEST),
            (_("Question about the protocol"), GuidanceQuestion, wording.QUESTION_STATES, machine.QUESTION),
        ):
            permissions = {action.value: tuple(sorted(move.parts)) for action, move in table.items()}
            rooms.MACHINES.append(rooms.Machine(str(title), model, "state", {state.value: words for state, words in states.items()}, permissions))
        steps = {action.value: tuple(sorted(who)) for action, (_from, _to, who) in arrangements.STEPS.items()}
        rooms.MACHINES.append(
            rooms.Machine(
                str(_("Agreement on contact, or a group’s request")), Arrangement, "state",
                {state.value: words for state, words in wording.ARRANGEMENT_STATES.items()}, steps,
            )
        )  # fmt: skip
