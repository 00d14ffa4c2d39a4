"""Role codes: what an appointment may be to, which side it is on, and which offices have a single holder.

The codes are those of the protocol schema (councils.protocol.vocabulary); the words on screen come from each council's
own vocabulary, and only fall back to LABELS.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from django.utils.translation import gettext_lazy as _

from councils.protocol import vocabulary

Side = Literal["councillor", "officer"]

LABELS: Final[dict[str, Any]] = {
    "councillor": _("Councillor"),
    "chair_of_council": _("Chair of the council"),
    "vice_chair_of_council": _("Vice-chair of the council"),
    "committee_chair": _("Committee chair"),
    "leader": _("Leader"),
    "deputy_leader": _("Deputy Leader"),
    "cabinet_member": _("Cabinet member"),
    "group_leader": _("Group leader"),
    "ward_councillor": _("Ward councillor"),
    "hr_panel_member": _("Councillor for HR matters"),
    "officer": _("Officer"),
    "proper_officer": _("Clerk (Proper Officer)"),
    "deputy_proper_officer": _("Deputy Clerk"),
    "acting_proper_officer": _("Councillor acting as Proper Officer"),
    "appointed_officer": _("Officer appointed to receive criticism in private"),
    "chief_executive": _("Chief Executive"),
    "deputy_chief_executive": _("Deputy Chief Executive"),
    "strategic_director": _("Strategic Director"),
    "assistant_director": _("Assistant Director"),
    "monitoring_officer": _("Monitoring Officer"),
    "deputy_monitoring_officer": _("Deputy Monitoring Officer"),
    "political_assistant": _("Political assistant"),
    "senior_officer": _("Senior officer"),
    "protocol_admin": _("Protocol administrator"),
}

COUNCILLOR_ROLES: Final[tuple[str, ...]] = (vocabulary.SIDE_COUNCILLOR, *vocabulary.COUNCILLOR_ROLES)

# "line manager" is a relation between two officers (ReportingLine), never an appointment.
OFFICER_ROLES: Final[tuple[str, ...]] = (
    vocabulary.SIDE_OFFICER,
    *(role for role in vocabulary.OFFICER_ROLES if role != "line_manager"),
)

ADMIN_ROLE: Final = "protocol_admin"

ROLE_CODES: Final[tuple[str, ...]] = (*COUNCILLOR_ROLES, *OFFICER_ROLES, ADMIN_ROLE)

SINGLE_HOLDER: Final[tuple[str, ...]] = (
    "proper_officer",
    "deputy_proper_officer",
    "chair_of_council",
    "vice_chair_of_council",
    "chief_executive",
    "monitoring_officer",
    "leader",
)

# Most telling first: what a person is shown as when they hold several roles in one council.
PRECEDENCE: Final[tuple[str, ...]] = (
    "proper_officer",
    "chief_executive",
    "monitoring_officer",
    "chair_of_council",
    "leader",
    "deputy_chief_executive",
    "deputy_proper_officer",
    "deputy_monitoring_officer",
    "strategic_director",
    "vice_chair_of_council",
    "assistant_director",
    "acting_proper_officer",
    "deputy_leader",
    "cabinet_member",
    "committee_chair",
    "group_leader",
    "hr_panel_member",
    "senior_officer",
    "political_assistant",
    "appointed_officer",
    "ward_councillor",
    "councillor",
    "officer",
    "protocol_admin",
)


def side_of_role(role: str) -> Side | None:
    """Takes a role code; returns "councillor", "officer", or None for a role on neither side."""
    if role in COUNCILLOR_ROLES:
        return "councillor"
    if role in OFFICER_ROLES:
        return "officer"
    return None


def precedence(role: str) -> int:
    """Takes a role code; returns its rank, lower = more telling. Unknown roles rank last."""
    return PRECEDENCE.index(role) if role in PRECEDENCE else len(PRECEDENCE)
