"""The form renderer: Django forms in the design system's markup.

`FORM_RENDERER = "protocol_portal.renderers.DesignSystemRenderer"` makes `{{ form }}` and `{{ form.field.as_field_group }}`
write labels, hints, error messages, fieldsets and the design system's classes. A form may say more about itself:

- `page_heading = "field"`: that field's label or legend is the page's h1 (one question on a page);
- `reveals = {"kind": {"deputy_acting": ["acting_for"]}}`: fields shown under one radio or checkbox;
- a widget's `option_hints = {"value": "text"}`: a hint under one radio or checkbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from protocol_portal.widgets import DatePartsWidget

INPUT_CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
}
FIELDSET_KINDS = frozenset({"radios", "checkboxes", "date"})
#: A label that begins with one of these words reads by itself after "Enter" or "Choose"; any other takes an article.
READS_ALONE = frozenset("a an any at each every for how its one some the their to what when where whether which who whom whose why your".split())


@dataclass(frozen=True)
class Option:
    """One radio or checkbox as the template draws it."""

    id: str
    name: str
    value: str
    label: str
    checked: bool
    hint: str
    reveals: tuple[BoundField, ...]


def mid_sentence(label: object) -> str:
    """A label as it reads inside a sentence: "Start date" -> "start date", "HR panel" stays."""
    text = str(label).strip().rstrip(":")
    if len(text) > 1 and text[0].isupper() and not text[1].isupper():
        return text[0].lower() + text[1:]
    return text


def _is_default(field: forms.Field, code: str) -> bool:
    """True if a field still carries Django's own message for an error code."""
    for klass in type(field).__mro__:
        defaults = vars(klass).get("default_error_messages", {})
        if code in defaults:
            return klass.__module__.startswith("django.") and str(field.error_messages.get(code)) == str(defaults[code])
    return code not in field.error_messages


