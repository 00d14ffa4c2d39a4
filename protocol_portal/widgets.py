"""Form fields and widgets of the design system: dates in three parts, a searchable select, radios with hints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DatePartsWidget(forms.Widget):
    """Day, month and year as three text boxes named `<field>_day`, `<field>_month`, `<field>_year`."""

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True
    error_parts: tuple[str, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}_{part}") or "").strip() for part in PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = as_parts(value)
        id_ = context["widget"]["attrs"].get("id") or f"id_{name}"
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        context["widget"]["id"] = id_
        context["widget"]["parts"] = [
            {
                "id": f"{id_}_{part}",
                "name": f"{name}_{part}",
                "label": labels[part],
                "value": typed.get(part, ""),
                "width": 4 if part == "year" else 2,
                "error": part in self.error_parts,
            }
            for part in PARTS
        ]
        return context


def as_parts(value: Any) -> dict[str, str]:
    """A date, or what was typed, as day, month and year in text."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part, "")) for part in PARTS}
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    return {}


class DatePartsField(forms.Field):
    """A date typed as day, month and year. Gives a `date`, or None when optional and empty.

    Keeps what was typed. Errors name the missing part ("Start date must include a year"), a date that
    isn't one ("must be a real date"), and a year that isn't four figures. Month names are understood.
    """

    widget = DatePartsWidget
    default_error_messages = {
        "not_real": gettext_lazy("%(name)s must be a real date"),
        "year_digits": gettext_lazy("%(name)s: the year must have 4 numbers"),
        "too_early": gettext_lazy("%(name)s must be the same as or after %(limit)s"),
        "too_late": gettext_lazy("%(name)s must be the same as or before %(limit)s"),
    }

    def __init__(
        self,
        *,
        error_name: str | None = None,
        earliest: date | None = date(1900, 1, 1),
        latest: date | None = date(2200, 12, 31),  # further than anything of a council's, and counting days from there still works
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.error_name, self.earliest, self.latest = error_name, earliest, latest

    @cached_property
    def _name(self) -> str:
        return capfirst(str(self.error_name or self.label or _("Date")).rstrip(":?"))

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = as_parts(value)
        if not any(parts.values()):
            return None
        missing = [part for part in PARTS if not parts[part]]
        if missing:
            raise ValidationError(self._missing_message(missing), code="missing_" + "_".join(missing))
        if not (len(parts["year"]) == 4 and parts["year"].isascii() and parts["year"].isdigit()):
            raise self._error("year_digits", code="bad_year")
        month = _month_number(parts["month"])
        if month is None or not (parts["day"].isascii() and parts["day"].isdigit() and len(parts["day"]) <= 2):
            raise self._error("not_real")
        try:
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError:
            raise self._error("not_real") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise self._error("too_early", limit=_long(self.earliest))
        if self.latest and value > self.latest:
            raise self._error("too_late", limit=_long(self.latest))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return as_parts(initial) != as_parts(data)

    def _error(self, key: str, *, code: str | None = None, **params: str) -> ValidationError:
        message = str(self.error_messages[key]) % {"name": self._name, **params}
        return ValidationError(message, code=code or key)

    def _missing_message(self, missing: list[str]) -> str:
        words = {
            ("day",): _("%(name)s must include a day"),
            ("month",): _("%(name)s must include a month"),
            ("year",): _("%(name)s must include a year"),
            ("day", "month"): _("%(name)s must include a day and month"),
            ("day", "year"): _("%(name)s must include a day and year"),
            ("month", "year"): _("%(name)s must include a month and year"),
        }
        return words[tuple(missing)] % {"name": self._name}


def _month_number(typed: str) -> int | None:
    """1 to 12 from a number or an English month name; None if it is neither."""
    if typed.isascii() and typed.isdigit() and len(typed) <= 2:
        return int(typed)
    short = typed.casefold()[:3]
    return MONTHS.index(short) + 1 if short in MONTHS else None


def _long(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


class RowChoiceField(forms.ModelChoiceField):
    """One row out of a set. An id that isn't one reads like an id that isn't in the list."""

    default_error_messages = {"invalid_choice": gettext_lazy("Choose one of the options in the list")}

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class AutocompleteSelect(forms.Select):
    """A select that becomes a type-ahead when JavaScript runs, and stays a select when it doesn't."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__({"data-module": "autocomplete", **(attrs or {})}, choices)


class Radios(forms.RadioSelect):
    """Radios whose options may carry hints: `Radios(option_hints={"value": "text"})`."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), option_hints: Any = None) -> None:
        super().__init__(attrs, choices)
        self.option_hints = dict(option_hints or {})


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes whose options may carry hints."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), option_hints: Any = None) -> None:
        super().__init__(attrs, choices)
        self.option_hints = dict(option_hints or {})
