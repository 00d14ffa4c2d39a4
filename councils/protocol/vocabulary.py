"""The fixed words of a protocol configuration: roles and their hierarchy, stages, topics, recipient tokens.

Everything a council may change lives in its own file; what is here is the same for every council.
"""

from collections.abc import Mapping
from types import MappingProxyType

SIDE_COUNCILLOR = "councillor"
SIDE_OFFICER = "officer"

COUNCILLOR_ROLES = (
    "chair_of_council",
    "vice_chair_of_council",
    "committee_chair",
    "leader",
    "deputy_leader",
    "cabinet_member",
    "group_leader",
    "ward_councillor",
    "hr_panel_member",
)
OFFICER_ROLES = (
    "proper_officer",
    "deputy_proper_officer",
    "acting_proper_officer",
    "chief_executive",
    "deputy_chief_executive",
    "strategic_director",
    "assistant_director",
    "monitoring_officer",
    "deputy_monitoring_officer",
    "political_assistant",
    "line_manager",
    "senior_officer",
    "appointed_officer",
)
PARENT_OF = MappingProxyType(
    {
        "councillor": "person",
        "officer": "person",
        **dict.fromkeys(COUNCILLOR_ROLES, "councillor"),
        **dict.fromkeys(OFFICER_ROLES, "officer"),
    }
)
ANYONE = frozenset({"any", "person", "anyone"})
CHAIR_TOKENS = frozenset({"role:chair_of_council", "role:vice_chair_of_council"})
HEADS_OF_STAFF = frozenset({"proper_officer", "acting_proper_officer", "chief_executive"})
# Held by one person at a time: naming the role names the person.
SINGLE_HOLDER_ROLES = frozenset(
    {
        "chair_of_council",
        "vice_chair_of_council",
        "leader",
        "deputy_leader",
        "proper_officer",
        "deputy_proper_officer",
        "acting_proper_officer",
        "chief_executive",
        "deputy_chief_executive",
        "monitoring_officer",
        "deputy_monitoring_officer",
    }
)
# Most senior first; used only to choose between several subjects of one concern.
SENIORITY = (
    "chief_executive",
    "proper_officer",
    "acting_proper_officer",
    "monitoring_officer",
    "strategic_director",
    "deputy_chief_executive",
    "deputy_proper_officer",
    "deputy_monitoring_officer",
    "assistant_director",
    "leader",
    "chair_of_council",
    "vice_chair_of_council",
)
# Words that describe a party or a body and are never a person's role in a route.
BODY_WORDS = frozenset(
    {
        "hr_panel",
        "appeal_panel",
        "full_council",
        "standards_committee",
        "standards_board",
        "public",
        "press",
    }
)
APPLICATION_ROLES = frozenset({"protocol_admin"})

# A kind that begins so is a principal authority: it has a Chief Executive and a Monitoring Officer of its own.
PRINCIPAL_KINDS = ("principal", "district", "county", "borough", "unitary", "metropolitan", "london")

STAGES = (
    "informal",
    "conciliation",
    "complaint",
    "deciding",
    "grievance",
    "disciplinary",
    "code_of_conduct",
    "report_to_council",
    "appeal",
)
# Stages at which a concern can begin.
ENTRY_STAGES = ("informal", "complaint")
# Choosing the formal route is a moment, not a process a council can switch off.
ALWAYS_ON_STAGES = frozenset({"deciding"})

TOPICS = (
    "conduct",
    "performance",
    "protocol_breach",
    "respect",
    "bullying",
    "undue_pressure",
    "direct_instruction",
    "impartiality",
    "political_neutrality",
    "discrimination",
    "breach_of_confidence",
    "public_criticism",
    "silent_copy",
    "personal_relationship",
    "improper_advantage",
    "responsiveness",
    "free_time",
    "resources",
    "access_refusal",
    "media",
    "employment",
    "whistleblowing",
)
MODES = ("any_of", "all_of", "sequence", "first_available")
BASES = ("stated", "inferred", "default", "statute")
STRENGTHS = ("must", "should", "may", "guide")
STATUSES = ("draft", "approved", "in_force", "superseded")
JURISDICTIONS = ("England", "Wales")
FACTS = ("code_breach_alleged", "formal_code_complaint", "raised_in_public", "serious", "minor")

REL_TOKENS = (
    "rel:line_manager_of_subject",
    "rel:line_manager_of_raiser",
    "rel:director_of_subject",
    "rel:director_of_raiser",
    "rel:director_holding_document",
)
PARTY_SUBJECT = "party:subject"
PROC_CODE = "proc:code_of_conduct"
PROC_GRIEVANCE = "proc:grievance"
PROC_DISCIPLINARY = "proc:disciplinary"
PROC_COUNCIL_REPORT = "proc:report_to_council"
PROC_TOKENS = (PROC_GRIEVANCE, PROC_DISCIPLINARY, PROC_CODE, PROC_COUNCIL_REPORT)
BODY_CODES = ("hr_panel", "full_council", "appeal_panel", "standards_committee")
EXTERNAL_CODES = ("principal_mo", "independent_person", "conciliator", "ombudsman", "police")
TOKEN_PREFIXES = ("role", "rel", "party", "body", "ext", "proc")
INTAKE_ACTS = frozenset({"report", "inform", "intake", "notify"})
DECIDER_WORDS = frozenset({"raiser", "handler"})


def ancestors(role: str, parents: Mapping[str, str] = PARENT_OF) -> tuple[str, ...]:
    """The role itself, then each kind it belongs to, ending in `person`."""
    chain = [role]
    while chain[-1] in parents and parents[chain[-1]] not in chain:
        chain.append(parents[chain[-1]])
    if chain[-1] != "person":
        chain.append("person")
    return tuple(chain)


def is_a(role: str, kind: str, parents: Mapping[str, str] = PARENT_OF) -> bool:
    """Is a holder of `role` also of that `kind` (a role, councillor, officer, person or any)?"""
    return kind in ANYONE or kind in ancestors(role, parents)


def depth(kind: str, parents: Mapping[str, str] = PARENT_OF) -> int:
    """How specific a kind is: 0 anyone, 1 councillor or officer, 2 and more a role."""
    return 0 if kind in ANYONE else len(ancestors(kind, parents)) - 1


def side(role: str, parents: Mapping[str, str] = PARENT_OF) -> str:
    """`councillor` or `officer`; empty for a role that is on neither side."""
    for kind in ancestors(role, parents):
        if kind in (SIDE_COUNCILLOR, SIDE_OFFICER):
            return kind
    return ""
