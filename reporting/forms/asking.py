"""Which report is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from protocol_portal.widgets import Checkboxes, Radios
from reporting import wording
from reporting.domain import periods
from reporting.domain.periods import Period
from reporting.enums import Audience


class AskForm(forms.Form):
    """A period that has ended, and for whom."""

    period = forms.TypedChoiceField(
        label=_("Which period?"), widget=Radios, help_text=_("Only whole years that have ended, from 1 April to 31 March."),
        error_messages={"required": _("Choose the period."), "invalid_choice": _("Choose one of the periods offered.")},
    )  # fmt: skip
    audiences = forms.MultipleChoiceField(
        label=_("Who is it for?"), widget=Checkboxes(option_hints={code.value: hint for code, (_label, hint) in wording.AUDIENCES.items()}), initial=[audience.value for audience in Audience],
        error_messages={"required": _("Choose who the report is for."), "invalid_choice": _("Choose from the readers offered.")},
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, offered: Sequence[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(one.code, wording.period(one.starts_on, one.ends_on)) for one in offered]
        self.fields["period"].coerce = lambda code: periods.read(code, today)
        self.fields["audiences"].choices = [(audience.value, wording.audience(audience)) for audience in Audience]
