"""Which step may follow which, and whose step it is. The models' transitions and the database's trigger hold the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from information.enums import QuestionAction, QuestionPart, QuestionState, RequestAction, RequestPart, RequestState

R, S, P = RequestAction, RequestState, RequestPart
Q, QS, QP = QuestionAction, QuestionState, QuestionPart


@dataclass(frozen=True, slots=True)
class Move:
    """From where a step is open, where it leads (none: the state stays), and who may take it."""

    sources: frozenset[str]
    targets: tuple[str, ...]
    parts: frozenset[str]


def _move(sources: tuple[str, ...], targets: tuple[str, ...], *parts: str) -> Move:
    return Move(frozenset(sources), targets, frozenset(parts))


DECIDED: Final = (S.GRANTED, S.PARTLY_GRANTED, S.REFUSED)
REVIEWED: Final = (S.REVIEW_GRANTED, S.REVIEW_REFUSED)
RUNNING: Final = (S.ASKED, S.JUSTIFICATION_NEEDED, S.WITH_DETERMINER, S.REVIEW_ASKED)

REQUEST: Final[Mapping[RequestAction, Move]] = {
    R.SAVE: _move((S.DRAFT,), (), P.REQUESTER),
    R.DELETE: _move((S.DRAFT,), (), P.REQUESTER),
    R.ASK: _move((S.DRAFT,), (S.ASKED, S.JUSTIFICATION_NEEDED, S.WITH_DETERMINER), P.REQUESTER),
    R.JUSTIFY: _move((S.JUSTIFICATION_NEEDED,), (S.WITH_DETERMINER, S.ASKED), P.REQUESTER),
    R.SEND_AGAIN: _move((S.ASKED, S.WITH_DETERMINER), (S.WITH_DETERMINER,), P.REQUESTER),
    R.ASK_JUSTIFICATION: _move((S.WITH_DETERMINER,), (S.JUSTIFICATION_NEEDED,), P.DETERMINER),
    R.PASS_ON: _move((S.WITH_DETERMINER, S.REVIEW_ASKED), (), P.DETERMINER, P.REVIEWER),
    R.ASK_ADVICE: _move((S.WITH_DETERMINER,), (), P.DETERMINER),
    R.GIVE_ADVICE: _move((S.WITH_DETERMINER,), (), P.ADVISER),
    R.GRANT: _move((S.WITH_DETERMINER,), (S.GRANTED,), P.DETERMINER),
    R.PARTLY_GRANT: _move((S.WITH_DETERMINER,), (S.PARTLY_GRANTED,), P.DETERMINER),
    R.REFUSE: _move((S.WITH_DETERMINER,), (S.REFUSED,), P.DETERMINER, P.REFUSER),
    R.ASK_REVIEW: _move((S.REFUSED, S.PARTLY_GRANTED), (S.REVIEW_ASKED,), P.REQUESTER),
    R.REVIEW_GRANT: _move((S.REVIEW_ASKED,), (S.REVIEW_GRANTED,), P.REVIEWER),
    R.REVIEW_REFUSE: _move((S.REVIEW_ASKED,), (S.REVIEW_REFUSED,), P.REVIEWER),
    R.RECEIVE: _move((S.GRANTED, S.PARTLY_GRANTED, *REVIEWED), (), P.REQUESTER),
    R.CLOSE: _move((*RUNNING, *DECIDED, *REVIEWED), (S.CLOSED,), P.REQUESTER),
}

QUESTION: Final[Mapping[QuestionAction, Move]] = {
    Q.ASK: _move((), (QS.ASKED,), QP.ASKER),
    Q.ANSWER: _move((QS.ASKED,), (QS.ANSWERED,), QP.ANSWERER),
    Q.PASS_ON: _move((QS.ASKED,), (), QP.ANSWERER),
    Q.PUBLISH: _move((QS.ANSWERED,), (QS.PUBLISHED_ANONYMISED,), QP.ANSWERER),
    Q.CLOSE: _move((QS.ASKED, QS.ANSWERED, QS.PUBLISHED_ANONYMISED), (QS.CLOSED,), QP.ASKER),
}


def legal(action: RequestAction | QuestionAction, state: str) -> bool:
    """Whether the machine has this step from that state."""
    return state in (REQUEST.get(action) or QUESTION[action]).sources  # type: ignore[arg-type, call-overload, index]


def pairs(table: Mapping[object, Move]) -> list[tuple[str, str]]:
    """Every (from, to) of a machine where the state changes; a step through ASKED counts as its own two."""
    return sorted(
        {(str(source), str(target)) for move in table.values() for source in move.sources for target in move.targets if source != target}
    )
