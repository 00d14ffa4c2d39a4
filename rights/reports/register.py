"""The register of processing: what the council keeps through the portal, why, how long, and who gets it. Nothing of any case or person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from councils.models import Council
from rights import queries, wording
from rights.enums import OutcomeClass

#: What is done, what for, on which basis in law, with whose data, and who gets it. The basis is the council's to confirm.
PROCESSING = (
    (
        _("Concerns under the protocol"),
        _("To deal with concerns between councillors and officers, informally first, fairly to both"),
        _("Public task; for health, union or belief data: employment law, with the council’s policy document"),
        _("Councillors and officers who raise, deal with, witness or are named in a concern"),
        _("The people the protocol names for that concern, and nobody else; outside offices only when it is referred to them"),
    ),
    (
        _("Formal procedures"),
        _("Grievance, discipline, referral under the Code of Conduct, report to council"),
        _("Legal obligation and public task"),
        _("The people in the procedure, its panel and companions"),
        _("The panel, the Monitoring Officer or the Ombudsman, as the law says"),
    ),
    (
        _("Requests to see papers, and questions about the protocol"),
        _("To decide what a councillor may see, and to say what the protocol means"),
        _("Public task"),
        _("Whoever asks and decides"),
        _("Whoever decides, advises or reviews"),
    ),
    (
        _("Accounts and posts"),
        _("To know who holds which post, who stands in for whom, and who may see what"),
        _("Public task"),
        _("Councillors, officers and officers of outside offices"),
        _("People of the council; the council’s administrator"),
    ),
    (
        _("Data rights"),
        _("To answer requests, complaints and breaches, and to destroy what was kept long enough"),
        _("Legal obligation"),
        _("Whoever asks, complains or is touched"),
        _("The council’s records keepers who aren’t a party; the Information Commissioner"),
    ),
    (
        _("Mail that something is to be looked at"),
        _("To tell somebody to sign in; it has fixed words and names nobody"),
        _("Public task"),
        _("Whoever has to look"),
        _("The council’s mail provider"),
    ),
)
HEADINGS = (_("What for"), _("Basis in law"), _("Whose data"), _("Who gets it"))


def reading(council: Council, on: date) -> Mapping[str, Any]:
    """What the register shows of a council on a day."""
    rules = queries.schedule(council)
    return {
        "council": council,
        "on": on,
        "processing": [{"title": row[0], "rows": [{"key": str(key), "value": str(value)} for key, value in zip(HEADINGS, row[1:], strict=True)]} for row in PROCESSING],
        "schedule": [(wording.OUTCOMES[OutcomeClass(outcome)], wording.months_label(rule.months)) for outcome, rule in rules.items()],
        "rights": wording.RIGHTS,
        "has_keepers": queries.has_keepers(council),
    }
