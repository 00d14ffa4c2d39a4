"""One form per step. Field names are the names of the action's own answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import wording
from concerns.enums import Action, ConsentKind, InformalOver
from concerns.forms.base import READ_BY_ALL, StepForm, override, told, told_how, told_on, yes_no
from concerns.forms.fields import OnePerson, Words
from protocol_portal.widgets import AutocompleteSelect, DatePartsField, Radios


class NoteForm(StepForm):
    note = Words(label=_("Note"), required=False, rows=4, max_length=5_000, help_text=READ_BY_ALL)


class PlainForm(StepForm):
    """Nothing to answer."""


class PassOnForm(NoteForm):
    consent = ConsentKind.WIDER_CIRCLE
    token = forms.ChoiceField(label=_("Who does it go to?"), widget=Radios(), error_messages={"required": _("Choose who it goes to")})
    override_reason = override()
    field_order = ["token", "note", "override_reason"]

    def offer(self) -> None:
        self.fields["token"].choices = list(self.offers.next_steps)
        if len(self.offers.next_steps) == 1:
            self.fields["token"].initial = next(iter(self.offers.next_steps))[0]


class DirectFailedForm(NoteForm):
    token = forms.ChoiceField(label=_("Who does it go to now?"), widget=Radios(), error_messages={"required": _("Choose who it goes to")})
    field_order = ["token", "note"]

    offer = PassOnForm.offer


class ReasonForm(StepForm):
    reason = Words(label=_("Reason"), rows=5, max_length=10_000, help_text=READ_BY_ALL, error_messages={"required": _("Give the reason")})


class SettleForm(StepForm):
    summary = Words(
        label=_("How was it settled?"), rows=5, max_length=10_000, help_text=READ_BY_ALL, error_messages={"required": _("Say how it was settled")}
    )
    raiser_agrees = yes_no(
        _("Does the person who raised it agree that it is settled?"),
        hints={"no": _("Their disagreement is kept with the settlement, and they can ask for it to be opened again.")},
    )

    def offer(self) -> None:
        if self.offers.is_raiser:
            del self.fields["raiser_agrees"]


class ConciliateForm(StepForm):
    mediator = forms.ChoiceField(
        label=_("Who is asked to help?"), widget=Radios(), error_messages={"required": _("Choose who is asked to help")}
    )
    mediator_person = OnePerson(
        label=_("Somebody of the council, if it is one of you"),
        widget=AutocompleteSelect(),
        required=False,
        help_text=_("With no connection to either side. They see stage, dates and the summary below, until the stage ends."),
    )
    mediator_name = forms.CharField(
        label=_("The name of somebody outside, if you know it"),
        max_length=200,
        required=False,
        help_text=_("A letter with the summary is prepared for you to send."),
    )
    other_side_agreed_on = DatePartsField(
        label=_("When did the other person agree to it?"),
        error_name=_("The date they agreed"),
        error_messages={"required": _("Both sides must agree. Give the date on which the other person did")},
    )
    summary = Words(
        label=_("The summary both sides agreed"),
        rows=6,
        max_length=10_000,
        help_text=_("This is all that the conciliator gets. Nothing is mailed by this service."),
        error_messages={"required": _("Write the summary both sides agreed")},
    )

    def offer(self) -> None:
        self.fields["mediator"].choices = list(self.offers.mediators)
        self.fields["mediator_person"].offer(self.offers.people)
        if not self.offers.people:
            del self.fields["mediator_person"]


class InvestigateForm(StepForm):
    consent = ConsentKind.WIDER_CIRCLE
    reason = Words(label=_("What has to be found out?"), rows=5, max_length=10_000, help_text=READ_BY_ALL)
    investigator = OnePerson(
        label=_("Who finds it out?"),
        widget=AutocompleteSelect(),
        required=False,
        help_text=_("Leave empty to do it yourself. Somebody you choose may read the concern."),
    )
    override_reason = override()

    def offer(self) -> None:
        self.fields["investigator"].offer(self.offers.people)


class InformalOverForm(StepForm):
    kind = forms.ChoiceField(
        label=_("Why do informal means end?"),
        choices=[(code.value, words) for code, words in wording.INFORMAL_OVER.items()],
        widget=Radios(),
        error_messages={"required": _("Choose why informal means end")},
    )
    reason = Words(label=_("In your own words"), rows=5, max_length=10_000, help_text=READ_BY_ALL, error_messages={"required": _("Say why, in your own words")})


class StraightForm(InformalOverForm):
    def offer(self) -> None:
        self.fields["kind"].choices = [pair for pair in self.fields["kind"].choices if pair[0] != InformalOver.FAILED.value]


class DisciplinaryForm(StepForm):
    consent = ConsentKind.FORMAL
    seriousness = forms.ChoiceField(
        label=_("How serious is it?"),
        choices=[(code, wording.SERIOUSNESS[code]) for code in ("serious", "gross")],
        widget=Radios(),
        error_messages={"required": _("Choose how serious it is")},
    )
    reason = Words(
        label=_("Why is it handed over?"),
        rows=5,
        max_length=10_000,
        help_text=_("Those who may read the concern see this. The person who raised it doesn’t."),
    )
    reference = forms.CharField(
        label=_("The procedure's own reference, or the minute"),
        max_length=80,
        required=False,
        help_text=_("A member of a group needs the minute or note of the group's decision."),
    )
    subject_told = told()
    told_on = told_on()
    told_how = told_how()
    override_reason = override()


class CodeForm(StepForm):
    code_paragraph = forms.CharField(
        label=_("Which paragraph of the Code was broken?"),
        max_length=200,
        help_text=_("For example, 3.1 respect."),
        error_messages={"required": _("Say which paragraph of the Code was broken, as you see it")},
    )
    official_capacity = forms.BooleanField(
        label=_("The councillor was acting as a councillor"), required=False, help_text=_("The Code doesn't cover private life.")
    )


class ReferCodeForm(CodeForm):
    consent = ConsentKind.FORMAL
    reason = Words(label=_("Why is it referred?"), required=False, rows=4, max_length=10_000, help_text=READ_BY_ALL)
    override_reason = override()


class FormalCodeForm(CodeForm):
    declared = forms.BooleanField(
        label=_("This is my formal written complaint that the Code was broken"),
        required=False,
        help_text=_("It can't be taken back. The councillor is normally told who complained."),
    )


class ReportForm(StepForm):
    consent = ConsentKind.FORMAL
    session_type = forms.ChoiceField(
        label=_("How is it reported?"),
        choices=[(code, words) for code, words in wording.SESSIONS.items()],
        widget=Radios(),
        error_messages={"required": _("Choose how it is reported")},
    )
    meeting_on = DatePartsField(label=_("The date of the meeting"), error_messages={"required": _("Give the date of the meeting")})
    minor = forms.BooleanField(label=_("It is a minor matter"), required=False)
    subject_told = told()
    told_on = told_on()
    told_how = told_how()
    override_reason = override()


class OutcomeForm(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), widget=Radios(), error_messages={"required": _("Choose the outcome")})
    reference = forms.CharField(
        label=_("Where is it recorded?"),
        max_length=80,
        help_text=_("The minute, letter or reference."),
        error_messages={"required": _("Give the minute, letter or reference it is recorded in")},
    )
    summary = Words(label=_("What those who may read it should know"), required=False, rows=5, max_length=10_000)

    def offer(self) -> None:
        self.fields["outcome"].choices = list(self.offers.outcomes)
        if self.offers.kind_only:
            del self.fields["summary"]


class SentBackForm(StepForm):
    note = Words(label=_("What was asked for, and where is it written?"), rows=4, max_length=5_000, help_text=READ_BY_ALL)


class CloseForm(StepForm):
    reason = Words(
        label=_("Your reasons"),
        rows=6,
        max_length=10_000,
        help_text=_("The person who raised it reads them."),
        error_messages={"required": _("Give your reasons")},
    )


class WithdrawForm(StepForm):
    reason = Words(label=_("Why, if you want to say"), required=False, rows=4, max_length=10_000, help_text=READ_BY_ALL)


class ReopenForm(ReasonForm):
    new_evidence = forms.BooleanField(label=_("There is new evidence"), required=False)

    def offer(self) -> None:
        if self.offers.reopen_needs_evidence:
            self.fields["new_evidence"].help_text = _("The usual time has passed, so it can be opened again only with new evidence.")


class HandOverForm(NoteForm):
    consent = ConsentKind.WIDER_CIRCLE
    to = OnePerson(
        label=_("Who takes it?"),
        widget=AutocompleteSelect(),
        help_text=_("Only people in post without a connection are listed."),
        error_messages={"required": _("Choose who takes it")},
    )
    reason_code = forms.ChoiceField(
        label=_("Why does it change hands?"),
        choices=[(code.value, words) for code, words in wording.HAND_OVER.items()],
        widget=Radios(),
        error_messages={"required": _("Choose why it changes hands")},
    )
    override_reason = override()
    field_order = ["to", "reason_code", "note", "override_reason"]

    def offer(self) -> None:
        self.fields["to"].offer(self.offers.people)


class AssignForm(StepForm):
    assignee = OnePerson(
        label=_("Who takes it?"),
        widget=AutocompleteSelect(),
        help_text=_("Only people in post without a connection are listed."),
        error_messages={"required": _("Choose who takes it")},
    )
    reason = Words(label=_("Why this person?"), rows=3, max_length=5_000, help_text=READ_BY_ALL)

    def offer(self) -> None:
        self.fields["assignee"].offer(self.offers.people)


class HoldForm(StepForm):
    until = DatePartsField(
        label=_("Until when?"), error_name=_("The date"), error_messages={"required": _("Give the date until which it waits")}
    )
    reason = Words(label=_("Why does it have to wait?"), rows=4, max_length=5_000, help_text=READ_BY_ALL)


class AskForm(StepForm):
    kind = forms.ChoiceField(
        label=_("What are you asking for?"),
        choices=[(k.value, wording.CONSENTS[k]) for k in (ConsentKind.WIDER_CIRCLE, ConsentKind.CONCILIATION, ConsentKind.FORMAL)],
        widget=Radios(),
        error_messages={"required": _("Choose what you're asking for")},
    )
    wording = Words(label=_("Your question"), rows=5, max_length=5_000, help_text=_("Say what you'd like to do, and who would then see the concern."))


class AnswerForm(StepForm):
    agree = yes_no(_("Do you agree?"), required=_("Choose yes or no"))
    words = Words(label=_("Anything you want to add"), required=False, rows=4, max_length=5_000)


class TellForm(StepForm):
    told_on = DatePartsField(
        label=_("When were they told?"),
        error_name=_("The date they were told"),
        error_messages={"required": _("Give the date on which they were told")},
    )
    how = Words(label=_("How, and what were they told?"), required=False, rows=3, max_length=5_000, help_text=READ_BY_ALL)


class SuccessorForm(ReasonForm):
    duty = forms.BooleanField(label=_("The council has a duty to act although it was withdrawn"), required=False)


class TextForm(StepForm):
    text = Words(label=_("Note"), rows=6, max_length=10_000, help_text=_("Everyone who may read the concern sees it. It can't be changed afterwards."))


class FileForm(StepForm):
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, Word, OpenDocument, Excel, picture or plain text, at most 5 MB."), allow_empty_file=True
    )

    def answers(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        return {"revision": self.cleaned_data["revision"], "name": upload.name, "content": upload.read()}


class WitnessForm(StepForm):
    person = OnePerson(label=_("Who saw it?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose a person")})

    def offer(self) -> None:
        self.fields["person"].offer(self.offers.people)


class RedirectForm(StepForm):
    reason_code = forms.ChoiceField(
        label=_("Where does it belong?"),
        widget=Radios(option_hints={code.value: words for code, (_title, words) in wording.CHANNELS.items()}),
        choices=[(code.value, title) for code, (title, _words) in wording.CHANNELS.items()],
        error_messages={"required": _("Choose where it belongs")},
    )


FORMS: dict[Action, type[StepForm]] = {
    Action.REDIRECT: RedirectForm,
    Action.NO_HANDLER: ReasonForm,
    Action.ASSIGN: AssignForm,
    Action.TAKE_UP_DIRECTLY: PlainForm,
    Action.ACCEPT: NoteForm,
    Action.ACCEPT_COMPLAINT: NoteForm,
    Action.PASS_ON: PassOnForm,
    Action.SETTLE: SettleForm,
    Action.DIRECT_FAILED: DirectFailedForm,
    Action.CONCILIATE: ConciliateForm,
    Action.INSTIGATE_INVESTIGATION: InvestigateForm,
    Action.INFORMAL_OVER: InformalOverForm,
    Action.STRAIGHT_TO_FORMAL: StraightForm,
    Action.START_GRIEVANCE: ReasonForm,
    Action.START_DISCIPLINARY: DisciplinaryForm,
    Action.REFER_CODE: ReferCodeForm,
    Action.FORMAL_CODE_COMPLAINT: FormalCodeForm,
    Action.REPORT_TO_COUNCIL: ReportForm,
    Action.RECORD_OUTCOME: OutcomeForm,
    Action.SENT_BACK: SentBackForm,
    Action.CLOSE_NO_ACTION: CloseForm,
    Action.WITHDRAW: WithdrawForm,
    Action.REOPEN: ReopenForm,
    Action.HAND_OVER: HandOverForm,
    Action.HOLD: HoldForm,
    Action.RELEASE: NoteForm,
    Action.DECLARE_CONFLICT: PlainForm,
    Action.ASK_CONSENT: AskForm,
    Action.ANSWER_CONSENT: AnswerForm,
    Action.TELL_SUBJECT: TellForm,
    Action.OPEN_SUCCESSOR: SuccessorForm,
    Action.ADD_NOTE: TextForm,
    Action.ADD_DOCUMENT: FileForm,
    Action.ADD_WITNESS: WitnessForm,
}