class DesignSystemBoundField(BoundField):
    """A field on a form, drawn in the design system, with messages that say what to do."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self._plain_messages()

    # -- what kind of control -------------------------------------------------
    @cached_property
    def kind(self) -> str:
        """input · password · textarea · select · file · radios · checkboxes · checkbox · date · hidden."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        if isinstance(widget, DatePartsWidget):
            return "date"
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Select):
            return "select"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        if isinstance(widget, forms.FileInput):
            return "file"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        return "input"

    @property
    def uses_fieldset(self) -> bool:
        return self.kind in FIELDSET_KINDS

    @property
    def is_page_heading(self) -> bool:
        return getattr(self.form, "page_heading", None) == self.name

    @property
    def is_revealed(self) -> bool:
        """True if another field's option shows this one; the form then doesn't draw it a second time."""
        groups = getattr(self.form, "reveals", {}).values()
        return any(self.name in names for values in groups for names in values.values())

    # -- ids that the markup ties together -------------------------------------
    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}-error"

    @property
    def shown_label(self) -> str:
        """The label; an optional question says so."""
        label = str(self.label)
        if self.field.required or self.kind == "checkbox" or self.is_revealed or getattr(self.form, "hide_optional", False):
            return label
        if getattr(self.field, "never_optional", False):
            return label
        return _("%(label)s (optional)") % {"label": label}

    @property
    def maxlength(self) -> int | None:
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def error_target(self) -> str:
        """The id of the control the error summary jumps to."""
        if self.kind == "date":
            parts = self.error_parts
            return f"{self.auto_id}_{parts[0] if parts else 'day'}"
        if self.kind in {"radios", "checkboxes"}:
            return f"{self.auto_id}_0"
        return self.auto_id

    @property
    def error_parts(self) -> tuple[str, ...]:
        """Which of day, month and year a date's error is about."""
        if self.kind != "date" or not self.errors:
            return ()
        codes = [error.code or "" for error in self.errors.as_data()]
        parts = tuple(part for part in ("day", "month", "year") if any(part in code.split("_") for code in codes))
        return parts or ("day", "month", "year")

    @property
    def described_by(self) -> str:
        ids = []
        if self.help_text:
            ids.append(self.hint_id)
        if self.errors:
            ids.append(self.error_id)
        if self.maxlength:
            ids.append(f"{self.auto_id}-info")
        return " ".join(ids)

    # -- drawing ----------------------------------------------------------------
    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = dict(super().build_widget_attrs(attrs, widget))
        attrs.pop("required", None)
        attrs.pop("aria-describedby", None)
        attrs.pop("aria-invalid", None)
        if self.kind in INPUT_CLASSES:
            if self.described_by:
                attrs["aria-describedby"] = self.described_by
            if self.errors:
                attrs["aria-invalid"] = "true"
        return attrs

    def as_widget(self, widget: forms.Widget | None = None, attrs: dict[str, Any] | None = None, only_initial: bool = False) -> str:
        target = widget or self.field.widget
        attrs = dict(attrs or {})
        base = INPUT_CLASSES.get(self.kind)
        if base:
            classes = [base, target.attrs.get("class", ""), attrs.get("class", "")]
            if self.errors:
                classes.append(f"{base.split()[0]}--error")
            if self.maxlength:
                classes.append("govuk-js-character-count")
            attrs["class"] = " ".join(filter(None, classes))
            target.attrs.pop("placeholder", None)
            if self.kind == "textarea":
                target.attrs.pop("maxlength", None)
                target.attrs["rows"] = target.attrs.get("rows") or 6
                target.attrs.pop("cols", None)
        if isinstance(target, DatePartsWidget):
            target.error_parts = self.error_parts
        return super().as_widget(target, attrs, only_initial)

    @property
    def options(self) -> Iterator[Option]:
        """The radios or checkboxes of this field, in order."""
        hints = getattr(self.field.widget, "option_hints", {})
        reveals = getattr(self.form, "reveals", {}).get(self.name, {})
        for sub in self.subwidgets:
            yield from self._option(sub, hints, reveals)

    def _option(self, sub: BoundWidget, hints: dict[str, str], reveals: dict[str, list[str]]) -> Iterator[Option]:
        data = sub.data
        value = str(data["value"])
        yield Option(
            id=data["attrs"].get("id", ""),
            name=data["name"],
            value=value,
            label=str(data["label"]),
            checked=bool(data["selected"]),
            hint=str(hints.get(value, "")),
            reveals=tuple(self.form[name] for name in reveals.get(value, ()) if name in self.form.fields),
        )

    # -- words --------------------------------------------------------------------
    def _plain_messages(self) -> None:
        """Replace Django's stock messages by ones that say what to do, unless the form wrote its own."""
        field, label = self.field, mid_sentence(self.label)
        values = {"label": label, "Label": capfirst(label)}
        question = label.endswith("?")
        if _is_default(field, "required"):
            field.error_messages["required"] = self._required_message(values, question)
        if isinstance(field, forms.EmailField):
            for validator in field.validators:
                if getattr(validator, "code", "") == "invalid":
                    field.error_messages["invalid"] = _("Enter an email address in the correct format, like name@example.com")
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) and _is_default(field, "invalid_choice"):
            field.error_messages["invalid_choice"] = _("Choose one of the options on this page")
        if getattr(field, "max_length", None) and "max_length" not in field.error_messages:
            name = _("Your answer") if question else values["Label"]
            field.error_messages["max_length"] = _("%(name)s must be %(count)d characters or fewer") % {
                "name": name,
                "count": field.max_length,
            }
        if isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------":
            field.empty_label = _("Choose")

    def _required_message(self, values: dict[str, str], question: bool) -> str:
        if self.kind == "hidden":
            return _("The page you sent was out of date. Look at what is shown now, then choose again.")
        named = getattr(self.field, "error_name", None)  # a date's name in messages, such as "The date of approval"
        if named:
            values, question = {"label": mid_sentence(named), "Label": capfirst(str(named))}, False
        alone = values["label"].split(" ", 1)[0] in READS_ALONE
        if self.kind in {"radios", "checkboxes", "select"}:
            return (_("Choose an answer: %(Label)s") if question else _("Choose %(label)s") if alone else _("Choose the %(label)s")) % values
        if self.kind == "file":
            return _("Choose a file")
        if isinstance(self.field, forms.EmailField):
            return _("Enter an email address")
        if self.kind == "checkbox":
            return _("Tick the box to go on: %(label)s") % {"label": self.label}
        return (_("Enter an answer: %(Label)s") if question else _("Enter %(label)s") if alone else _("Enter the %(label)s")) % values


class DesignSystemRenderer(TemplatesSetting):
    """Draws forms with the templates under `templates/django/forms/`."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = DesignSystemBoundField
