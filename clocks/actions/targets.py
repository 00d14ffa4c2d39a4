"""A council's own numbers of days. Live dates follow within a minute, and each that moves is recorded (``clocks.settling``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concerns.domain import targets
from councils import law_layer
from councils.actions.ground import keep_day_change, lock_council, record, require_admin
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person


@transaction.atomic
def set_target(*, council: Council, code: str, days: int | None, by: Person | None, now: datetime) -> Council:
    """``days`` from 1 to 365 for what ``code`` names; None goes back to what the protocol or this service says. Raises Refusal."""
    council = lock_council(council)
    require_admin(council, by, now)
    if code not in targets.SETTABLE:
        raise Refusal(str(_("This isn’t one of the targets.")))
    shipped = law_layer.whole().default(code)
    if days is not None and (problem := targets.wrong(code, days, shipped)):
        raise Refusal(problem_words(problem, shipped), field="days")
    before = council.targets.get(code)
    if before == days:
        return council
    council.targets = {key: value for key, value in council.targets.items() if key != code} | ({code: days} if days is not None else {})
    council.save(update_fields=["targets"])
    keep_day_change(council, by=by, now=now, code=code, before=before, after=days)
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, target=code, before=before, after=days)
    return council


def problem_words(problem: str, shipped: Mapping[str, Any] | None) -> str:
    """What is wrong with a number of days, and what to do."""
    if problem == "shorter":
        least = (shipped or {}).get("value")
        return str(_("The law gives at least %(least)s working days here. Enter that many or more.")) % {"least": least}
    return str(_("Enter a whole number from %(least)s to %(most)s.")) % {"least": targets.LEAST, "most": targets.MOST}
