"""What the forms of a referral's steps share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Revision, Words
from protocol_portal.widgets import Checkboxes, DatePartsField
from referrals import wording
from referrals.domain import course
from referrals.enums import Side, State, Step

Pairs = list[tuple[str, Any]]


@dataclass(frozen=True)
class Offers:
    """What a step's form chooses from, for one referral, one side and one day."""

    step: Step
    side: Side
    state: State
    jurisdiction: str
    revision: int
    today: date
    papers: Pairs = field(default_factory=list)
    letter: str = ""  # the covering letter as the template has it
    addressees: list[tuple[Any, str]] = field(default_factory=list)  # (person, label) of those who may be addressed
    must_tell: bool = True  # the councillor wasn't told yet, as far as is recorded
    to_desk: bool = False  # it goes onto somebody's desk, not by letter


class ReferralForm(forms.Form):
    """Every step brings which version of the page it was chosen on."""

    revision = Revision()

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["revision"].initial = offers.revision
        self.offer()

    def offer(self) -> None:
        """Fill in the choices; take away what isn't asked."""

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class LetterForm(ReferralForm):
    """What the office said: with the letter's date and reference when it is copied."""

    on = DatePartsField(label=_("The date of the office's letter"), error_name=_("The date of the letter"), required=False)
    letter = forms.CharField(
        label=_("The letter's reference"), max_length=120, required=False, help_text=_("Or how the office told you, if there is no letter.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("on", "letter"):
            if self.offers.side == Side.OFFICE:
                self.fields.pop(name, None)
            elif name in self.fields:
                self.fields[name].never_optional = True
        self.order_fields([*(name for name in self.fields if name not in ("words", "on", "letter")), "on", "letter", "words"])


def said(label: Any, *, required: Any = "", hint: Any = "") -> Words:
    """What the office writes."""
    return Words(
        label=label, rows=5, max_length=10_000, required=bool(required), help_text=hint, error_messages={"required": required} if required else {}
    )


def grounds(step: Step, label: Any) -> forms.MultipleChoiceField:
    """The list of grounds that fit a step; only an answer to the whole matter may come without one."""
    choices = [(ground.value, wording.GROUNDS[ground]) for ground in course.GROUNDS[step]]
    asked = {"required": step != Step.RECORD_FINDING, "error_messages": {"required": _("Choose at least one ground.")}}
    return forms.MultipleChoiceField(label=label, choices=choices, widget=Checkboxes(), **asked)
