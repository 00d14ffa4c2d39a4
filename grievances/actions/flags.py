"""A tie that comes to light after somebody had a part in a case (A-11): considered by a person, never reversed by itself."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from concerns import audit
from concerns.actions import close
from concerns.actions.verb import answer_needed
from concerns.models import Concern
from councils.errors import Refusal
from councils.models import Person
from grievances import queries, wording
from grievances.actions.ground import verb
from grievances.enums import Deed, FlagChoice, GrievanceEvent
from grievances.models import TieFlag


@verb(Deed.CONSIDER_FLAG, GrievanceEvent.FLAG_CONSIDERED)
def consider_flag(
    *, flag_id: UUID, by: Person, now: datetime, choice: str, reason: str, revision: int | None = None
) -> TieFlag:
    """Whoever was told says what follows: open the case again, an appeal by others, or that it stands; with the reason."""
    queries.flag(flag_id, person=by)
    flag = TieFlag.objects.select_for_update(of=("self",)).get(pk=flag_id)
    if flag.considered_at is not None or (revision is not None and revision != flag.revision):
        raise Refusal(str(wording.STALE))
    if choice not in list(FlagChoice):
        raise Refusal(str(_("Choose what follows.")), field="choice")
    words = answer_needed(reason, "reason", _("Give the reason. It is kept."))
    flag.considered_at, flag.choice, flag.reason = now, choice, words
    flag.revision += 1
    flag.save()
    concern = Concern.objects.select_related("council", "protocol_version", "raiser").get(pk=flag.concern_id)
    audit.record(concern, GrievanceEvent.FLAG_CONSIDERED, by=by, now=now, facts={"choice": choice})
    if choice != FlagChoice.RECORD and not concern.is_open:
        close.reopen(concern_id=concern.pk, by=by, now=now, reason=words, new_evidence=True)
    return flag
