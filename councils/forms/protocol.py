"""Forms about a protocol version's standing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from protocol_portal.widgets import DatePartsField


class ApproveForm(forms.Form):
    """Who approved it, when, in which minute."""

    approving_body = forms.CharField(
        label=_("Approved by"), max_length=200, help_text=_("The council or the committee."), error_messages={"required": _("Enter the body that approved it")}
    )
    approved_on = DatePartsField(label=_("Approved on"), error_name=_("The date of approval"))
    minute_ref = forms.CharField(label=_("Minute"), max_length=200, help_text=_("The number of the minute that records it."))


class BringIntoForceForm(forms.Form):
    """From which day it applies."""

    in_force_from = DatePartsField(label=_("In force from"), error_name=_("The date it comes into force"))
