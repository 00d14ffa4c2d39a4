"""Forms about the days on which the council's office is closed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from protocol_portal.widgets import DatePartsField


class ClosureForm(forms.Form):
    """First and last day, and what for."""

    starts_on = DatePartsField(label=_("First day"))
    ends_on = DatePartsField(label=_("Last day"), required=False, help_text=_("Leave empty for a single day."))
    reason = forms.CharField(
        label=_("What for"), max_length=120, help_text=_("For example: office closed between Christmas and New Year."),
        error_messages={"required": _("Say what the office is closed for")},
    )  # fmt: skip


class RemoveForm(forms.Form):
    """Nothing to fill in."""
