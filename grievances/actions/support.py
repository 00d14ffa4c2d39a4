"""Support for the employee: asked for or given, beside every procedure. No lock closes it (law.md E5, E8, Q3)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from concerns import audit, casefile, outbox, policy
from concerns.actions.verb import answer_needed, people_as
from concerns.enums import Capacity, NoticeKind, State
from concerns.models import Concern, Participation
from councils.errors import Refusal
from councils.models import Person
from councils.roles import side_of_role
from grievances.actions.ground import verb
from grievances.enums import Deed, GrievanceEvent, SupportKind
from grievances.models import Support

MAY = {
    Capacity.RAISER, Capacity.RECIPIENT, Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.PANEL_MEMBER,
}  # fmt: skip
GONE = {State.DRAFT, State.REDIRECTED}


def open_to(concern: Concern, person: Person, *, reads: bool) -> bool:
    """Whether ``person`` may ask for support, or say what is given: any reader with a part, in every state but a draft's."""
    if not reads or concern.state in GONE or side_of_role(concern.raiser_role) != "officer":
        return False
    return Participation.objects.filter(concern=concern, person=person, until__isnull=True, capacity__in=MAY).exists()


@verb(Deed.GIVE_SUPPORT, GrievanceEvent.SUPPORT_GIVEN)
def give_support(
    *, concern_id: UUID, by: Person, now: datetime, kind: str, text: str, revision: int | None = None
) -> Support:
    """The employee asks for help, or somebody who deals with it says what is given. It says nothing about anybody else."""
    concern = casefile.lock(concern_id, by=by, revision=revision, permission=policy.READ)
    if not open_to(concern, by, reads=True):
        raise Refusal(str(_("This isn't for your part in the concern.")))
    if kind not in list(SupportKind):
        raise Refusal(str(_("Choose what kind of help it is.")), field="kind")
    words = answer_needed(text, "text", _("Say what would help, or what is given."))
    asked = by.pk == concern.raiser_id
    made = Support.objects.create(concern=concern, kind=kind, text=words, by=by, asked=asked, at=now)
    audit.record(concern, GrievanceEvent.SUPPORT_GIVEN, by=by, now=now, facts={"support": kind, "asked": asked})
    dealing = people_as(concern, Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON, Capacity.RECIPIENT)
    tell = dealing if asked else [concern.raiser]
    outbox.put(concern, NoticeKind.PROGRESS, to=[person for person in tell if person.pk != by.pk], now=now)
    return made
