"""Questions about what the protocol means: asked, answered, published without names."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.domain.naming import names_in
from concerns.enums import NoticeKind
from concerns.models.concern import new_reference
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Council, Person
from information import audit, plan
from information.actions.verbs import begin_question, needed, store, tell, verb
from information.enums import QuestionAction, QuestionEvent, QuestionPart
from information.models import GuidanceQuestion, PublishedAnswer, QuestionSeat

Q, E, P = QuestionAction, QuestionEvent, QuestionPart


@verb(Q.ASK, E.ASKED)
def question_ask(*, council: Council, by: Person, now: datetime, question: str, clause: str = "") -> GuidanceQuestion:
    """Ask what the protocol means. It goes to whoever the protocol names, or instead of them if the asker's concern is about them.

    Raises Refusal for somebody without a post, an unknown clause, no words, or no protocol in force.
    """
    today = timezone.localdate(now)
    role = councils.primary_role(by, council, on=today)
    if councils.side_of(by, council, on=today) is None or role is None:
        raise Refusal(_("Only councillors and officers of this council ask here."))
    version = councils.protocol_in_force(council, on=today)
    if version is None:
        raise Refusal(_("This council has no protocol in force, so there is nothing to ask about yet."))
    if clause and clause not in version.protocol.clauses:
        raise Refusal(_("Choose a clause of the protocol, or none."), field="clause")
    words = needed(question, "question", _("Write your question."))
    table = plan.answerer(council, version, by, on=today)
    row = GuidanceQuestion(
        reference=new_reference(), council=council, protocol_version=version, asker=by, asker_role=role, clause=clause, question=words,
        token=table.desk.token, outside=table.outside or None, asked_at=now, updated_at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    people = _seat(row, table, now=now)
    audit.record(row, E.ASKED, by=by, now=now, part=P.ASKER, cites=[clause] if clause else ())
    tell(people, now=now)
    return row


def _seat(question: GuidanceQuestion, table: plan.Table, *, now: datetime) -> list[Person]:
    for seat in table.seats:
        QuestionSeat.objects.create(
            question=question, person=seat.person, hat=seat.hat, acting_for=seat.acting_for, token=table.desk.token, since=now
        )
    return [seat.person for seat in table.seats]


@verb(Q.ANSWER, E.ANSWERED)
def question_answer(*, question_id: UUID, by: Person, now: datetime, answer: str, revision: int | None = None) -> GuidanceQuestion:
    """Answer it, to the asker. Raises Refusal without words."""
    question = begin_question(Q.ANSWER, question_id, by=by, now=now, revision=revision)
    words = needed(answer, "answer", _("Write the answer."))
    seat = question.seats.filter(person=by, until__isnull=True).first()
    before = question.state
    question.answer, question.answered_by, question.answered_at, question.hat = words, by, now, seat.hat
    question.give_answer()
    store(question, "answer", "answered_by", "answered_at", "hat", now=now)
    audit.record(question, E.ANSWERED, by=by, now=now, part=P.ANSWERER, from_state=before)
    tell([question.asker], now=now)
    return question


@verb(Q.PASS_ON, E.PASSED_ON)
def question_pass_on(*, question_id: UUID, by: Person, now: datetime, revision: int | None = None) -> GuidanceQuestion:
    """Whoever should answer can't: it goes to the next. No reason is asked or kept."""
    question = begin_question(Q.PASS_ON, question_id, by=by, now=now, revision=revision)
    had = set(question.seats.values_list("person_id", flat=True))
    left = question.seats.filter(until__isnull=True).exclude(person=by)
    if not left.exists():
        table = plan.answerer(question.council, question.protocol_version, question.asker, on=timezone.localdate(now), besides=had)
        question.token, question.outside = table.desk.token, table.outside or None
        tell(_seat(question, table, now=now) or [question.asker], now=now)
    store(question, "token", "outside", now=now)
    audit.record(question, E.PASSED_ON, by=by, now=now, part=P.ANSWERER)
    question.seats.filter(person=by, until__isnull=True).update(until=now)  # last
    return question


@verb(Q.PUBLISH, E.PUBLISHED)
def question_publish(
    *, question_id: UUID, by: Person, now: datetime, public_question: str, public_answer: str, revision: int | None = None
) -> GuidanceQuestion:
    """Publish it in words that name nobody. Raises Refusal, saying which word, when somebody of the council is named."""
    question = begin_question(Q.PUBLISH, question_id, by=by, now=now, revision=revision)
    asked = needed(public_question, "public_question", _("Write the question as everybody will read it."))
    said = needed(public_answer, "public_answer", _("Write the answer as everybody will read it."))
    names = plan.name_check(question.council)
    for field, words in (("public_question", asked), ("public_answer", said)):
        if found := names_in(words, names):
            raise Refusal(
                _("This names somebody: %(words)s. Say it without names, e-mail addresses or references.") % {"words": ", ".join(found)},
                field=field,
            )
    question.published = PublishedAnswer.objects.create(
        council=question.council, protocol_version=question.protocol_version, clause=question.clause, question=asked, answer=said,
        published_on=timezone.localdate(now),
    )  # fmt: skip
    before = question.state
    question.publish()
    store(question, "published", now=now)
    audit.record(question, E.PUBLISHED, by=by, now=now, part=P.ANSWERER, from_state=before)
    tell([question.asker], now=now, kind=NoticeKind.PROGRESS)
    return question


@verb(Q.CLOSE, E.CLOSED)
def question_close(*, question_id: UUID, by: Person, now: datetime, revision: int | None = None) -> GuidanceQuestion:
    """The asker is done with it. What was published stays."""
    question = begin_question(Q.CLOSE, question_id, by=by, now=now, revision=revision)
    before = question.state
    question.closed_at = now
    question.close()
    store(question, "closed_at", now=now)
    audit.record(question, E.CLOSED, by=by, now=now, part=P.ASKER, from_state=before)
    return question
