"""Codes of the room: requests to see papers, and questions about what the protocol means. Pure."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request to see papers stands."""

    DRAFT = "DRAFT"
    ASKED = "ASKED"
    JUSTIFICATION_NEEDED = "JUSTIFICATION_NEEDED"
    WITH_DETERMINER = "WITH_DETERMINER"
    GRANTED = "GRANTED"
    PARTLY_GRANTED = "PARTLY_GRANTED"
    REFUSED = "REFUSED"
    REVIEW_ASKED = "REVIEW_ASKED"
    REVIEW_GRANTED = "REVIEW_GRANTED"
    REVIEW_REFUSED = "REVIEW_REFUSED"
    CLOSED = "CLOSED"


#: Somebody still has to do something about it, or nobody has sent it.
WAITING = (RequestState.DRAFT, RequestState.ASKED, RequestState.JUSTIFICATION_NEEDED, RequestState.WITH_DETERMINER, RequestState.REVIEW_ASKED)


class RequestAction(StrEnum):
    """What can be done with a request; one verb each."""

    SAVE = "request_save"
    DELETE = "request_delete"
    ASK = "request_ask"
    JUSTIFY = "request_justify"
    SEND_AGAIN = "request_send_again"
    ASK_JUSTIFICATION = "request_ask_justification"
    PASS_ON = "request_pass_on"
    ASK_ADVICE = "request_ask_advice"
    GIVE_ADVICE = "request_give_advice"
    GRANT = "request_grant"
    PARTLY_GRANT = "request_partly_grant"
    REFUSE = "request_refuse"
    ASK_REVIEW = "request_ask_review"
    REVIEW_GRANT = "request_review_grant"
    REVIEW_REFUSE = "request_review_refuse"
    RECEIVE = "request_receive"
    CLOSE = "request_close"


class RequestEvent(StrEnum):
    """What the trail of a request says happened."""

    ASKED = "request_asked"
    JUSTIFIED = "request_justified"
    SENT_AGAIN = "request_sent_again"
    JUSTIFICATION_ASKED = "request_justification_asked"
    PASSED_ON = "request_passed_on"
    ADVICE_ASKED = "request_advice_asked"
    ADVICE_GIVEN = "request_advice_given"
    GRANTED = "request_granted"
    PARTLY_GRANTED = "request_partly_granted"
    REFUSED = "request_refused"
    REVIEW_ASKED = "request_review_asked"
    REVIEW_GRANTED = "request_review_granted"
    REVIEW_REFUSED = "request_review_refused"
    RECEIVED = "request_received"
    CLOSED = "request_closed"


class RequestKind(StrEnum):
    """What is asked for: the papers of a concern, or any other document the request describes."""

    CONCERN = "concern"
    DOCUMENT = "document"


class RequestPart(StrEnum):
    """In which part somebody sees a request. The requester stands on the request itself."""

    REQUESTER = "requester"
    DETERMINER = "determiner"
    REFUSER = "refuser"  # may refuse, not grant
    ADVISER = "adviser"
    REVIEWER = "reviewer"


class DecisionStage(StrEnum):
    """Which of the two decisions it is."""

    DETERMINATION = "determination"
    REVIEW = "review"


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"


class Interest(StrEnum):
    """What the requester says of an interest in the subject."""

    NONE = "none"
    PECUNIARY = "pecuniary_interest"
    PROFESSIONAL = "professional_capacity"
    OTHER = "own_interest"


class QuestionState(StrEnum):
    """Where a question about the protocol stands."""

    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    PUBLISHED_ANONYMISED = "PUBLISHED_ANONYMISED"
    CLOSED = "CLOSED"


class QuestionAction(StrEnum):
    """What can be done with a question."""

    ASK = "question_ask"
    ANSWER = "question_answer"
    PASS_ON = "question_pass_on"
    PUBLISH = "question_publish"
    CLOSE = "question_close"


class QuestionEvent(StrEnum):
    """What the trail of a question says happened."""

    ASKED = "question_asked"
    ANSWERED = "question_answered"
    PASSED_ON = "question_passed_on"
    PUBLISHED = "question_published"
    CLOSED = "question_closed"


class QuestionPart(StrEnum):
    """In which part somebody sees a question."""

    ASKER = "asker"
    ANSWERER = "answerer"


class ArrangementKind(StrEnum):
    """What is asked for: direct contact with an officer over a matter, or an officer at a meeting of a party group."""

    CONTACT = "contact"
    ATTENDANCE = "attendance"


class ArrangementState(StrEnum):
    """Where it stands."""

    ASKED = "ASKED"
    AGREED = "AGREED"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


class ArrangementAction(StrEnum):
    """What can be done with it."""

    ASK = "arrangement_ask"
    AGREE = "arrangement_agree"
    DECLINE = "arrangement_decline"
    END = "arrangement_end"


class ArrangementEvent(StrEnum):
    """What its trail says happened."""

    ASKED = "arrangement_asked"
    AGREED = "arrangement_agreed"
    DECLINED = "arrangement_declined"
    ENDED = "arrangement_ended"
