"""The office's steps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.base import yes_no
from concerns.forms.fields import Words
from protocol_portal.widgets import DatePartsField, Radios
from referrals import wording
from referrals.domain import course
from referrals.enums import MeasureKind, Outcome, Step
from referrals.forms.base import LetterForm, ReferralForm, grounds, said

SEEN = _("The council's follower and whoever raised it read this.")
MEASURES_SHOWN = 3


class AcknowledgeForm(LetterForm):
    words = said(_("Anything to say to the council"), hint=SEEN)


class AssessForm(LetterForm):
    words = said(_("Anything to say to the council"), hint=SEEN)


class ConsultForm(ReferralForm):
    who = forms.CharField(label=_("Who was consulted?"), max_length=200, error_messages={"required": _("Say who was consulted")})
    consulted_on = DatePartsField(
        label=_("When did they give their view?"), error_name=_("The day"), error_messages={"required": _("Give the day on which they gave their view")}
    )
    words = said(_("Their view"), required=_("Write down their view"), hint=_("Whoever raised it doesn't see this."))


class WeighForm(ReferralForm):
    serious = yes_no(_("Is it serious?"), required=_("Say whether it is serious"))
    repeated = yes_no(_("Is it one of several like it, or was it raised before?"), required=_("Say whether it was raised before"))
    words = said(_("Why?"), hint=SEEN)


class AskLocalForm(LetterForm):
    grounds = grounds(Step.ASK_LOCAL, _("Why?"))
    words = said(_("What is the council asked to do?"), required=_("Say what the council is asked to do"), hint=SEEN)


class InvestigateForm(LetterForm):
    grounds = grounds(Step.INVESTIGATE, _("Why?"))
    words = said(_("Anything to say to the council"), hint=SEEN)


class FindingForm(LetterForm):
    outcome = forms.ChoiceField(label=_("Outcome"), widget=Radios(), error_messages={"required": _("Choose the outcome")})
    grounds = grounds(Step.RECORD_FINDING, _("On which grounds, if there was no investigation?"))
    words = said(_("Reasons"), required=_("Give the reasons"), hint=SEEN)

    def offer(self) -> None:
        found = course.outcomes(self.offers.jurisdiction, self.offers.state)
        self.fields["outcome"].choices = [(code.value, wording.OUTCOMES[code]) for code in found]
        if Outcome.BREACH in found:
            kinds = [("", _("None")), *((kind.value, wording.MEASURES[kind]) for kind in MeasureKind)]
            for number in range(1, MEASURES_SHOWN + 1):
                self.fields[f"kind_{number}"] = forms.ChoiceField(
                    label=_("Recommended measure %(number)d") % {"number": number}, choices=kinds, required=False
                )
                self.fields[f"measure_{number}"] = Words(
                    label=_("What measure %(number)d asks for") % {"number": number}, rows=2, max_length=2_000, required=False
                )
        if self.offers.state != "ASSESSING" or self.offers.jurisdiction == course.WALES:
            del self.fields["grounds"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = [name for name in self.fields if name.startswith(("kind_", "measure_"))]
        self.order_fields([*(name for name in self.fields if name not in more), *more])

    def answers(self) -> dict[str, Any]:
        found = {name: value for name, value in self.cleaned_data.items() if not name.startswith(("kind_", "measure_"))}
        asked = range(1, MEASURES_SHOWN + 1) if "kind_1" in self.fields else ()
        found["measures"] = [(self.cleaned_data[f"kind_{n}"], self.cleaned_data[f"measure_{n}"]) for n in asked]
        return found


class AsideForm(ReferralForm):
    words = said(_("Why, if you want to say"), hint=_("Whoever follows it for the council reads this."))
