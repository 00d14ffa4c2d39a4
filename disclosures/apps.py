"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosuresConfig(AppConfig):
    """The subject's side: what they are told, what they answer, who comes with them."""

    name = "disclosures"
    verbose_name = _("Disclosures")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the room into the casework (ADR 8)."""
        from concerns import rooms
        from concerns.enums import ProceedingKind
        from disclosures import actions, dues, policy, wording
        from disclosures.models import Disclosure, Pointer
        from disclosures.views import panels

        rooms.EVENTS.update({event.value: words for event, words in wording.EVENTS.items()})
        rooms.PROCEDURES[ProceedingKind.DISCIPLINARY] = actions.discipline.Discipline()
        rooms.DUES.append((dues.dues, dues.SQL))
        rooms.PANELS += [
            (panels.telling, "SELECT FROM disclosures_disclosure d WHERE d.concern_id = concerns_concern.id"),
            (panels.discipline, "SELECT FROM disclosures_pointer p WHERE p.concern_id = concerns_concern.id"),
        ]
        rooms.WAITING += [(panels.waiting, "SELECT FROM disclosures_disclosure d WHERE d.person_id = portal_me() OR d.state = 'ANSWERED'")]
        rooms.DOORS += [(panels.doors, "SELECT FROM disclosures_disclosure d WHERE d.person_id = portal_me()")]
        may = {action.value: tuple(sorted(held)) for action, held in policy.PERMISSIONS.items()}
        told = {action.value: (str(_("the person it was disclosed to")),) for action in policy.THE_SUBJECTS}
        discipline = {step: held for step, held in may.items() if step.startswith("procedure")}
        rooms.MACHINES += [
            rooms.Machine(
                str(_("A disclosure to the person it is about")), Disclosure, "state", {s.value: words for s, words in wording.STATES.items()},
                {**{step: held for step, held in may.items() if step not in discipline}, **told},
            ),
            rooms.Machine(str(_("A disciplinary hand-over")), Pointer, "state", {s.value: words for s, words in wording.POINTER.items()}, discipline),
        ]  # fmt: skip
