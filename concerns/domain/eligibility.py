"""Whether one recipient token can be used in one case: the parties, conflicts, vacancies, stages and the law."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from councils.law import LawItem
from councils.protocol import SIDE_COUNCILLOR, SIDE_OFFICER, Protocol, Route, Step
from councils.protocol import vocabulary as v
from councils.protocol.shaping import words
from councils.protocol.words import _, gettext_noop

CONFLICTED = "conflicted"
VACANT = "vacant"
STAGE_OFF = "stage_off"
CHAIR_ALONE = "chair_alone"
NOT_OPEN = "not_open"
HIDDEN = "hidden"


@dataclass(slots=True)
class Case:
    """One question put to the engine, with what follows from the parties alone."""

    protocol: Protocol
    raiser: str
    subject: str
    stage: str
    topic: str | None
    conflicted: Collection[str]
    vacant: Collection[str]
    held: Collection[str]
    facts: Collection[str]
    filled: Collection[str]
    law: Sequence[LawItem] = ()
    code_route: LawItem | None = None  # the law's own route about a councillor's conduct, at this stage
    raiser_side: str = ""
    subject_side: str = ""
    members_stay_out: str = ""
    local_resolution_excludes: tuple[str, ...] = ()
    implied_conflicts: dict[str, str] = field(default_factory=dict)
    implied_vacancies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        protocol = self.protocol
        self.raiser_side = protocol.side(self.raiser)
        self.subject_side = protocol.side(self.subject)
        _implied(self)
        self.members_stay_out = _members_stay_out(self)
        if self.subject_side == SIDE_COUNCILLOR:
            for item in self.law:
                self.local_resolution_excludes += item.local_resolution_excludes
            self.code_route = next((item for item in self.law if item.adds(SIDE_COUNCILLOR, self.stage) == v.PROC_CODE), None)

    def law_rule(self, rule: str) -> LawItem | None:
        """The item of law in force that carries this rule."""
        return next((item for item in self.law if rule in item.rules), None)


def _implied(case: Case) -> None:
    """Conflicts and vacancies that follow from who the parties are, with the words that say so."""
    conflicts, vacancies, protocol = case.implied_conflicts, case.implied_vacancies, case.protocol
    subject, raiser = case.subject, case.raiser
    for deputy in protocol.deputies_of(subject):
        conflicts[f"role:{deputy}"] = "deputy_of_subject"
    if protocol.single_holder(subject) and f"role:{subject}" not in case.held:
        conflicts[f"role:{subject}"] = "subject"
    if protocol.single_holder(raiser) and f"role:{raiser}" not in case.held and f"role:{raiser}" not in conflicts:
        conflicts[f"role:{raiser}"] = "raiser"
    for who, role in (("subject", subject), ("raiser", raiser)):
        if role in v.HEADS_OF_STAFF:
            vacancies[f"rel:line_manager_of_{who}"] = "no_line_manager"
            vacancies[f"rel:director_of_{who}"] = "no_director"
        elif protocol.side(role) == SIDE_COUNCILLOR:
            vacancies[f"rel:line_manager_of_{who}"] = "councillor"
            vacancies[f"rel:director_of_{who}"] = "councillor"
        elif role == "strategic_director":
            conflicts[f"rel:director_of_{who}"] = who
    for token in case.held:
        vacancies.pop(token, None)
        if token.startswith("rel:"):
            conflicts.pop(token, None)


_REASONS = {
    "subject": gettext_noop("The concern is about them."),
    "raiser": gettext_noop("They raised the concern."),
    "deputy_of_subject": gettext_noop("They deputise for the person the concern is about."),
    "conflicted": gettext_noop("They have a conflict of interest."),
    "never": gettext_noop("The rule says this is never offered here."),
    "vacant": gettext_noop("Nobody is in post or available."),
    "no_line_manager": gettext_noop("This post has no line manager."),
    "no_director": gettext_noop("No director is responsible for this post."),
    "councillor": gettext_noop("Councillors have no line manager."),
    "stage": gettext_noop("The council has switched this stage off."),
    "employee_only": gettext_noop("Only an employee can start a grievance."),
    "officer_only": gettext_noop("The disciplinary procedure is for officers only."),
    "councillor_only": gettext_noop("The councillors' Code of Conduct does not apply to officers."),
    "report_councillor_only": gettext_noop("Only a matter about a councillor can be reported to the council."),
    "chair_alone": gettext_noop("The Chair should not deal with this alone."),
    "no_people": gettext_noop("Too few members without a conflict are left for a quorum."),
    "members_stay_out": gettext_noop("Councillors take no part in the discipline of this officer."),
    "no_rule": gettext_noop("No rule of this protocol covers it."),
}


def words_for(code: str) -> str:
    """The reason behind a code, in words a caseworker can read."""
    message = _REASONS.get(code)
    return _(message) if message else code


def procedure_refusal(case: Case, token: str, as_stage: str = "") -> tuple[str, str] | None:
    """Why a formal procedure is not open in this case: (kind, code), or None when it is open."""
    if token == v.PROC_GRIEVANCE and case.raiser_side != SIDE_OFFICER:
        return NOT_OPEN, "employee_only"
    if token == v.PROC_DISCIPLINARY and case.subject_side != SIDE_OFFICER:
        return NOT_OPEN, "officer_only"
    if token == v.PROC_CODE and case.subject_side != SIDE_COUNCILLOR:
        return NOT_OPEN, "councillor_only"
    reported = token == v.PROC_COUNCIL_REPORT or as_stage == "report_to_council"
    if reported and case.subject_side != SIDE_COUNCILLOR:
        return NOT_OPEN, "report_councillor_only"
    stage = "report_to_council" if reported else token.removeprefix("proc:") if token.startswith("proc:") else ""
    if stage and not case.protocol.stage_enabled(stage):
        if token == v.PROC_CODE and case.code_route is not None:
            return None
        known = case.protocol.stages.get(stage)
        if known is None and not reported:
            return None
        return STAGE_OFF, "stage"
    return None


def refusal(case: Case, rule: Route, token: str, as_stage: str = "") -> tuple[str, str] | None:
    """Why a token cannot be used in this case: (kind, code), or None when it can."""
    if token in rule.never:
        return CONFLICTED, "never"
    if token in case.conflicted:
        return CONFLICTED, "conflicted"
    code = case.implied_conflicts.get(token)
    if code is not None:
        return CONFLICTED, code
    if case.members_stay_out and _is_of_members(case.protocol, token) and token != case.members_stay_out:
        return NOT_OPEN, "members_stay_out"
    if token in case.vacant:
        return VACANT, "vacant"
    code = case.implied_vacancies.get(token)
    if code is not None:
        return VACANT, code
    if token.startswith("proc:") or as_stage:
        return procedure_refusal(case, token, as_stage)
    return None


def _is_of_members(protocol: Protocol, token: str) -> bool:
    kind, _colon, code = token.partition(":")
    return kind == "body" or (kind == "role" and protocol.side(code) == SIDE_COUNCILLOR)


def _members_stay_out(case: Case) -> str:
    """Where councillors are kept out of an officer's discipline: the one body excepted (or `nobody`); empty where not."""
    rule = case.protocol.conflict_rules.get("members_excluded_from_officer_discipline")
    if not isinstance(rule, Mapping) or rule.get("enabled") is False or case.subject_side != SIDE_OFFICER:
        return ""
    if case.stage not in ("deciding", "disciplinary"):
        return ""
    if any(case.protocol.is_a(case.subject, role) for role in words(rule.get("except_subjects"))):
        return ""
    return f"body:{rule.get('except_body') or 'none'}"


def applies(case: Case, step: Step) -> bool:
    """Does a step apply to these parties and this topic? Optional steps count only once somebody fills them."""
    if step.optional and step.token not in case.filled and step.token not in case.held:
        return False
    condition, protocol = step.condition, case.protocol
    if condition.is_empty:
        return True
    if condition.subject and not any(protocol.is_a(case.subject, kind) for kind in condition.subject):
        return False
    if condition.raiser and not any(protocol.is_a(case.raiser, kind) for kind in condition.raiser):
        return False
    if any(protocol.is_a(case.subject, kind) for kind in condition.subject_not):
        return False
    if any(protocol.is_a(case.raiser, kind) for kind in condition.raiser_not):
        return False
    return not condition.topics or case.topic in condition.topics


def is_intake(rule: Route, step: Step) -> bool:
    """Does this step only receive a report, without dealing with it?"""
    if step.act in v.INTAKE_ACTS:
        return True
    return rule.chair_intake_only and step.token in v.CHAIR_TOKENS
