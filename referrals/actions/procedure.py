"""Where a referral hangs itself into the casework: what opens and ends with it, and what it keeps closed."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import Action
from referrals import queries
from referrals.actions.ground import is_driven, store
from referrals.actions.sending import start
from referrals.enums import ENDED, State
from referrals.models import Referral

DRIVEN = frozenset({Action.SENT_BACK, Action.RECORD_OUTCOME, Action.CLOSE_NO_ACTION})
ENDS_WITH_IT = (State.PREPARED, State.OUTCOME_RECEIVED)


class CodeReferral:
    """The procedure behind ``ProceedingKind.CODE_REFERRAL``."""

    def opened(self, concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
        """T17 or T18: a referral is being prepared."""
        start(concern, proceeding, now=now)

    def ended(self, concern: Any, proceeding: Any, *, by: Any, now: datetime) -> None:
        """The concern moved on: what was never sent, or was answered, is closed."""
        running = Referral.objects.select_for_update(of=("self",)).filter(proceeding=proceeding, state__in=ENDS_WITH_IT).first()
        if running is not None:
            running.close()
            running.closed_on = timezone.localdate(now)
            store(running)

    def waits(self, concern: Any, who: str) -> str:
        """Whose turn it is, before the office has it and once it has answered; "" while it decides."""
        referral = queries.latest(concern)
        words = {
            State.PREPARED: _("The papers are chosen and sealed, then sent. That is with %s. Nothing has left the council yet."),
            State.SENT_BACK: _("The office asked for a local settlement and has sent it back. Taking it back is with %s; it can be referred again."),
            State.OUTCOME_RECEIVED: _("The office has answered. Closing the concern with its outcome is with %s."),
        }.get(State(referral.state)) if referral else None
        return words % who if words else ""

    def objection(self, concern: Any, action: Any, *, person: Any) -> str:
        """While the office has it, only its answer moves the concern on; and only by way of the referral."""
        if action not in DRIVEN or is_driven(concern) or concern._state.adding:
            return ""
        referral = queries.latest(concern)
        if referral is None:
            return ""
        state = State(referral.state)
        if action == Action.CLOSE_NO_ACTION:
            return _close(concern, state)
        if state == State.SENT_BACK:
            return _("The office asked for a local settlement. Take it back in the referral.")
        if state == State.OUTCOME_RECEIVED or (state == State.CLOSED and referral.outcome):
            return _("The office has answered. Close the concern with its outcome in the referral.")
        if state in (State.PREPARED, State.CLOSED):
            return _("It hasn't been sent yet. Seal and send the papers in the referral first.")
        return _("The office hasn't answered yet. What it says is recorded in the referral, and that moves the concern on.")


def _close(concern: Any, state: State) -> str:
    """Closing without action is for what never left the council, and never for a formal complaint."""
    if state in ENDED:
        return ""
    if state != State.PREPARED:
        return _("The office has it. Only its answer ends this.")
    if concern.formal_code_complaint:
        return _("This is a formal written complaint that the Code was broken. It has to be sent.")
    return ""
