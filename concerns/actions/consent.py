"""Nothing moves to a wider circle without the raiser's recorded consent, or a recorded override with its reason."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox
from concerns.actions.verb import answer_needed, begin, people_as, store, verb
from concerns.enums import Action, Capacity, ConsentKind, ConsentStatus, EventType, NoticeKind, WiderCircle
from concerns.models import Concern, Consent
from councils.errors import Refusal
from councils.models import Person

NEEDED = _("The person who raised it hasn't agreed to this. Ask them first, or say why it must go ahead without them.")


def cover(concern: Concern, kind: ConsentKind, *, by: Person, now: datetime, override_reason: str = "") -> None:
    """Check that the raiser agreed to ``kind``, or keep why it goes ahead all the same. Raises Refusal otherwise."""
    if by.pk == concern.raiser_id:
        _keep(concern, kind, ConsentStatus.GIVEN, by=by, now=now)
        return
    if kind in agreed(concern):
        return
    if not override_reason.strip():
        raise Refusal(str(NEEDED), field="override_reason")
    _keep(concern, kind, ConsentStatus.OVERRIDDEN, by=by, now=now, wording=override_reason.strip())
    lapse(concern, now=now)


def agreed(concern: Concern) -> set[str]:
    """What the raiser agrees to: their last answer counts, and until they gave one what they said when they sent it."""
    said = _last_words(concern)
    if concern.wider_circle == WiderCircle.MAY_PASS_ON:
        said.setdefault(ConsentKind.WIDER_CIRCLE, ConsentStatus.GIVEN)
    return {kind for kind, status in said.items() if status == ConsentStatus.GIVEN}


def past_choice(concern: Concern) -> bool:
    """Whether it may go past the recipient the raiser chose without anybody asking them: they said so when they sent it, and no "no" since."""
    return concern.wider_circle == WiderCircle.MAY_PASS_ON and ConsentKind.WIDER_CIRCLE in agreed(concern)


def _last_words(concern: Concern) -> dict[str, str]:
    rows = Consent.objects.filter(concern=concern, status__in=(ConsentStatus.GIVEN, ConsentStatus.REFUSED)).order_by("answered_at")
    return dict(rows.values_list("kind", "status"))


def lapse(concern: Concern, *, now: datetime) -> None:
    """Questions still open lose their point when the concern moves on without the answer."""
    Consent.objects.filter(concern=concern, status=ConsentStatus.ASKED).update(status=ConsentStatus.LAPSED, answered_at=now)


def _keep(
    concern: Concern, kind: ConsentKind, status: ConsentStatus, *, by: Person, now: datetime, wording: str = ""
) -> None:
    Consent.objects.create(
        concern=concern, kind=kind, status=status, asked_by=by, asked_at=now, answered_at=now, wording=wording or None
    )


@verb(Action.ASK_CONSENT, EventType.CONSENT_ASKED)
def ask_consent(
    *, concern_id: UUID, by: Person, now: datetime, kind: str, wording: str, revision: int | None = None
) -> Concern:
    """Ask the raiser whether the circle may be made wider; ``wording`` is the question they read."""
    concern = begin(Action.ASK_CONSENT, concern_id, by=by, now=now, revision=revision)
    if kind not in (ConsentKind.WIDER_CIRCLE, ConsentKind.CONCILIATION, ConsentKind.FORMAL):
        raise Refusal(str(_("Choose what you're asking for.")), field="kind")
    question = answer_needed(wording, "wording", _("Write what you're asking, and who would see it."))
    Consent.objects.create(
        concern=concern, kind=kind, status=ConsentStatus.ASKED, asked_by=by, asked_at=now, wording=question
    )
    store(concern, now=now)
    audit.record(concern, EventType.CONSENT_ASKED, by=by, now=now, facts={"kind": kind}, reason=question)
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=concern.raiser, now=now)
    return concern


@verb(Action.ANSWER_CONSENT, EventType.CONSENT_ANSWERED)
def answer_consent(
    *, concern_id: UUID, by: Person, now: datetime, agree: bool | None, words: str = "", revision: int | None = None
) -> Concern:
    """The raiser's answer to what they were asked; ``words`` are optional."""
    concern = begin(Action.ANSWER_CONSENT, concern_id, by=by, now=now, revision=revision)
    if agree is None:
        raise Refusal(str(_("Choose yes or no.")), field="agree")
    asked = Consent.objects.select_for_update().filter(concern=concern, status=ConsentStatus.ASKED).order_by("asked_at").first()
    if asked is None:
        raise Refusal(str(_("You haven't been asked anything.")))
    asked.status = ConsentStatus.GIVEN if agree else ConsentStatus.REFUSED
    asked.answered_at = now
    asked.save(update_fields=["status", "answered_at"])
    store(concern, now=now)
    facts = {"kind": asked.kind, "agree": agree}
    audit.record(concern, EventType.CONSENT_ANSWERED, by=by, now=now, facts=facts, reason=words.strip())
    outbox.put(concern, NoticeKind.PROGRESS, to=people_as(concern, Capacity.HANDLER, Capacity.RECIPIENT), now=now)
    return concern
