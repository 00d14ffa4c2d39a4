"""From a protocol and the parties to recipient tokens: pick the most specific rule, then take out who cannot act."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from concerns.domain import eligibility
from concerns.domain.eligibility import CONFLICTED, VACANT, Case, applies, is_intake, refusal, words_for
from concerns.domain.resolution import Blocked, Recipient, Resolution
from councils import law as law_layer
from councils.law import LawItem
from councils.protocol import SIDE_COUNCILLOR, SIDE_OFFICER, Protocol, Route, Step, route_tokens
from councils.protocol import vocabulary as v
from councils.protocol.matching import matching_rule
from councils.protocol.words import _

REDIRECTED_TOPICS = ("employment", "whistleblowing")
_NOTHING: frozenset[str] = frozenset()


def resolve(
    protocol: Protocol,
    *,
    raiser: str,
    subject: str,
    stage: str,
    topic: str | None = None,
    conflicted: Collection[str] = _NOTHING,
    vacant: Collection[str] = _NOTHING,
    facts: Collection[str] = _NOTHING,
    filled: Collection[str] = _NOTHING,
    held: Collection[str] = _NOTHING,
    law: Iterable[LawItem] = (),
    on: date | None = None,
) -> Resolution:
    """Which recipient tokens hear a concern of this raiser about this subject at this stage.

    `conflicted` and `vacant` are tokens to leave out, on top of what follows from the parties' own roles; `filled` are
    optional recipients somebody has been named for; `held` are tokens known to have an unconflicted holder today. `law`
    is what is in force (`Law.in_force`); with `on`, items not in force that day are left out. Nobody left: needs_handler.
    """
    items = tuple(law)
    if on is not None:
        items = tuple(item for item in items if item.is_in_force(protocol.jurisdiction, on))
    case = Case(protocol, raiser, subject, stage, topic, conflicted, vacant, held, facts, filled, items)
    rule, ties = matching_rule(protocol, raiser=raiser, subject=subject, stage=stage, topic=topic)
    redirected = _redirected_topic(case, rule)
    if redirected is not None:
        return redirected
    if rule is None:
        return _without_rule(case)
    warnings: list[str] = []
    if ties:
        warnings.append(
            _("The rules {rules} fit equally well; the first written is used. Ask the council to settle which applies.").format(
                rules=", ".join((rule.id, *ties))
            )
        )
    if not protocol.stage_enabled(stage):
        blocked = Blocked(f"stage:{stage}", words_for("stage"), "stage")
        return _answer(case, rule, (), False, warnings, [blocked])
    return _apply(case, rule, warnings)


def _apply(case: Case, rule: Route, warnings: list[str]) -> Resolution:
    blocked: list[Blocked] = []
    steps = [step for step in rule.steps if applies(case, step)]
    skips = rule.skip_first_step_when
    if skips and len(steps) > 1 and (case.topic in skips or not skips.isdisjoint(case.facts)):
        steps = steps[1:]
    for fact, extra in rule.also_when.items():
        if fact in case.facts or fact == case.topic:
            steps += [Step(token=token) for token in extra if all(step.token != token for step in steps)]
    if rule.mode in ("all_of", "sequence"):
        to, used = _each(case, rule, steps, warnings, blocked)
    else:
        to, used = _choice(case, rule, steps, warnings, blocked)
    for token in rule.never:
        _block(blocked, token, "never")
    by_law = _add_code_route(case, rule, to, warnings)
    _say_limits(case, to, warnings)
    return _answer(case, rule, tuple(to), used, warnings, blocked, by_law=by_law)


def _each(case: Case, rule: Route, steps: Sequence[Step], warnings: list[str], blocked: list[Blocked]) -> tuple[list[Recipient], bool]:
    """all_of and sequence: every recipient is needed; one who is missing is replaced in place, never just dropped."""
    to: list[Recipient] = []
    used = False
    refusals = [refusal(case, rule, step.token, step.as_stage) for step in steps]
    good = {step.token for step, why in zip(steps, refusals, strict=True) if why is None}

    def stand_in(step: Step, cause: str, place: int) -> bool:
        taken = good | {other.token for other in to}
        intake = is_intake(rule, step)
        substitute = _substitute(case, rule, step, cause, taken, intake, blocked)
        if substitute is None:
            warnings.append(
                _("{who} should have a part in this and nobody can take their place.").format(who=case.protocol.label(step.token))
            )
            return False
        to.insert(place, _recipient(rule, step, intake, token=substitute))
        return True

    for step, why in zip(steps, refusals, strict=True):
        if why is None:
            if all(other.token != step.token for other in to):
                to.append(_recipient(rule, step, is_intake(rule, step)))
            continue
        _block(blocked, step.token, why[1])
        if why[0] in (CONFLICTED, VACANT):
            used = stand_in(step, why[0], len(to)) or used
    for lonely in _chairs_alone(case, rule, to):
        place = to.index(lonely)
        to.remove(lonely)
        _block(blocked, lonely.token, "chair_alone")
        used = stand_in(Step(token=lonely.token), eligibility.CHAIR_ALONE, place) or used
    return to, used


def _chairs_alone(case: Case, rule: Route, to: Sequence[Recipient]) -> list[Recipient]:
    """Chairs who would be the only ones to deal with it, where the council forbids that."""
    if case.protocol.chair_alone != "forbidden":
        return []
    handlers = [r for r in to if not r.intake_only and r.token != v.PARTY_SUBJECT]
    if any(r.token not in v.CHAIR_TOKENS for r in handlers):
        return []
    if rule.mode == "sequence":  # a chair with a step still to follow only receives the report
        handlers = [r for r in handlers if r is to[-1]]
    return handlers


def _choice(case: Case, rule: Route, steps: Sequence[Step], warnings: list[str], blocked: list[Blocked]) -> tuple[list[Recipient], bool]:
    """any_of and first_available: those who are left, in order; the fallbacks only when nobody is."""
    to: list[Recipient] = []
    forbidden = case.protocol.chair_alone == "forbidden"
    missing: list[tuple[Step, str]] = []
    for step in steps:
        why = refusal(case, rule, step.token, step.as_stage)
        intake = is_intake(rule, step)
        if why is None and forbidden and step.token in v.CHAIR_TOKENS and not intake:
            why = (eligibility.CHAIR_ALONE, "chair_alone")
        if why is None:
            if all(other.token != step.token for other in to):
                to.append(_recipient(rule, step, intake))
        else:
            _block(blocked, step.token, why[1])
            missing.append((step, why[0]))
    if to:
        return to, False
    tried: set[str] = set()
    for step, cause in missing:
        for token in _fallbacks(case, rule, step, cause):
            if token not in tried and token not in {other.token for other in steps}:
                tried.add(token)
                if _fallback_refused(case, rule, token, intake=False, blocked=blocked) is None:
                    to.append(_recipient(rule, step, False, token=token))
    return to, bool(to)


def _fallbacks(case: Case, rule: Route, step: Step, cause: str) -> tuple[str, ...]:
    """Who stands in, in order. An absence brings in the deputies; a conflict never does."""
    if cause in (CONFLICTED, eligibility.CHAIR_ALONE):
        return rule.if_conflicted
    if cause != VACANT:
        return ()
    deputies: tuple[str, ...] = ()
    if rule.if_unavailable != () and step.token.startswith("role:"):
        role = step.token.removeprefix("role:")
        deputies = tuple(f"role:{deputy}" for deputy in case.protocol.deputies_of(role))
    return tuple(dict.fromkeys((*(rule.if_unavailable or ()), *deputies, *rule.if_conflicted)))


def _fallback_refused(case: Case, rule: Route, token: str, *, intake: bool, blocked: list[Blocked]) -> str | None:
    why = refusal(case, rule, token)
    if why is None and token in v.CHAIR_TOKENS and not intake and case.protocol.chair_alone == "forbidden":
        why = (eligibility.CHAIR_ALONE, "chair_alone")
    if why is None:
        return None
    _block(blocked, token, why[1])
    return why[1]


def _substitute(
    case: Case, rule: Route, step: Step, cause: str, taken: Collection[str], intake: bool, blocked: list[Blocked]
) -> str | None:
    for token in _fallbacks(case, rule, step, cause):
        if token not in taken and _fallback_refused(case, rule, token, intake=intake, blocked=blocked) is None:
            return token
    return None


def _recipient(rule: Route, step: Step, intake: bool, *, token: str = "") -> Recipient:
    chosen = token or step.token
    return Recipient(
        token=chosen,
        act=step.act,
        intake_only=intake,
        preferred=step.preferred and not token,
        limit=step.limit,
        note="" if token else step.note,
        cites=step.cites or rule.cites,
        basis=step.basis or rule.basis,
        label="" if token else step.label,
        legal=step.legal,
        as_stage=step.as_stage,
        when=step.when,
        instead_of=step.token if token else "",
        decided_by=step.decided_by,
    )


def _block(blocked: list[Blocked], token: str, code: str) -> None:
    if all(item.token != token for item in blocked):
        blocked.append(Blocked(token, words_for(code), code))


def _code_recipient(item: LawItem) -> Recipient:
    return Recipient(token=v.PROC_CODE, basis="statute", legal=item.id, note=item.effect)


def _add_code_route(case: Case, rule: Route, to: list[Recipient], warnings: list[str]) -> tuple[Recipient, ...]:
    """The law's own route about a councillor's conduct, where the protocol leaves it out."""
    item = case.code_route
    if item is None or case.stage != "deciding":
        return ()
    if v.PROC_CODE in rule.then or any(other.token == v.PROC_CODE for other in to) or v.PROC_CODE in case.conflicted:
        return ()
    recipient = _code_recipient(item)
    words = _("A complaint under the Code of Conduct is open by law, although this protocol does not name it ({law}).")
    if any(v.PROC_CODE in route_tokens(other) for other in case.protocol.routes):
        words = _("A complaint under the Code of Conduct is open beside this rule ({law}).")
    warnings.append(words.format(law=item.id))
    if rule.mode in ("any_of", "first_available") or all(other.token.startswith("proc:") for other in to):
        to.append(recipient)
        return ()
    return (recipient,)


def _say_limits(case: Case, to: Sequence[Recipient], warnings: list[str]) -> None:
    """What the person must know before they choose: the law's limit, a Chair on their own, only a private talk left."""
    if case.subject_side == SIDE_COUNCILLOR:
        limited = [r for r in to if r.token in (v.PROC_GRIEVANCE, v.PROC_COUNCIL_REPORT) or r.as_stage == "report_to_council"]
        item = case.law_rule(law_layer.NO_FINDING_ABOUT_COUNCILLOR)
        if limited and item is not None:
            warnings.append(f"{item.effect} ({item.id})")
        elif any(recipient.limit for recipient in limited):
            warnings.append(
                _("A council cannot make a finding about a councillor's conduct or punish it this way. It can support the officer.")
            )
    if case.protocol.chair_alone == "warn":
        chairs = [r for r in to if r.token in v.CHAIR_TOKENS and not r.intake_only]
        if chairs:
            warnings.append(
                _("{who} should not deal with this alone; involve another councillor with responsibility for staff matters.").format(
                    who=case.protocol.label(chairs[0].token)
                )
            )
    if to and all(recipient.token == v.PARTY_SUBJECT for recipient in to):
        warnings.append(_("Only a private conversation is open at this step; nobody is available to handle it."))
    if case.raiser in case.local_resolution_excludes and case.stage in ("informal", "conciliation"):
        warnings.append(
            _("The law leaves this role's own complaints about councillors out of local resolution: use the Code of Conduct route.")
        )
    if case.topic == "whistleblowing":
        warnings.append(_("If this is wrongdoing in the public interest, the law gives other, protected ways to report it."))


