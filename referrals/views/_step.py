"""One step: its form, the action, and what is shown when it isn't open. The same for both sides."""

from __future__ import annotations

from typing import Any

from django.forms import Form

from concerns import wording as concern_words
from concerns.views._loading import attempt
from referrals import wording
from referrals.actions import ACTIONS
from referrals.actions.ground import LEAVES
from referrals.enums import Side, Step
from referrals.forms import FORMS, Offers, ReferralForm
from referrals.models import Referral


def form_for(step: Step, request: Any, offers: Offers) -> ReferralForm:
    """The step's form, with what was sent."""
    return FORMS[step](request.POST if request.method == "POST" else None, offers=offers)


def carry_out(form: ReferralForm, step: Step, *, by: Any, now: Any, referral: Referral, **more: Any) -> Any:
    """Run the action with the form's answers; None after its refusal went onto the form."""
    renamed = {"measures": "kind_1"}
    done = attempt(form, ACTIONS[step], renamed=renamed, referral_id=referral.pk, by=by, now=now, **more, **form.answers())
    if done is None:
        _refresh(form, referral)
    return done


def _refresh(form: Form, referral: Referral) -> None:
    """After a refusal the form is about the referral as it is now; what was typed stays."""
    now = Referral.objects.filter(pk=referral.pk).values_list("revision", flat=True).first()
    form.data = form.data.copy()  # type: ignore[union-attr]
    form.data["revision"] = str(now if now is not None else referral.revision)


def happened(step: Step) -> str:
    """What was done by the step, as the trail says it."""
    event = LEAVES[step]
    return f"{wording.EVENTS.get(event) or concern_words.EVENTS[event]}."  # type: ignore[call-overload, index]


def words(step: Step, side: Side) -> tuple[Any, Any]:
    """The step's name on this side, and what it means."""
    label, means = wording.STEPS[step]
    return (wording.COPIED.get(step, label) if side == Side.COUNCIL else label), means
