"""The three screens on which a request is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import OnePerson, Revision, Words
from concerns.forms.raising import CouncilForm
from councils.models import Person
from information import wording
from information.domain.rules import AccessRules
from information.enums import Interest, RequestKind
from protocol_portal.widgets import Checkboxes, Radios

__all__ = ["CouncilForm", "SendForm", "WhatForm", "WhyForm"]
LONGEST = 10_000


class WhatForm(forms.Form):
    """What they ask to see, and where it may be held."""

    reveals = {"kind": {RequestKind.CONCERN.value: ["concern_reference"]}}
    kind = forms.ChoiceField(
        label=_("What kind of papers do you ask to see?"),
        choices=[(kind.value, words[0]) for kind, words in wording.KINDS.items()],
        widget=Radios(option_hints={kind.value: words[1] for kind, words in wording.KINDS.items()}),
        error_messages={"required": _("Say what kind of papers you ask to see")},
    )
    concern_reference = forms.CharField(
        label=_("Its reference, if you know it"), required=False, max_length=40,
        help_text=_("You can ask without one. Nobody looks it up for you, and you aren’t told whether it exists."),
        error_messages={"max_length": _("The reference must be 40 characters or fewer")},
    )  # fmt: skip
    document = Words(
        label=_("What do you ask to see?"),
        help_text=_("Describe the paper so that it can be found: what it is, of when, about what."),
        rows=5, max_length=LONGEST, error_messages={"required": _("Say what you ask to see")},
    )  # fmt: skip
    directorate = forms.ChoiceField(
        label=_("Which directorate holds it?"), required=False, help_text=_("If you don’t know, leave it: it then goes to the head of the council’s staff.")
    )
    holder = OnePerson(
        label=_("Which officer holds it?"), required=False, help_text=_("If you don’t know, leave it: it then goes to whom the protocol names for requests.")
    )
    marks = forms.MultipleChoiceField(
        label=_("Does it hold any of these?"), required=False, widget=Checkboxes(),
        help_text=_("As far as you know. It is pointed out to whoever decides; nothing is refused because of it alone."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, rules: AccessRules, marks: Iterable[str], directorates: Iterable[str], officers: Iterable[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["marks"].choices = [(code, wording.code_words(wording.MARKS, code)) for code in marks]
        if rules.asks_directorate:
            self.fields["directorate"].choices = [("", _("I don’t know")), *((name, name) for name in directorates)]
        else:
            del self.fields["directorate"]
        if rules.asks_holder:
            self.fields["holder"].offer([(person, person.full_name) for person in officers])
            self.fields["holder"].choices[0] = ("", _("I don’t know"))
        else:
            del self.fields["holder"]

    def clean(self) -> dict[str, Any]:
        """A reference belongs to a concern only."""
        given = super().clean() or {}
        if given.get("kind") != RequestKind.CONCERN:
            given["concern_reference"] = ""
        return given


class WhyForm(forms.Form):
    """What speaks for it: a presumption of the protocol, or the need in specific terms."""

    claims = forms.MultipleChoiceField(
        label=_("Does any of these apply?"), required=False, widget=Checkboxes(), help_text=_("Your protocol then presumes that you need to know.")
    )
    justification = Words(
        label=_("Why do you need to see it?"),
        help_text=_("In specific terms: which task of yours needs it, and why you can’t do it without."),
        required=False, rows=6, max_length=LONGEST,
    )  # fmt: skip

    def __init__(self, *args: Any, rules: AccessRules, must: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rules.presumed:
            self.fields["claims"].choices = [(t.code, wording.CLAIMS.get(t.code) or t.words) for t in rules.presumed]
        else:
            del self.fields["claims"]
        if must:
            self.fields["justification"].help_text = _(
                "Your protocol wants this justified in specific terms: which task of yours needs it, and why you can’t do it without. "
                "If you leave it for later, nobody decides before you have said it."
            )


class SendForm(forms.Form):
    """An interest, and the purpose; then it goes."""

    reveals = {"interest": {code.value: ["interest_words"] for code in Interest if code == Interest.OTHER}}
    revision = Revision()
    interest = forms.ChoiceField(
        label=_("Do you have an interest in it, of your own or professionally?"),
        choices=[(code.value, words) for code, words in wording.INTERESTS.items()], widget=Radios(),
        help_text=_("Whoever decides sees your answer."), error_messages={"required": _("Say whether you have an interest in it")},
    )  # fmt: skip
    interest_words = Words(label=_("Which one?"), required=False, rows=2, max_length=1_000)
    purpose = Words(
        label=_("What will you use it for?"),
        help_text=_("You may use it for this purpose and no other. You accept that once more before it is released."),
        rows=4, max_length=LONGEST, error_messages={"required": _("Say what you will use it for")},
    )  # fmt: skip
