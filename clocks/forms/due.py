"""Forms about dates: more time by agreement, and a council's targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.domain import targets
from concerns.forms.fields import Words
from protocol_portal.widgets import DatePartsField


class ExtendForm(forms.Form):
    """The agreed day, when each side agreed, and why."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    to = DatePartsField(label=_("New date"), required=False)
    raiser_agreed_on = DatePartsField(label=_("When did the person who raised it agree?"), error_name=_("The date"), required=False)
    other_agreed_on = DatePartsField(label=_("When did the other person agree?"), error_name=_("The date"), required=False)
    reason = Words(label=_("Why more time is needed"), help_text=_("Everyone who may read the concern sees this."), rows=4, max_length=5_000, required=False)

    def __init__(self, *args: Any, other_side: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.never_optional = True  # type: ignore[attr-defined]  # the action needs each
        if not other_side:
            del self.fields["other_agreed_on"]


class TargetForm(forms.Form):
    """A number of days, or nothing for what the protocol or this service says."""

    days = forms.IntegerField(
        label=_("Working days"),
        required=False,
        help_text=_("From 1 to 365. Leave empty to go back to what the protocol or this service says."),
        error_messages={"invalid": _("Enter a whole number from %(least)s to %(most)s.") % {"least": targets.LEAST, "most": targets.MOST}},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
    )
