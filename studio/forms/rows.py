"""A list of answers in order: as many selects under one name, read from the top; empty ones are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from studio.editing.choices import flat


def with_kept(choices: list[tuple[Any, Any]], kept: Iterable[str]) -> list[tuple[Any, Any]]:
    """The answers offered, and those that stand there already although nobody offers them."""
    known = flat(choices)
    return [*choices, *((code, code.partition(":")[2].replace("_", " ") or code) for code in kept if code and code not in known)]


class Rows(forms.Widget):
    """`places` selects one under the other, and always an empty one at the end."""

    template_name = "studio/widgets/rows.html"

    def __init__(self, *, choices: list[tuple[Any, Any]], places: int, label: Any) -> None:
        super().__init__()
        self.choices, self.places, self.label = choices, places, label

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        getlist = getattr(data, "getlist", None)
        found = getlist(name) if getlist else data.get(name) or []
        return [str(value) for value in ([found] if isinstance(found, str) else found) if value]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id") or f"id_{name}"
        given = list(value or [])
        context["widget"]["label"] = self.label
        context["widget"]["rows"] = [
            {
                "id": id_ if index == 0 else f"{id_}_{index + 1}",
                "value": given[index] if index < len(given) else "",
                "groups": self._groups(),
            }
            for index in range(max(self.places, len(given) + 1))
        ]
        return context

    def _groups(self) -> list[dict[str, Any]]:
        return [
            {"label": key if isinstance(words, list) else "", "options": [{"value": code, "label": label} for code, label in pairs]}
            for key, words in self.choices
            for pairs in [words if isinstance(words, list) else [(key, words)]]
        ]


class RowsField(forms.Field):
    """Answers in order, each once and each among those offered."""

    default_error_messages = {"invalid_choice": _("Choose one of the options in the list"), "twice": _("Name each of them once.")}

    def __init__(self, *, choices: list[tuple[Any, Any]], places: int, **kwargs: Any) -> None:
        super().__init__(widget=Rows(choices=choices, places=places, label=kwargs.get("label", "")), **kwargs)
        self.known = flat(choices)

    def to_python(self, value: Any) -> list[str]:
        return list(value or [])

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if any(code not in self.known for code in value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if len(set(value)) < len(value):
            raise ValidationError(self.error_messages["twice"], code="twice")
