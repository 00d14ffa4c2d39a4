"""Days before and after a date, hours of a day, and how a person wants to hear."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from protocol_portal.widgets import Radios

NUMBERS = re.compile(r"[\s,;]+")


class DaysField(forms.CharField):
    """Working days as numbers with commas between them; gives a tuple."""

    default_error_messages = {"numbers": _("Enter numbers with commas between them, for example 5, 1")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, **kwargs)

    def clean(self, value: Any) -> tuple[int, ...]:
        parts = [part for part in NUMBERS.split(super().clean(value).strip()) if part]
        if not all(re.fullmatch(r"-?[0-9]{1,6}", part) for part in parts):
            raise ValidationError(self.error_messages["numbers"], code="numbers")
        return tuple(int(part) for part in parts)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


class HabitForm(forms.Form):
    """How one kind of date is remembered."""

    before = DaysField(label=_("Working days before"), help_text=_("For example 5, 1. Leave it empty to send nothing before."))
    on_the_day = forms.BooleanField(label=_("On the day itself"), required=False)
    after = DaysField(label=_("Working days after, while nothing has happened"), help_text=_("For example 1, 5. Leave it empty to send nothing after."))
    escalate_after = forms.IntegerField(
        label=_("Working days of silence before the next person is told"),
        required=False,
        help_text=_("The next person of the concern's route who has no connection is told, and whoever raised it sees that. Leave it empty to tell nobody else."),
        error_messages={"invalid": _("Enter a whole number")},
    )

    def __init__(self, *args: Any, escalates: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not escalates:
            del self.fields["escalate_after"]

    def clean(self) -> dict[str, Any]:
        return {"escalate_after": None, **(super().clean() or {})}


class ClockField(forms.TimeField):
    """An hour of the day as people write it."""

    default_error_messages = {"invalid": _("Enter a time, for example 8:30")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.hour}:{value.minute:02}" if isinstance(value, time) else value


class HoursForm(forms.Form):
    """Between which hours people are written to."""

    opens = ClockField(label=_("From"), help_text=_("For example 8:00"), error_messages={"required": _("Enter the time from which people are written to")})
    closes = ClockField(label=_("Until"), help_text=_("For example 18:00"), error_messages={"required": _("Enter the time until which people are written to")})


class PreferenceForm(forms.Form):
    """One message for each thing, or one a day."""

    how = forms.ChoiceField(
        label=_("How do you want to be reminded?"),
        choices=[("each", _("One message for each thing")), ("digest", _("One message a day, when there is something"))],
        widget=Radios(),
        error_messages={"required": _("Choose how you want to be reminded")},
    )


class NothingForm(forms.Form):
    """A button."""
