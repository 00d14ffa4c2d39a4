"""Fields that casework needs: long text, several people, several files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from councils.models import Person

LONGEST_TEXT = 50_000
SHORTEST_HINTED = 4_000
NUL = _("The text holds a character that can't be kept. It's taken out below; check the text and send it again.")


class Words(forms.CharField):
    """What a person writes in their own words, with line breaks. Too much, or a NUL byte, is an error that keeps the text."""

    def __init__(self, *, rows: int = 8, max_length: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)
        self.validators = [check for check in self.validators if type(check).__name__ != "ProhibitNullCharactersValidator"]

    def to_python(self, value: Any) -> str:
        """The text; raises ValidationError when it holds a NUL byte."""
        text = super().to_python(value)
        if "\x00" in text:
            raise ValidationError(NUL, code="nul")
        return text.replace("\r\n", "\n")

    def prepare_value(self, value: Any) -> Any:
        """What is shown again after an error."""
        return value.replace("\x00", "") if isinstance(value, str) else value


class Revision(forms.IntegerField):
    """Which version of the page an answer was given on. Without it nothing is done, and the page as it is now is shown again."""

    def __init__(self, **kwargs: Any) -> None:
        words = _("The page you sent was out of date. Look at what is shown now, then choose again.")
        super().__init__(widget=forms.HiddenInput(), min_value=0, error_messages={"required": words, "invalid": words}, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again: the version it is about now where none was sent."""
        return data if str(data or "").isdecimal() else initial


class PeopleSelects(forms.Widget):
    """Selects that share one name, the first in the open and the others behind "Add another person"."""

    template_name = "concerns/widgets/people.html"

    def __init__(self, *, most: int = 5, more: Any = _("Add another person")) -> None:
        super().__init__()
        self.most, self.more = most, more
        self.choices: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The ids chosen, without empty ones."""
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [value for value in given if value]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Rows for the template."""
        context = super().get_context(name, value, attrs)
        chosen = [str(item) for item in value or []]
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"].update(
            rows=[
                {"id": base if index == 0 else f"{base}_{index}", "value": chosen[index] if index < len(chosen) else "", "number": index + 1}
                for index in range(self.most)
            ],
            choices=self.choices,
            more=self.more,
            open=len(chosen) > 1,
        )  # fmt: skip
        return context


class PeopleField(forms.Field):
    """Some of the people offered; gives a list of persons. Offer them with ``offer``."""

    default_error_messages = {
        "unknown": _("Choose people from the list."),
        "too_many": _("Name at most %(most)d people."),
    }

    def __init__(self, *, most: int = 5, more: Any = _("Add another person"), **kwargs: Any) -> None:
        super().__init__(widget=PeopleSelects(most=most, more=more), **kwargs)
        self.most = most
        self.people: dict[str, Person] = {}

    def offer(self, people: Iterable[tuple[Person, str]]) -> None:
        """Takes (person, label) pairs: who may be chosen."""
        pairs = list(people)
        self.people = {str(person.pk): person for person, _label in pairs}
        self.widget.choices = [(str(person.pk), label) for person, label in pairs]

    def to_python(self, value: Any) -> list[Person]:
        """The persons, each once. Raises ValidationError for an unknown id or too many."""
        ids = list(dict.fromkeys(str(item) for item in value or []))
        if any(item not in self.people for item in ids):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(ids) > self.most:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"most": self.most})
        return [self.people[item] for item in ids]


class OnePerson(forms.ChoiceField):
    """One of the people offered; gives a person, or None when optional and empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people: dict[str, Person] = {}

    def offer(self, people: Iterable[tuple[Person, str]]) -> None:
        """Takes (person, label) pairs: who may be chosen."""
        pairs = list(people)
        self.people = {str(person.pk): person for person, _label in pairs}
        self.choices = [("", _("Choose a person")), *((str(person.pk), label) for person, label in pairs)]

    def clean(self, value: Any) -> Person | None:  # type: ignore[override]
        """The person chosen."""
        return self.people.get(super().clean(value))


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"multiple": True})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Every file sent under the name."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if files.get(name) else []

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the form says it in words."""
        return False


class Files(forms.FileField):
    """Several files; gives a list, empty when none was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ManyFiles(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:  # type: ignore[override]
        """The uploaded files, each checked as one."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        return [super(Files, self).clean(item, initial) for item in given]
