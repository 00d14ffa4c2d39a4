"""One form for each step of a matter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Revision, Words
from protocol_portal.widgets import Checkboxes, DatePartsField, Radios
from rights import wording
from rights.enums import Ground, Risk, Step, Verdict

LONGEST = 10_000


class StepForm(forms.Form):
    """What every step brings: which version of the page it was chosen on."""

    revision = Revision()

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = row.revision
        self.row = row

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    """Why."""

    reason = Words(label=_("Why?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say why.")})


class HoldForm(ReasonForm):
    """Why, and until when somebody looks again."""

    review_on = DatePartsField(
        label=_("When is it looked at again?"), help_text=_("Within a year. The hold stays until somebody lifts it."), earliest=None
    )


class SureForm(StepForm):
    """A box to tick for what can't be taken back."""

    sure = forms.BooleanField(required=False)
    words: Any = _("I am sure. It can’t be brought back")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = self.words


class ReleaseForm(SureForm):
    """Every item was looked at."""

    words = _("I have looked at each item, and at what isn’t given")
    files_read = forms.TypedMultipleChoiceField(
        label=_("Which files have you read, and found nobody else in?"), coerce=int, required=False, widget=Checkboxes(),
        help_text=_("Nobody has searched them for names. Open each above. Send the request back if a file has to be left out."),
        error_messages={"invalid_choice": _("Choose from the files listed.")},
    )  # fmt: skip
    field_order = ("files_read", "sure", "revision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = self.row.items.filter(verdict=Verdict.GIVE, content__isnull=False).values_list("number", flat=True)
        self.fields["files_read"].choices = [(number, _("Item %(number)s: I have read it, and nobody else is in it") % {"number": number}) for number in files]
        if not files:
            del self.fields["files_read"]


class QuestionForm(StepForm):
    """What has to be clarified."""

    question = Words(label=_("What do you need to know?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say what you need to know.")})


class AnswerForm(StepForm):
    """What was meant."""

    answer = Words(label=_("What would you like to have?"), rows=4, max_length=LONGEST, error_messages={"required": _("Say what you would like to have.")})


class AcknowledgeForm(StepForm):
    """Whether somebody without an account was written to."""

    told = forms.BooleanField(required=False, label=_("I have written to them that it came, and when they will hear more"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.row.complainant_id is not None:
            del self.fields["told"]

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return {"told": False, **super().answers()}


class OutcomeForm(StepForm):
    """What was found."""

    outcome = Words(
        label=_("What was found, and what is done?"), rows=6, max_length=LONGEST,
        help_text=_("They read this. Say too that they can complain to the Information Commissioner."),
        error_messages={"required": _("Say what was found, and what is done.")},
    )  # fmt: skip


class AssessForm(StepForm):
    """How a breach may touch people."""

    risk = forms.ChoiceField(
        label=_("How may it touch people?"), choices=[(risk.value, wording.RISKS[risk]) for risk in Risk], widget=Radios(),
        error_messages={"required": _("Say how it may touch people.")},
    )  # fmt: skip
    people_count = forms.IntegerField(
        label=_("How many people does it touch?"), required=False, min_value=0, max_value=1_000_000, help_text=_("Leave empty if nobody knows yet."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
    )  # fmt: skip
    measures = Words(label=_("What was and is done about it?"), rows=5, max_length=LONGEST, error_messages={"required": _("Say what was and is done about it.")})
    office_told_on = DatePartsField(label=_("When was the Information Commissioner told?"), required=False, help_text=_("Leave empty if they weren’t, or not yet."))
    office_reference = forms.CharField(label=_("Their reference"), required=False, max_length=120)
    people_told_on = DatePartsField(label=_("When were the people told whom it touches?"), required=False, help_text=_("Leave empty if they weren’t, or not yet."))
    why_not = Words(label=_("If somebody wasn’t told, or was told late: why?"), rows=3, max_length=LONGEST, required=False)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        known = {name: getattr(row, name) for name in ("risk", "people_count", "measures", "office_reference", "people_told_on", "why_not")}
        known["office_told_on"] = row.office_told_at.date() if row.office_told_at else None
        super().__init__(*args, row=row, initial=known, **kwargs)


class ItemForm(StepForm):
    """What becomes of one item."""

    verdict = forms.ChoiceField(
        label=_("Is it given?"), choices=[(verdict.value, wording.VERDICTS[verdict]) for verdict in Verdict], widget=Radios(),
        error_messages={"required": _("Choose whether it is given.")},
    )  # fmt: skip
    hidden = Words(
        label=_("Further words to take out"), rows=3, max_length=LONGEST, required=False,
        help_text=_("One word or phrase on each line: whatever would show who somebody else is, such as a nickname or a post."),
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=_("On which ground is it withheld?"), required=False, choices=[(ground.value, wording.GROUNDS[ground]) for ground in Ground], widget=Radios()
    )
    reveals = {"verdict": {Verdict.GIVE.value: ["hidden"], Verdict.WITHHOLD.value: ["ground"]}}


FORMS: dict[Step, type[StepForm]] = {
    Step.ASK_PURGE: StepForm, Step.DECLINE_PURGE: ReasonForm, Step.PURGE: SureForm, Step.PLACE_HOLD: HoldForm, Step.LIFT_HOLD: ReasonForm,
    Step.CLARIFY: QuestionForm, Step.ANSWER_CLARIFICATION: AnswerForm, Step.EXTEND: ReasonForm, Step.GATHER: StepForm, Step.PREPARE: StepForm,
    Step.SEND_BACK: ReasonForm, Step.RELEASE: ReleaseForm, Step.REFUSE_ACCESS: ReasonForm, Step.WITHDRAW_ACCESS: StepForm,
    Step.ACKNOWLEDGE: AcknowledgeForm, Step.ANSWER_COMPLAINT: OutcomeForm, Step.ASSESS_BREACH: AssessForm, Step.CLOSE_BREACH: StepForm,
}  # fmt: skip
