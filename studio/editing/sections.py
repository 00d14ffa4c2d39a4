"""The sections of a protocol, in the order a person goes through them, with every field that has a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from councils import wording
from councils.protocol import Protocol
from councils.protocol import vocabulary as v
from councils.protocol.shaping import as_date, text, words
from studio.editing import choices as c
from studio.editing.fields import LIST, MAP, SINGLE, Field, Section

CITES = Field("cites", "cites", lazy("Clauses it rests on"), lazy("Their numbers, with commas between them, such as “9.3, 7.4”."))
BASIS = Field("basis", "choice", lazy("Where it comes from"), choices=c.of(c.BASES))
STRENGTH = Field("strength", "choice", lazy("How strongly your protocol puts it"), choices=c.of(c.STRENGTHS))
NOTE = Field("note", "long", lazy("Note"), lazy("Shown beside it. No names of people."), most=600)
MORE_STRENGTH, MORE_NOTE = replace(STRENGTH, is_more=True), replace(NOTE, is_more=True)
HINT_RECIPIENTS = lazy("In this order. Leave the rest empty.")


def _named(key: str) -> Any:
    return lambda item, index, protocol: text(item.get(key)) or _("Not named yet")


def _rule_title(item: Mapping[str, Any], index: str, protocol: Protocol) -> str:
    raisers, subjects = (wording.party_label(words(item.get(key)) or ("any",), protocol) for key in ("raiser", "subject"))
    about = _("%(raiser)s about %(subject)s") % {"raiser": capfirst(raisers), "subject": subjects}
    stages = " / ".join(wording.stage_label(code) for code in words(item.get("stage")))
    return f"{text(item.get('id'))}: {about} – {stages}"


def _review_title(item: Mapping[str, Any], index: str, protocol: Protocol) -> str:
    kind = text(item.get("type"))
    if kind == "interval":
        return c.label_of(list(c.INTERVALS.items()), text(item.get("every"))) if item.get("every") else _("At an interval nobody has set")
    return c.label_of(list(c.REVIEW_EVENTS.items()), text(item.get("event"))) if kind == "event" else _day(item.get("date")) or _("On a date")


def _day(raw: Any) -> str:
    """A day in words; what is printed where it is none."""
    day = as_date(raw)
    return date_format(day, "j F Y") if day else text(raw)


def _deputy_title(item: Mapping[str, Any], index: str, protocol: Protocol) -> str:
    if not item.get("deputy"):
        return _("Nobody stands in for %s") % wording.role_label(text(item.get("principal")), protocol)
    deputy, principal = (wording.role_label(text(item.get(key)), protocol) for key in ("deputy", "principal"))
    return _("%(deputy)s stands in for %(principal)s") % {"deputy": deputy, "principal": principal}


def _step_title(item: Mapping[str, Any], index: str, protocol: Protocol) -> str:
    return capfirst(text(item.get("label")) or wording.token_label(text(item.get("to")), protocol))


def _id(*keys: str) -> Any:
    return lambda item, index: " ".join(text(item.get(key)) for key in keys).strip() or str(index)


RULE = (
    Field("id", "text", lazy("Name of the rule"), lazy("Short and your own, such as “R01”. Letters, figures, dots and hyphens."), required=True, most=40),
    Field("raiser", "many", lazy("Who raises it"), choices=c.roles, required=True),
    Field("subject", "many", lazy("Who it is about"), choices=c.roles, required=True),
    Field("stage", "many", lazy("At which stage"), choices=c.stages, required=True),
    Field("topics", "many", lazy("Only about these"), lazy("Leave all empty for a rule about everything."), choices=c.topics),
    Field("steps", "steps", lazy("Who hears it"), HINT_RECIPIENTS, choices=c.recipients, required=True, places=3),
    Field("mode", "choice", lazy("How they go together"), choices=c.of(c.MODES), required=True),
    Field("if_unavailable", "tokens", lazy("If one of them is away"), HINT_RECIPIENTS, choices=c.recipients),
    Field("if_conflicted", "tokens", lazy("If one of them is a party or has a conflict"), HINT_RECIPIENTS, choices=c.recipients),
    BASIS,
    CITES,
    Field("never", "tokens", lazy("Who never gets it"), choices=c.recipients, is_more=True),
    Field("never_why", "text", lazy("Why they never get it"), is_more=True),
    Field("then_if_unresolved", "tokens", lazy("If it is not settled, who is next"), choices=c.recipients, is_more=True),
    Field("decided_by", "tokens", lazy("Who chooses, where there is a choice"), choices=c.deciders, is_more=True),
    Field("skip_first_step_when", "many", lazy("The first step may be left out when it is about"), choices=c.facts_and_topics, is_more=True),
    Field("requires", "many", lazy("Asked for when it is sent"), choices=c.of(c.REQUIRES), is_more=True),
    Field("guard", "text", lazy("Only when"), lazy("In words: when this rule may be used at all."), is_more=True),
    Field("locks", "many", lazy("Closed once this rule is taken"), choices=c.stages, is_more=True),
    Field("redirect", "long", lazy("Not taken here: what the person is told instead"), lazy("Nothing is kept of a concern that is turned away."), most=600, is_more=True),
    MORE_STRENGTH,
    MORE_NOTE,
)
STEP_FIELDS = (
    Field("label", "text", lazy("What your protocol calls them here")),
    Field("preferred", "yes", lazy("Offered first")),
    Field("optional", "yes", lazy("Hidden until somebody holds the post")),
    Field("when_subject", "many", lazy("Only when it is about"), choices=c.roles),
    Field("unless_subject", "many", lazy("Not when it is about"), choices=c.roles),
    Field("when_raiser", "many", lazy("Only when it is raised by"), choices=c.roles, is_more=True),
    Field("unless_raiser", "many", lazy("Not when it is raised by"), choices=c.roles, is_more=True),
    Field("when", "text", lazy("When, in your protocol’s words"), lazy("Shown to people; the portal does not act on it."), most=300),
    Field("when_level", "choice", lazy("Only for matters that are"), choices=c.of(c.LEVELS), is_more=True),
    Field("decided_by", "tokens", lazy("Who decides that it goes here"), choices=c.deciders, is_more=True),
    BASIS,
    CITES,
    NOTE,
)
STEP = Section("step", lazy("A recipient"), "", "", LIST, STEP_FIELDS, _step_title)
TARGETS = (
    ("acknowledge_after_working_days", lazy("Acknowledge a concern")),
    ("find_handler_after_working_days", lazy("Find somebody to handle it")),
    ("informal_review_after_working_days", lazy("Look at informal steps again")),
    ("conciliation_review_after_working_days", lazy("Look at conciliation again")),
    ("choose_route_after_working_days", lazy("Choose the formal route")),
    ("grievance_meeting_within_working_days", lazy("Hold the grievance meeting")),
    ("hearing_notice_working_days", lazy("Notice of a hearing")),
    ("companion_postponement_working_days", lazy("Postpone for a companion, at most")),
    ("decision_after_hearing_working_days", lazy("Decide after the hearing")),
    ("appeal_window_working_days", lazy("Time to appeal")),
    ("mo_acknowledgement_chase_after_working_days", lazy("Ask the Monitoring Officer whether it arrived")),
    ("mo_assessment_chase_after_working_days", lazy("Ask the Monitoring Officer for the assessment")),
    ("papers_request_after_working_days", lazy("Answer a request for papers")),
    ("interpretation_after_working_days", lazy("Answer a question about the protocol")),
)


def _wrap_stage(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {} if raw is None else {"enabled": raw}


def _plain_again(item: Mapping[str, Any], raw: Any) -> Any:
    """What was a single word stays one while nothing is beside it."""
    return raw if not isinstance(raw, Mapping) and dict(item) == dict(_wrap_stage(raw)) else dict(item)


def _wrap_cites(raw: Any) -> Mapping[str, Any]:
    return {"cites": raw or []}


def _unwrap_cites(item: Mapping[str, Any], raw: Any) -> Any:
    return item.get("cites", [])


def _wrap_word(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {"label": raw} if raw else {}


SECTIONS = (
    Section(
        "title",
        lazy("Title and standing"),
        lazy("What the protocol is called, where it applies, and where a concern begins."),
        "",
        SINGLE,
        (
            Field("protocol.title", "text", lazy("Title"), required=True),
            Field("protocol.version", "text", lazy("Version"), lazy("As you number it: “4”, or “2026”."), most=40),
            Field("jurisdiction", "choice", lazy("Where the council is"), choices=c.of(c.JURISDICTIONS), required=True),
            Field("principal_authority.name_in_document", "text", lazy("The principal council, as your protocol calls it"),
                  lazy("Its Monitoring Officer deals with the Code of Conduct. Leave empty for a principal council.")),
            Field("protocol.review.body", "text", lazy("Who reviews the protocol")),
            Field("first_stage", "choice", lazy("Where a new concern begins"), choices=c.of(c.FIRST_STAGES)),
            Field("code_of_conduct_name", "text", lazy("What your Code of Conduct is called")),
        ),
        lambda item, key, protocol: _("Title and standing"),
    ),
    Section(
        "clauses", lazy("Clauses"), lazy("Each clause with its number, its heading and what it says in short. Rules are tied to these."), "clauses", LIST,
        (
            Field("number", "text", lazy("Number"), lazy("As printed. If your document has none, give it one."), required=True, most=40),
            Field("display", "text", lazy("How it is shown, if not by its number"), most=80),
            Field("heading", "text", lazy("Heading"), required=True),
            Field("gist", "long", lazy("What it says, in short"), most=300),
            Field("deleted", "yes", lazy("Deleted: the number is kept so that later ones still match")),
        ),
        lambda item, key, protocol: f"{text(item.get('display')) or text(item.get('number'))} {text(item.get('heading'))}".strip() or _("Not named yet"),
        _id("number"), lazy("a clause"), is_ordered=True,
    ),
    Section(
        "words", lazy("Your words"), lazy("What your council calls each post and body. People see these words everywhere."), "vocabulary", MAP,
        (
            Field("label", "text", lazy("Your word for it"), lazy("Leave empty if your council has no such post or body.")),
            Field("plural", "text", lazy("More than one of them")),
            BASIS,
            CITES,
        ),
        lambda item, key, protocol: c.label_of(c.words_for(protocol), key), codes=c.words_for, wrap=_wrap_word, unwrap=_plain_again,
    ),
    Section(
        "topics", lazy("What concerns are about"), lazy("Which clauses each topic rests on. They are shown to whoever raises it."), "topics", MAP,
        (CITES,), lambda item, key, protocol: wording.topic_label(key), codes=c.topics, wrap=_wrap_cites, unwrap=_unwrap_cites,
    ),
    Section(
        "stages", lazy("Stages"), lazy("Which stages your protocol has."), "stages_enabled", MAP,
        (
            Field("enabled", "truth", lazy("Does your protocol have this stage?"), choices=c.of(c.ENABLED), required=True),
            Field("may_be_skipped", "truth", lazy("May somebody go straight to the formal routes, with a reason?"),
                  lazy("Only for the first step in private."), choices=c.of({key: c.ENABLED[key] for key in ("true", "false")})),
            Field("limit_when_subject_is_councillor", "yes", lazy("About a councillor it leads to informal steps and support only")),
            Field("why", "text", lazy("Why"), most=300),
            BASIS,
            CITES,
        ),
        lambda item, key, protocol: wording.stage_label(key), codes=c.switched, wrap=_wrap_stage, unwrap=_plain_again,
    ),
    Section(
        "rules", lazy("Rules: who hears what"), lazy("The most specific rule counts: first one for the topic, then the narrower post."), "routes", LIST,
        RULE, _rule_title, _id("id"), lazy("a rule"), is_ordered=True,
    ),
    Section(
        "nobody", lazy("When nobody is left"), lazy("Who finds somebody to handle a concern when a rule has run out, and who answers questions."), "", SINGLE,
        (
            Field("exception_route.to", "tokens", lazy("Who finds somebody to handle it"), HINT_RECIPIENTS, choices=c.recipients, required=True, places=5),
            Field("exception_route.basis", "choice", lazy("Where it comes from"), choices=c.of(c.BASES)),
            Field("exception_route.cites", "cites", lazy("Clauses it rests on")),
            Field("interpretation.to", "token", lazy("Who answers what the protocol means"), choices=c.recipients),
            Field("interpretation.cites", "cites", lazy("Clauses: who answers")),
            Field("proceedings.grievance.body", "token", lazy("Who hears a grievance"), choices=c.bodies),
            Field("proceedings.grievance.appeal_body", "token", lazy("Who hears an appeal"), choices=c.bodies),
            Field("proceedings.grievance.cites", "cites", lazy("Clauses: grievances")),
        ),
        lambda item, key, protocol: _("When nobody is left"),
    ),
    Section(
        "deputies", lazy("Deputies"), lazy("Who stands in for whom."), "deputies", LIST,
        (
            Field("principal", "role", lazy("Whose place"), choices=c.roles, required=True),
            Field("deputy", "role", lazy("Who stands in"), lazy("Leave empty to say that nobody does."), choices=c.roles),
            BASIS,
            CITES,
        ),
        _deputy_title, _id("principal", "deputy"), lazy("a deputy"),
    ),
    Section(
        "panels", lazy("Panels and bodies"), lazy("The bodies that hear grievances and appeals, and how many make them able to act."), "bodies", LIST,
        (
            Field("code", "choice", lazy("What it does"), choices=lambda p: [(key.removeprefix("body:"), label) for key, label in c.bodies(p)], required=True),
            Field("label", "text", lazy("What your council calls it"), required=True),
            Field("quorum", "number", lazy("Quorum"), required=True),
            Field("minimum_members", "number", lazy("Fewest members that may hear a matter"), required=True),
            Field("delegated.minute_ref", "text", lazy("Minute by which the council set it up"), lazy("Until one is entered, the check reminds you.")),
            Field("smaller_only_with_reason", "yes", lazy("Fewer only with a recorded reason")),
            Field("chair_alone", "choice", lazy("The Chair on their own"), choices=c.of(c.CHAIR_ALONE)),
            Field("none_in_common_with", "choice", lazy("Nobody in common with"),
                  choices=lambda p: [(key.removeprefix("body:"), label) for key, label in c.bodies(p)]),
            BASIS,
            CITES,
            NOTE,
        ),
        _named("label"), _id("code"), lazy("a body"),
    ),
    Section(
        "outside", lazy("Outside the council"), lazy("The Monitoring Officer, an independent person, a conciliator."), "external_bodies", LIST,
        (
            Field("code", "choice", lazy("What it is"), choices=lambda p: [(key.removeprefix("ext:"), label) for key, label in c.outside(p)], required=True),
            Field("label", "text", lazy("What your protocol calls it"), required=True),
            Field("of", "text", lazy("Of which council")),
            Field("confirm_yearly", "yes", lazy("Confirm the contact every year")),
            BASIS,
            CITES,
        ),
        _named("label"), _id("code"), lazy("somebody outside"),
    ),
    Section(
        "mediators", lazy("Mediators"), lazy("Who may be asked to conciliate."), "mediators", LIST,
        (
            Field("who", "token", lazy("Who"), choices=c.recipients, required=True),
            Field("label", "text", lazy("What your protocol calls them")),
            BASIS,
            CITES,
        ),
        lambda item, key, protocol: capfirst(text(item.get("label")) or wording.token_label(text(item.get("who")), protocol)), _id("who"), lazy("a mediator"),
    ),
    Section(
        "private", lazy("Privacy and copies"), lazy("What your protocol says about confidence, copies and markings, and what the portal does about it."),
        "confidentiality", LIST,
        (
            Field("id", "text", lazy("Name of the rule"), required=True, most=40),
            Field("rule", "long", lazy("What it says, in short"), required=True, most=500),
            STRENGTH,
            Field("software", "choice", lazy("What the portal does"), choices=c.of(c.SOFTWARE), required=True),
            Field("exceptions", "many", lazy("Exceptions about copies"), choices=c.of(c.COPIES)),
            Field("disclosure_line", "text", lazy("The line that says who got a copy"), lazy("“{name}” is replaced by the name."), most=120),
            CITES,
        ),
        lambda item, key, protocol: f"{text(item.get('id'))}: {text(item.get('rule'))}", _id("id"), lazy("a rule about privacy"),
    ),
    Section(
        "told", lazy("Who is told, and who is kept out"), lazy("When the other person is told, and whom a connection keeps out."), "", SINGLE,
        (
            Field("visibility.subject_is_told.code", "choice", lazy("When the other person is told"), choices=c.of(c.TOLD)),
            Field("visibility.subject_is_told.always_before", "choice", lazy("In any case"), choices=c.of(c.BEFORE)),
            Field("visibility.subject_is_told.basis", "choice", lazy("Where that comes from"), choices=c.of(c.BASES)),
            Field("visibility.subject_is_told.cites", "cites", lazy("Clauses it rests on")),
            Field("conflict_rules.chair_alone_on_hr.value", "choice", lazy("The Chair alone on staff matters"), choices=c.of(c.CHAIR_ALONE)),
            Field("conflict_rules.chair_alone_on_hr.cites", "cites", lazy("Clauses: the Chair alone")),
            Field("conflict_rules.disclosed_relationship_excludes.value", "choice", lazy("A disclosed relationship"), choices=c.of(c.RELATIONSHIP)),
            Field("conflict_rules.disclosed_relationship_excludes.cites", "cites", lazy("Clauses: relationships")),
        ),
        lambda item, key, protocol: _("Who is told, and who is kept out"),
    ),
    Section(
        "times", lazy("Days"), lazy("How many working days each thing may take. Where your protocol has no number, these are the council’s own."), "targets", SINGLE,
        (
            *(Field(name, "number", label) for name, label in TARGETS),
            Field("stale_after_days_without_event", "number", lazy("Say that nothing has happened (days)")),
            *(Field(f"{name}_cites", "cites", format_lazy("{}: {}", lazy("Clauses"), label), is_more=True) for name, label in TARGETS),
        ),
        lambda item, key, protocol: _("Days"),
    ),
    Section(
        "promptness", lazy("Words about time"), lazy("What your protocol itself says about time, in its words: “timely”, “prompt”."), "timeliness", LIST,
        (
            Field("who", "text", lazy("Who"), required=True),
            Field("to", "text", lazy("To what")),
            Field("words", "text", lazy("In which words"), required=True),
            CITES,
        ),
        lambda item, key, protocol: f"{text(item.get('who'))}: {text(item.get('words'))}", _id("who", "to"), lazy("words about time"),
    ),
    Section(
        "reviews", lazy("Review"), lazy("When the protocol is looked at again. Each date or event is kept; the earliest date counts."), "protocol.review.rules",
        LIST,
        (
            Field("id", "text", lazy("Name of the rule"), required=True, most=40),
            Field("type", "choice", lazy("When"), choices=c.of(c.REVIEW_TYPES), required=True),
            Field("every", "choice", lazy("How often, if every so many years"), choices=c.of(c.INTERVALS)),
            Field("date", "date", lazy("Which day, if on a date")),
            Field("event", "choice", lazy("What happens, if it is an event"), choices=c.of(c.REVIEW_EVENTS)),
            BASIS,
            CITES,
            NOTE,
        ),
        _review_title, _id("id"), lazy("a review rule"),
    ),
    Section(
        "record", lazy("Amendments before"), lazy("The versions your document lists of itself. What is approved here is added by the portal."),
        "protocol.amendment_record", LIST,
        (
            Field("version", "text", lazy("Version"), most=80),
            Field("event", "text", lazy("What happened"), lazy("“Adopted”, “approved”, “amended”."), required=True),
            Field("by", "text", lazy("By which body")),
            Field("date", "date", lazy("On which day")),
            Field("minute_ref", "text", lazy("Minute")),
            Field("what", "long", lazy("What was changed"), most=600),
        ),
        lambda item, key, protocol: " – ".join(filter(None, (text(item.get("version")), text(item.get("event")), _day(item.get("date"))))) or _("Not named yet"),
        _id("version", "date", "on"), lazy("a line"),
    ),
)  # fmt: skip
BY_CODE = {section.code: section for section in SECTIONS}
ALWAYS_ON = v.ALWAYS_ON_STAGES
