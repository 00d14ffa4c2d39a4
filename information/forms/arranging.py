"""Asking for an agreement on contact or for an officer at a group's meeting, and answering it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, Revision, Words
from councils.models import Person
from information.enums import ArrangementAction, ArrangementKind
from protocol_portal.widgets import AutocompleteSelect, DatePartsField, Radios

People = Iterable[tuple[Person, str]]


class AskForm(forms.Form):
    """With whom, over what, from when to when, and who is asked."""

    officer = OnePerson(label=_("With which officer?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose the officer")})
    group = forms.CharField(label=_("Which group asks?"), max_length=120, error_messages={"required": _("Say which group asks")})
    matter = Words(label=_("Over what?"), rows=4, max_length=2_000, error_messages={"required": _("Say what it is about")})
    from_on = DatePartsField(label=_("From which day?"), error_name=_("The first day"), error_messages={"required": _("Give the first day")})
    until_on = DatePartsField(label=_("Until which day?"), error_name=_("The last day"), error_messages={"required": _("Give the last day")})
    decider = OnePerson(label=_("Who is asked?"), widget=Radios(), error_messages={"required": _("Choose who is asked")})

    def __init__(self, *args: Any, kind: ArrangementKind, deciders: People, officers: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(deciders)
        self.fields["decider"].offer(offered)  # type: ignore[attr-defined]
        self.fields["decider"].choices = self.fields["decider"].choices[1:]  # type: ignore[attr-defined]  # radios need no empty one
        if len(offered) == 1:
            self.fields["decider"].initial = str(offered[0][0].pk)
        if kind == ArrangementKind.CONTACT:
            self.fields["officer"].offer(officers)  # type: ignore[attr-defined]
            del self.fields["group"]
        else:
            del self.fields["officer"], self.fields["until_on"]
            self.fields["matter"].label = _("What is the officer asked to speak about?")
            self.fields["from_on"].label = _("On which day is the meeting?")
            self.fields["from_on"].error_messages = {**self.fields["from_on"].error_messages, "required": _("Give the day of the meeting")}


class AnswerForm(forms.Form):
    """Agree or decline; words are never needed."""

    revision = Revision()
    answer = Words(
        label=_("Anything to say to them"), rows=3, max_length=2_000, required=False, help_text=_("You needn’t give a reason."),
    )  # fmt: skip


class EndForm(forms.Form):
    """Nothing to answer."""

    revision = Revision()


FORMS: dict[ArrangementAction, type[forms.Form]] = {
    ArrangementAction.AGREE: AnswerForm, ArrangementAction.DECLINE: AnswerForm, ArrangementAction.END: EndForm,
}  # fmt: skip
