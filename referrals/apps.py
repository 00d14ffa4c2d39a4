"""App configuration: hangs the room into the casework."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    """A Code of Conduct complaint with the body that decides on it, and its desk in the portal."""

    name = "referrals"
    verbose_name = _("Referrals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the procedure, its panel, what waits, its words and its machine."""
        from concerns import rooms
        from concerns.enums import ProceedingKind
        from referrals import dues, wording
        from referrals.actions.procedure import CodeReferral
        from referrals.actions.reading import tell_of_virus
        from referrals.domain.course import STEPS
        from referrals.models import Referral
        from referrals.reports import letters
        from referrals.views import panel

        rooms.LETTER_FACTS.append(letters.facts)
        rooms.INFECTED.append(tell_of_virus)
        rooms.PROCEDURES[ProceedingKind.CODE_REFERRAL] = CodeReferral()
        rooms.DUES.append((dues.dues, dues.SQL))
        rooms.PANELS.append((panel.panel, "SELECT FROM referrals_referral r WHERE r.concern_id = concerns_concern.id"))
        rooms.WAITING.append((panel.waiting, "SELECT FROM referrals_referral"))
        rooms.DOORS.append(
            (
                panel.doors,
                "SELECT FROM referrals_referralaccess a WHERE a.person_id = portal_me()"
                " UNION ALL SELECT FROM councils_externalofficer o WHERE o.person_id = portal_me()"
                " AND o.starts_on <= (now() AT TIME ZONE 'Europe/London')::date"
                " AND (o.ends_on IS NULL OR o.ends_on >= (now() AT TIME ZONE 'Europe/London')::date)",
            )
        )
        rooms.EVENTS.update({event.value: words for event, words in wording.EVENTS.items()})
        rooms.MACHINES.append(
            rooms.Machine(
                str(_("Code of Conduct referral")), Referral, "state", {str(state): words for state, words in wording.STATES.items()},
                {step.value.removeprefix("referral_"): tuple(sorted(side.value for side in sides)) for step, (sides, _from) in STEPS.items()},
            )
        )  # fmt: skip
