"""Writing, answering and copying a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.base import override
from concerns.forms.fields import OnePerson, PeopleField, Words
from councils.models import Person
from protocol_portal.widgets import AutocompleteSelect, Checkboxes, Radios

LONGEST = 20_000


class CheckedPeople(forms.MultipleChoiceField):
    """Persons to tick; gives a list of persons. Offer them with ``offer``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Checkboxes(), **kwargs)
        self.people: dict[str, Person] = {}

    def offer(self, people: Iterable[tuple[Person, str]]) -> None:
        """Takes (person, label) pairs: who may be chosen."""
        pairs = list(people)
        self.people = {str(person.pk): person for person, _label in pairs}
        self.choices = [(str(person.pk), label) for person, label in pairs]

    def clean(self, value: Any) -> list[Person]:  # type: ignore[override]
        """The persons ticked."""
        return [self.people[key] for key in super().clean(value)]


class MessageForm(forms.Form):
    """A new message or a reply; ``once`` tells a form that is sent twice. ``circle``: who is on the concern; ``others``: who else could be written to."""

    once = forms.UUIDField(widget=forms.HiddenInput(), required=False)
    to = CheckedPeople(label=_("Who is it to?"), error_messages={"required": _("Choose who the message is to")})
    copied = PeopleField(
        label=_("Copy it to somebody else"),
        required=False,
        help_text=_("Everybody who gets it sees everybody else who does. Nobody can be copied unseen."),
    )
    reason = Words(
        label=_("Why they get it too"),
        required=False,
        rows=2,
        max_length=1_000,
        help_text=_("Needed when your reply goes to somebody whom the first writer didn't choose. It stands at the foot of the message."),
    )
    body = Words(label=_("Message"), rows=8, max_length=LONGEST, error_messages={"required": _("Write the message")})
    marking = forms.ChoiceField(label=_("Marking"), widget=Radios(), error_messages={"required": _("Choose a marking")})
    covers = Words(
        label=_("If it is marked: what is in confidence"), required=False, rows=2, max_length=1_000,
        help_text=_("A marking says what it covers and why, so that nobody has to guess."),
    )  # fmt: skip
    why = Words(label=_("If it is marked: why"), required=False, rows=2, max_length=1_000)
    override_reason = override()
    field_order = ["once", "to", "copied", "reason", "body", "marking", "covers", "why", "override_reason"]

    def __init__(
        self,
        *args: Any,
        circle: Iterable[tuple[Person, str]],
        others: Iterable[tuple[Person, str]],
        marks: Collection[tuple[str, str, str]],
        is_reply: bool,
        asks_consent: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid4
        self.fields["to"].offer(circle)  # type: ignore[attr-defined]
        self.fields["copied"].offer(others)  # type: ignore[attr-defined]
        marked = self.fields["marking"]
        marked.choices = [(code, label) for code, label, _meaning in marks]  # type: ignore[attr-defined]
        marked.widget.option_hints = {code: meaning for code, _label, meaning in marks}
        marked.initial = marks and next(iter(marks))[0]
        for name in ("covers", "why"):
            self.fields[name].never_optional = True  # type: ignore[attr-defined]
        if not is_reply:
            del self.fields["reason"]
        if not asks_consent or not self.fields["copied"].people:  # type: ignore[attr-defined]
            del self.fields["override_reason"]
        if not self.fields["copied"].people:  # type: ignore[attr-defined]
            del self.fields["copied"]

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class CopyForm(forms.Form):
    """One more reader of a message that was sent."""

    person = OnePerson(
        label=_("Who is it copied to?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose a person")}
    )
    reason = Words(
        label=_("Why"),
        rows=3,
        max_length=1_000,
        help_text=_("It stands at the foot of the message, for everybody who has it."),
        error_messages={"required": _("Say why they get it")},
    )
    override_reason = override()

    def __init__(self, *args: Any, people: Iterable[tuple[Person, str]], asks_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(people)  # type: ignore[attr-defined]
        if not asks_consent:
            del self.fields["override_reason"]

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class PlainForm(forms.Form):
    """Nothing to answer."""

    def answers(self) -> dict[str, Any]:
        """Nothing."""
        return {}