def _not_member_officer(case: Case) -> bool:
    return case.raiser_side == case.subject_side != ""


def _redirected_topic(case: Case, rule: Route | None) -> Resolution | None:
    """An employee's own terms, or a protected disclosure, is no member-officer concern unless a rule takes it."""
    if case.topic not in REDIRECTED_TOPICS or case.raiser_side != SIDE_OFFICER or case.stage not in v.ENTRY_STAGES:
        return None
    if rule is not None and (rule.redirect or case.topic in rule.topics or case.topic in rule.skip_first_step_when):
        return None
    cites = case.protocol.topics.get(case.topic, ())
    if case.topic == "employment":
        words = _("Your own employment is not for this procedure. Use your council's grievance procedure or staff handbook.")
    else:
        words = _("Wrongdoing in the public interest has its own protected channel. Use your council's whistleblowing procedure.")
    return Resolution(
        rule=None, mode="any_of", cites=cites, basis="stated" if cites else "statute", redirect=words,
        settings=case.protocol.settings,
    )  # fmt: skip


def _without_rule(case: Case) -> Resolution:
    """No rule fits: the law's own route where there is one, otherwise somebody must find a handler."""
    item = case.code_route
    if case.stage == "deciding" and item is not None and v.PROC_CODE not in case.conflicted:
        return Resolution(
            rule=item.id, mode="any_of", to=(_code_recipient(item),), basis="statute", strength="must",
            warnings=(_("By law, not in this protocol: {effect}").format(effect=item.effect),), decided_by=("raiser",),
        )  # fmt: skip
    blocked = [Blocked("rule:none", words_for("no_rule"), "no_rule")]
    if not case.protocol.stage_enabled(case.stage):
        blocked.insert(0, Blocked(f"stage:{case.stage}", words_for("stage"), "stage"))
    redirect = None
    if _not_member_officer(case):
        redirect = _("This protocol is for concerns between councillors and officers. Another procedure covers this one.")
    return Resolution(
        rule=None, mode="any_of", blocked=tuple(blocked), needs_handler=True, redirect=redirect,
        exception_route=_exception_route(case, None),
    )  # fmt: skip


