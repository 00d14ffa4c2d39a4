"""One form for each step of a request and of a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Revision, Words
from information.enums import QuestionAction, RequestAction
from protocol_portal.widgets import AutocompleteSelect, Radios

R, Q = RequestAction, QuestionAction
LONGEST = 10_000


@dataclass(frozen=True)
class Offers:
    """What the forms choose from, worked out for this request, this person and this day."""

    revision: int
    grounds: Iterable[tuple[str, str]] = ()
    ground_hints: Mapping[str, str] | None = None
    as_body: bool = False
    purpose: str = ""
    question: str = ""
    answer: str = ""


class StepForm(forms.Form):
    """What every step brings: which version of the page it was chosen on."""

    revision = Revision()

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = offers.revision
        if "ground" in self.fields:
            self.fields["ground"].widget = Radios(option_hints=offers.ground_hints or {})
            self.fields["ground"].choices = list(offers.grounds)
        if "together" in self.fields and not offers.as_body:
            del self.fields["together"]
        self.offer(offers)

    def offer(self, offers: Offers) -> None:
        """Fill in what is known."""

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


def _how() -> Words:
    return Words(
        label=_("How can they see it?"), rows=3, max_length=LONGEST,
        help_text=_("Where and when, or how you send it. The portal doesn’t hold the paper. They read this once they accept what it is for."),
        error_messages={"required": _("Say how they can see it")},
    )  # fmt: skip


def _reason(help_text: Any, *, required: bool = True) -> Words:
    return Words(
        label=_("The actual reason, in writing"), help_text=help_text, rows=5, max_length=LONGEST, required=required,
        error_messages={"required": _("Write the actual reason")},
    )  # fmt: skip


def _ground() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("On which ground?"), error_messages={"required": _("Choose the ground")})


def _together() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Its members decided this together, and I record it"), error_messages={"required": _("Say that the members decided it together")}
    )


class PlainForm(StepForm):
    """A step that needs no answer."""


class JustifyForm(StepForm):
    justification = Words(
        label=_("Why do you need to see it?"), rows=6, max_length=LONGEST,
        help_text=_("In specific terms: which task of yours needs it, and why you can’t do it without."),
        error_messages={"required": _("Say in specific terms why you need to see it")},
    )  # fmt: skip


class AskJustificationForm(StepForm):
    justification_asked = Words(
        label=_("What should they say more about?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say what they should say more about")}
    )


class AskAdviceForm(StepForm):
    question = Words(label=_("What do you want advice on?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say what you want advice on")})


class GiveAdviceForm(StepForm):
    answer = Words(
        label=_("Your advice"), help_text=_("Those who decide or review read it. The person who asked for the papers doesn’t."),
        rows=6, max_length=LONGEST, error_messages={"required": _("Write your advice")},
    )  # fmt: skip


class GrantForm(StepForm):
    how = _how()
    reason = Words(label=_("Anything to say with it"), required=False, rows=3, max_length=LONGEST)
    together = _together()


class PartlyGrantForm(StepForm):
    covers = Words(label=_("Which part may they see?"), rows=3, max_length=LONGEST, error_messages={"required": _("Say which part they may see")})
    how = _how()
    ground = _ground()
    reason = _reason(_("Why they don’t get the rest. They read this."))
    together = _together()


class RefuseForm(StepForm):
    ground = _ground()
    reason = _reason(_("They read this. Write it so that somebody who reviews it can judge it."))
    together = _together()


class AskReviewForm(StepForm):
    review_words = Words(
        label=_("What is wrong with the decision?"), rows=5, max_length=LONGEST, error_messages={"required": _("Say what is wrong with the decision")}
    )


class ReceiveForm(StepForm):
    accepted = forms.BooleanField(error_messages={"required": _("Accept what it is for. Without that nothing is released")})

    def offer(self, offers: Offers) -> None:
        """The statement is the purpose they gave."""
        self.fields["accepted"].label = _("I use what I am given for this purpose and no other, and keep what is confidential in confidence")


class AnswerForm(StepForm):
    answer = Words(label=_("Your answer"), rows=8, max_length=LONGEST, error_messages={"required": _("Write the answer")})


class PublishForm(StepForm):
    public_question = Words(
        label=_("The question, as everybody reads it"), help_text=_("Without names, and without what would show who asked."), rows=4,
        max_length=LONGEST, error_messages={"required": _("Write the question as everybody will read it")},
    )  # fmt: skip
    public_answer = Words(
        label=_("The answer, as everybody reads it"), help_text=_("Without names."), rows=8, max_length=LONGEST,
        error_messages={"required": _("Write the answer as everybody will read it")},
    )  # fmt: skip

    def offer(self, offers: Offers) -> None:
        """Begin with the words as they stand."""
        self.fields["public_question"].initial, self.fields["public_answer"].initial = offers.question, offers.answer


class QuestionForm(forms.Form):
    """A new question."""

    clause = forms.ChoiceField(label=_("Which clause is it about?"), required=False, widget=AutocompleteSelect())
    question = Words(
        label=_("Your question"), rows=6, max_length=LONGEST,
        help_text=_("What you want to know about the protocol. Leave out what happened and to whom: this isn’t the place for a concern."),
        error_messages={"required": _("Write your question")},
    )  # fmt: skip

    def __init__(self, *args: Any, clauses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("The protocol as a whole")), *clauses]


FORMS: dict[RequestAction, type[StepForm]] = {
    R.JUSTIFY: JustifyForm, R.SEND_AGAIN: PlainForm, R.ASK_JUSTIFICATION: AskJustificationForm, R.PASS_ON: PlainForm, R.ASK_ADVICE: AskAdviceForm,
    R.GIVE_ADVICE: GiveAdviceForm, R.GRANT: GrantForm, R.PARTLY_GRANT: PartlyGrantForm, R.REFUSE: RefuseForm, R.ASK_REVIEW: AskReviewForm,
    R.REVIEW_GRANT: GrantForm, R.REVIEW_REFUSE: RefuseForm, R.RECEIVE: ReceiveForm, R.CLOSE: PlainForm,
}  # fmt: skip
QUESTION_FORMS: dict[QuestionAction, type[StepForm]] = {
    Q.ANSWER: AnswerForm, Q.PASS_ON: PlainForm, Q.PUBLISH: PublishForm, Q.CLOSE: PlainForm,
}  # fmt: skip
