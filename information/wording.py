"""The words for the room's codes, all through gettext. Role names come from the council's own vocabulary."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from information.domain import presumptions as p
from information.enums import (
    ArrangementAction,
    ArrangementEvent,
    ArrangementKind,
    ArrangementState,
    Interest,
    Outcome,
    QuestionAction,
    QuestionEvent,
    QuestionState,
    RequestAction,
    RequestEvent,
    RequestKind,
    RequestPart,
    RequestState,
)

R, E, S = RequestAction, RequestEvent, RequestState

STALE = _("Somebody changed this after you opened the page. Look at what changed, then choose again.")
NOT_YOURS = _("This step is for somebody else.")
NOT_FROM_HERE = _("This can't be done now. It stands at: %(state)s.")
QUESTION_NOT_FROM_HERE = _("This can't be done any more. Look at where the question stands now.")
LEFT = _("You hold no post in this council any more, so you can only look at it or close it.")
STILL_WITH_SOMEBODY = _("It's with somebody who can decide it.")
NO_REVIEWER = _("Your protocol names nobody who reviews this decision.")
ADVICE_PENDING = _("Advice was asked for already. It hasn't come yet.")
NO_ADVISER = _("Nobody is there to ask for advice, or they have a connection with it.")
NO_ADVICE_ASKED = _("No advice is asked of you now.")
ALREADY_RELEASED = _("You accepted the purpose already.")
NOTHING_GRANTED = _("Nothing was granted that you could be given.")

STATES: Mapping[RequestState, tuple[Any, Any]] = {
    S.DRAFT: (_("Being written"), _("Only the person who writes it can see it.")),
    S.ASKED: (_("Asked"), _("It was asked. Nobody here can decide it just now.")),
    S.JUSTIFICATION_NEEDED: (_("Needs to be justified"), _("It has to say in specific terms why the papers are needed, before anybody decides.")),
    S.WITH_DETERMINER: (_("Waiting for a decision"), _("It's with whoever decides under the protocol.")),
    S.GRANTED: (_("Granted"), _("They may see what they asked for, once they accept what it is for.")),
    S.PARTLY_GRANTED: (_("Partly granted"), _("They may see a part of it, once they accept what it is for.")),
    S.REFUSED: (_("Refused"), _("It was refused, with the reason in writing.")),
    S.REVIEW_ASKED: (_("Being reviewed"), _("Somebody who didn't take the decision looks at it again.")),
    S.REVIEW_GRANTED: (_("Granted on review"), _("The review found for the person who asked.")),
    S.REVIEW_REFUSED: (_("Refused on review"), _("The review upheld the decision.")),
    S.CLOSED: (_("Closed"), _("It's over.")),
}  # fmt: skip
# For whoever asked for the papers of a concern: the same whoever is free, a party or not there at all.
WITH_WHOEVER = _("It waits for a decision by whoever can take it, here or outside.")
COLOURS: Mapping[str, str] = {
    S.DRAFT: "grey", S.ASKED: "yellow", S.JUSTIFICATION_NEEDED: "yellow", S.WITH_DETERMINER: "blue", S.GRANTED: "green",
    S.PARTLY_GRANTED: "teal", S.REFUSED: "red", S.REVIEW_ASKED: "blue", S.REVIEW_GRANTED: "green", S.REVIEW_REFUSED: "red", S.CLOSED: "grey",
}  # fmt: skip

# (button, what it means)
ACTIONS: Mapping[RequestAction, tuple[Any, Any]] = {
    R.SAVE: (_("Continue"), _("Only you can see a draft.")),
    R.DELETE: (_("Delete this draft"), _("It's gone for good. Nobody else ever saw it.")),
    R.ASK: (_("Send the request"), _("It goes to whoever decides under the protocol, and to nobody else.")),
    R.JUSTIFY: (_("Say why you need it"), _("In specific terms: what you need it for, and why without it you can't do it.")),
    R.SEND_AGAIN: (_("Send it to whoever decides now"), _("Whoever had it can't decide it any more.")),
    R.ASK_JUSTIFICATION: (_("Ask why they need it"), _("The person who asked is told what to say more about. It comes back to you.")),
    R.PASS_ON: (_("I can't decide this"), _("You have a connection with it. It goes to somebody else, and your part ends. Nobody is told why.")),
    R.ASK_ADVICE: (_("Ask for advice"), _("Whoever advises under the protocol sees the request. You still decide.")),
    R.GIVE_ADVICE: (_("Give your advice"), _("Those who decide see it. The person who asked for the papers doesn't.")),
    R.GRANT: (_("Grant it"), _("They are told, and accept what it is for before you let them see it.")),
    R.PARTLY_GRANT: (_("Grant a part of it"), _("They are told which part, and the actual reason for the rest.")),
    R.REFUSE: (_("Refuse it"), _("They are told the actual reason, in writing, and what else they can do.")),
    R.ASK_REVIEW: (_("Ask for a review"), _("Somebody who didn't take the decision looks at it again.")),
    R.REVIEW_GRANT: (_("Find for the person who asked"), _("They may see it, once they accept what it is for.")),
    R.REVIEW_REFUSE: (_("Uphold the decision"), _("They are told your reason, in writing, and what else they can do.")),
    R.RECEIVE: (_("Accept what it is for"), _("You use it for this purpose and no other. Then you are shown how to see it.")),
    R.CLOSE: (_("Close the request"), _("Nothing more happens with it. It stays to be looked at.")),
}  # fmt: skip

EVENTS: Mapping[RequestEvent | QuestionEvent | ArrangementEvent, Any] = {
    E.ASKED: _("Asked to see the papers"), E.JUSTIFIED: _("Justified the request"), E.SENT_AGAIN: _("Sent again to whoever decides"),
    E.JUSTIFICATION_ASKED: _("Asked for it to be justified"), E.PASSED_ON: _("Passed on to somebody else"), E.ADVICE_ASKED: _("Asked for advice"),
    E.ADVICE_GIVEN: _("Gave advice"), E.GRANTED: _("Granted"), E.PARTLY_GRANTED: _("Partly granted"), E.REFUSED: _("Refused"),
    E.REVIEW_ASKED: _("Asked for a review"), E.REVIEW_GRANTED: _("Granted on review"), E.REVIEW_REFUSED: _("Refused on review"),
    E.RECEIVED: _("Accepted what it is for"), E.CLOSED: _("Closed"),
    QuestionEvent.ASKED: _("Asked the question"), QuestionEvent.ANSWERED: _("Answered"), QuestionEvent.PASSED_ON: _("Passed on to somebody else"),
    QuestionEvent.PUBLISHED: _("Published without names"), QuestionEvent.CLOSED: _("Closed"),
    ArrangementEvent.ASKED: _("Asked"), ArrangementEvent.AGREED: _("Agreed"), ArrangementEvent.DECLINED: _("Declined"),
    ArrangementEvent.ENDED: _("Ended"),
}  # fmt: skip

KINDS: Mapping[RequestKind, tuple[Any, Any]] = {
    RequestKind.DOCUMENT: (_("A document of the council"), _("A file, report, letter or any other paper. You describe it; the portal doesn't keep it.")),
    RequestKind.CONCERN: (_("The papers of a concern"), _("The answer never says whether there is one, or who has a part in it.")),
}
PARTS: Mapping[RequestPart, Any] = {
    RequestPart.REQUESTER: _("Asked for it"), RequestPart.DETERMINER: _("Decides"), RequestPart.REFUSER: _("May refuse it"),
    RequestPart.ADVISER: _("Gives advice"), RequestPart.REVIEWER: _("Reviews the decision"),
}  # fmt: skip
OUTCOMES: Mapping[Outcome, Any] = {Outcome.GRANTED: _("Granted"), Outcome.PARTLY_GRANTED: _("Partly granted"), Outcome.REFUSED: _("Refused")}
INTERESTS: Mapping[Interest, Any] = {
    Interest.NONE: _("No"), Interest.PECUNIARY: _("Yes, a financial interest"),
    Interest.PROFESSIONAL: _("Yes, I act in a professional capacity against the council or deal with it"), Interest.OTHER: _("Yes, another interest"),
}  # fmt: skip
CLAIMS: Mapping[str, Any] = {
    "own_committee": _("I sit on the committee it belongs to"),
    "meeting_business": _("It is business of a coming meeting, or a background paper to it"),
    "scrutiny_remit": _("I am on overview and scrutiny, and it is within that committee’s remit"),
}
MARKS: Mapping[str, Any] = {
    "third_party_personal": _("Personal information about somebody else"),
    "other_group_papers": _("Another party group’s internal papers"),
    "officer_personal_details": _("Personal details of an officer"),
    "exempt": _("Confidential or exempt information"),
}
# What the protocol says of the request, in words, by (kind, code) and then by code.
NOTES: Mapping[tuple[str, str], Any] = {
    (p.PRESUMED, "own_committee"): _("The request says the member sits on the committee it belongs to: the need is presumed."),
    (p.RIGHT, "own_committee"): _("The request says the member sits on the committee it belongs to: the protocol gives a right to see it."),
    (p.PRESUMED, "meeting_business"): _("The request says it is business of a coming meeting: members see such papers by law."),
    (p.PRESUMED, "scrutiny_remit"): _("The request says it is within the remit of the member’s scrutiny committee: the need is presumed."),
    (p.JUSTIFY, "third_party_personal"): _("It holds personal information about somebody else: the need must be justified in specific terms."),
    (p.CONDITION, "third_party_conditions"): _("Information about other people is given only on conditions:"),
    (p.BAR, "other_group_papers"): _("By convention nobody needs to know another group’s internal papers."),
    (p.BAR, "officer_personal_details"): _("Personal details of an officer are unlikely ever to be needed."),
    (p.BAR, "exempt"): _("Confidential or exempt information isn’t open to a request like this."),
    (p.BAR, "pecuniary_interest"): _("A financial interest is declared: the protocol gives no right to see it then."),
    (p.BAR, "professional_capacity"): _("The member acts in a professional capacity here: the protocol gives no right to see it then."),
    (p.NEED, "need_to_know"): _("A reasonable need for the member’s role must be shown."),
    (p.ADVISE, "own_interest"): _("An interest is declared: take advice first."),
    (p.ADVISE, "data_protection"): _("Data protection law may stand against it: take advice first."),
}
GROUNDS: Mapping[str, Any] = {
    "roving_commission": _("A roving commission, or mere curiosity"),
    "pecuniary_interest": _("A financial interest"),
    "professional_capacity": _("Acting in a professional capacity against the council or dealing with it"),
    "other_group_papers": _("Another group’s internal papers"),
    "officer_personal_details": _("Personal details of an officer"),
    "exempt": _("Confidential or exempt information"),
    p.NEED_NOT_SHOWN: _("The need to know isn’t shown"),
    p.NOT_AS_CLAIMED: _("What is claimed for the request doesn’t apply to it"),
    p.OTHER_PEOPLE: _("Personal information about somebody else"),
    p.LAW: _("The law forbids it"),
    p.NOT_HELD: _("The council doesn’t hold it"),
    p.NOT_SAID: _("Whether there is such a concern isn’t said to anybody"),
    p.OTHER: _("Another ground"),
}
RIGHTS: Mapping[str, Any] = {
    "foi": _("Ask for it under the Freedom of Information Act 2000. Anybody may, and the council must answer within 20 working days."),
    "advice": _("Ask the Monitoring Officer for advice: %(who)s."),
    "concern": _("Raise a concern about how the request was dealt with."),
    "law": _("Nothing here takes away what the law lets you see."),
}
ARRANGEMENTS: Mapping[ArrangementKind, tuple[Any, Any]] = {
    ArrangementKind.CONTACT: (_("Direct contact with an officer"), _("You deal with this officer yourself, over one matter, from one day to another.")),
    ArrangementKind.ATTENDANCE: (_("An officer at a meeting of a party group"), _("A group asks; it has no power to require it. No reason is needed to decline.")),
}
ARRANGEMENT_STATES: Mapping[ArrangementState, tuple[Any, Any]] = {
    ArrangementState.ASKED: (_("Asked"), _("It waits for the answer of the person named.")),
    ArrangementState.AGREED: (_("Agreed"), _("It holds from the first day to the last.")),
    ArrangementState.DECLINED: (_("Declined"), _("It was declined. No reason is needed.")),
    ArrangementState.ENDED: (_("Ended"), _("It doesn't hold any more.")),
}
ARRANGEMENT_ACTIONS: Mapping[ArrangementAction, tuple[Any, Any]] = {
    ArrangementAction.ASK: (_("Ask"), _("It goes to the person you choose, and to nobody else.")),
    ArrangementAction.AGREE: (_("Agree"), _("Whoever asked is told, and the officer it is about.")),
    ArrangementAction.DECLINE: (_("Decline"), _("Whoever asked is told. No reason is needed.")),
    ArrangementAction.END: (_("End it"), _("It doesn't hold from now on. The others are told.")),
}
ARRANGEMENTS_CLOSED: Mapping[str, Any] = {
    "not_needed": _("Your protocol asks for no agreement: members and officers may deal with each other as it describes."),
    "never": _("Your protocol keeps officers away from meetings of party groups. They may give facts and professional advice to members instead."),
}
FOI_CODES = ("foi", "freedom of information")
QUESTION_STATES: Mapping[QuestionState, tuple[Any, Any]] = {
    QuestionState.ASKED: (_("Waiting for an answer"), _("It's with whoever answers what the protocol means.")),
    QuestionState.ANSWERED: (_("Answered"), _("The person who asked has the answer.")),
    QuestionState.PUBLISHED_ANONYMISED: (_("Answered and published"), _("Everybody of the council can read question and answer, without names.")),
    QuestionState.CLOSED: (_("Closed"), _("It's over.")),
}
QUESTION_ACTIONS: Mapping[QuestionAction, tuple[Any, Any]] = {
    QuestionAction.ASK: (_("Send the question"), _("It goes to whoever answers what the protocol means, and to nobody else.")),
    QuestionAction.ANSWER: (_("Answer"), _("The person who asked is told.")),
    QuestionAction.PASS_ON: (_("I can't answer this"), _("It goes to somebody else, and your part ends. Nobody is told why.")),
    QuestionAction.PUBLISH: (_("Publish without names"), _("Everybody of the council can read it beside the clause. Who asked isn't kept with it.")),
    QuestionAction.CLOSE: (_("Close the question"), _("Nothing more happens with it. What was published stays.")),
}


def note_words(kind: str, code: str) -> str:
    """What the protocol says, in words; a code of a council's own stands as it is."""
    return str(NOTES.get((kind, code)) or code.replace("_", " "))


def code_words(words: Mapping[Any, Any], code: str) -> str:
    """A code in words, with a fallback for codes of a council's own."""
    return str(words.get(code) or code.replace("_", " "))


def arrangement_refused(code: str, state: str) -> str:
    """Why a step with an agreement is closed."""
    if code == "not_yours":
        return str(NOT_YOURS)
    return str(NOT_FROM_HERE) % {"state": ARRANGEMENT_STATES[ArrangementState(state)][0]}
