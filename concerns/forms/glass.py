"""Forms about breaking the glass. They parse; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.enums import LONGEST_GLASS_HOURS
from concerns.forms.fields import Words
from councils.forms.people import PersonChoice
from councils.models import Person
from councils.queries import people_of
from protocol_portal.widgets import Radios

HOURS = [(4, _("4 hours")), (24, _("24 hours")), (72, _("72 hours (three days)")), (LONGEST_GLASS_HOURS, _("168 hours (a week)"))]


class AskForm(forms.Form):
    """Which concern, why, for how long, and who is to approve it."""

    reference = forms.CharField(
        label=_("Reference of the concern"), max_length=40, help_text=_("For example, K7QF-2M9X. The person who raised it can give it to you.")
    )
    reason = Words(
        label=_("Why can’t it wait?"),
        rows=4,
        max_length=5_000,
        help_text=_("The other person reads this, and everyone who may read the concern, the person who raised it included."),
        error_messages={"required": _("Say why it can’t wait")},
    )
    hours = forms.TypedChoiceField(
        label=_("For how long?"), choices=HOURS, coerce=int, initial=24, widget=Radios(), error_messages={"required": _("Choose for how long")}
    )
    approver = PersonChoice(
        queryset=Person.objects.none(), label=_("Who approves it?"), help_text=_("Somebody else at the council, free of any connection with it.")
    )

    def __init__(self, *args: Any, visit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].queryset = people_of(visit.council, on=visit.on)


class AnswerForm(forms.Form):
    """Approve or decline, and why."""

    approve = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("I approve it")), ("no", _("I decline"))],
        coerce=lambda value: value == "yes",
        widget=Radios(),
        error_messages={"required": _("Choose whether you approve it")},
    )
    words = Words(label=_("Why?"), rows=3, max_length=5_000, error_messages={"required": _("Say why")})
