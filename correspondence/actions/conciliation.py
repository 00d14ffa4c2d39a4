"""A conciliation's help: inside, access to the agreed summary that ends with the stage; outside, a letter with it."""

from datetime import datetime

from concerns import rooms
from concerns.actions.verb import end_all, people_as
from concerns.enums import Action, Capacity
from concerns.models import Concern, Proceeding
from correspondence.actions.letters import draft_letter
from correspondence.enums import LetterKind, Mark
from councils.models import Person


class Conciliations(rooms.Procedure):
    """Somebody outside has no account: the letter to them holds the summary both sides agreed, and nothing else."""

    def opened(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """Prepare the letter, unless somebody of the council helps."""
        if people_as(concern, Capacity.MEDIATOR):
            return
        draft_letter(
            concern=concern, kind=LetterKind.CONCILIATION, by=by, now=now, to_name=str(proceeding.destination or ""),
            tokens={"summary": str(proceeding.summary or ""), "mediator": str(proceeding.destination or "")}, marking=Mark.CONFIDENTIAL,
            about=proceeding.pk,
        )  # fmt: skip

    def ended(self, concern: Concern, proceeding: Proceeding, *, by: Person, now: datetime) -> None:
        """The access ends with the stage."""
        end_all(concern, {Capacity.MEDIATOR}, by=by, now=now, reason="step_done")

    def objection(self, concern: Concern, action: Action, *, person: Person) -> str:
        """None."""
        return ""
