"""What if: the parties, the matter and who is out of action, for one question that is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, PeopleField
from councils.models import Person
from protocol_portal.widgets import AutocompleteSelect, Checkboxes

ENTRY = ""


class WhatIfForm(forms.Form):
    """Nothing of it is saved."""

    raiser = OnePerson(label=_("Who would raise it?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose who would raise it")})
    subjects = PeopleField(label=_("Whom would it be about?"), error_messages={"required": _("Choose whom it would be about")})
    topic = forms.ChoiceField(label=_("What would it be about?"), required=False)
    stage = forms.ChoiceField(label=_("At which stage?"), required=False)
    conflicted = PeopleField(
        label=_("Who would have a connection?"), required=False, help_text=_("Witnesses, friends, anybody who couldn’t be fair."),
    )  # fmt: skip
    away = PeopleField(label=_("Who would be away?"), required=False)
    facts = forms.MultipleChoiceField(
        label=_("Anything else?"), required=False, widget=Checkboxes,
        choices=[("code_breach_alleged", _("A complaint that the Code of Conduct was broken"))],
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: Iterable[tuple[Person, str]], topics: list[tuple[str, str]], stages: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = list(people)
        for name in ("raiser", "subjects", "conflicted", "away"):
            self.fields[name].offer(offered)  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", _("Anything")), *topics]  # type: ignore[attr-defined]
        self.fields["stage"].choices = [(ENTRY, _("When it is raised")), *stages]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody raises a concern about themselves."""
        data = super().clean() or {}
        if data.get("raiser") and data["raiser"] in (data.get("subjects") or []):
            self.add_error("subjects", _("Nobody raises a concern about themselves. Choose somebody else."))
        return data