def _exception_route(case: Case, rule: Route | None) -> tuple[str, ...]:
    """Those of the council's exception route who can still be asked to find a handler."""
    never = rule if rule is not None else _NO_RULE
    return tuple(token for token in case.protocol.exception_route.to if refusal(case, never, token) is None)


_NO_RULE = Route(id="", raisers=("any",), subjects=("person",), stages=(), mode="any_of", steps=())


def _answer(
    case: Case,
    rule: Route,
    to: tuple[Recipient, ...],
    used: bool,
    warnings: Sequence[str],
    blocked: Sequence[Blocked],
    *,
    by_law: tuple[Recipient, ...] = (),
) -> Resolution:
    needs_handler = not to and not by_law
    then_if_unresolved = rule.then_if_unresolved
    if to and all(recipient.token == v.PARTY_SUBJECT for recipient in to):
        then_if_unresolved += tuple(token for token in rule.if_conflicted if token not in then_if_unresolved)
    if then_if_unresolved:
        then_if_unresolved = tuple(token for token in then_if_unresolved if refusal(case, rule, token) is None)
    named = (*rule.decided_by, *(token for recipient in to for token in recipient.decided_by))
    if named:
        able = {token for token in named if token in v.DECIDER_WORDS or refusal(case, rule, token) is None}
        to = tuple(
            replace(recipient, decided_by=tuple(token for token in recipient.decided_by if token in able))
            if recipient.decided_by
            else recipient
            for recipient in to
        )
        if not able:
            warnings = [*warnings, _("None of those who should decide can; somebody else must be found to decide.")]
    decided_by = rule.decided_by or named
    decided_by = tuple(dict.fromkeys(token for token in decided_by if token in able)) if named else ()
    return Resolution(
        rule=rule.id,
        mode=rule.mode,
        to=to,
        fallback_used=used,
        cites=rule.cites,
        basis=rule.basis,
        strength=rule.strength,
        warnings=tuple(warnings),
        blocked=tuple(blocked),
        needs_handler=needs_handler,
        redirect=rule.redirect or None,
        requires=rule.requires,
        decided_by=decided_by,
        then_if_unresolved=then_if_unresolved,
        then=rule.then,
        guard=rule.guard,
        kind=rule.kind,
        joint_duty=rule.joint_duty,
        may_become=rule.may_become,
        note=rule.note,
        locks=rule.locks,
        exclude_viewers=rule.exclude_viewers,
        exception_route=_exception_route(case, rule) if needs_handler else (),
        by_law=by_law,
        settings=rule.settings,
    )
