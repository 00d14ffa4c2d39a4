"""What the rules of a configuration say about each other: words nobody knows, ties, circles, rules that lead nowhere."""

import difflib
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from councils.protocol import vocabulary as v
from councils.protocol.findings import Findings
from councils.protocol.matching import candidates, roles_that_matter
from councils.protocol.model import Protocol, Route
from councils.protocol.parsing import route_tokens
from councils.protocol.shaping import listed, mapping, text, tokens, words
from councils.protocol.words import _

_TOKEN_KEYS = ("if_unavailable", "if_conflicted", "never", "then_if_unresolved", "then")


def suggest(wrong: str, right: Iterable[str]) -> str:
    """“Did you mean …?”, or the words there are."""
    choices = sorted(set(right))
    close = difflib.get_close_matches(wrong, choices, n=1, cutoff=0.7)
    if close:
        return _("Did you mean “{word}”?").format(word=close[0])
    return _("Use one of: {words}.").format(words=", ".join(choices))


def check(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """Add everything wrong with the rules and deputies to the findings."""
    seen: dict[str, int] = {}
    ids = {text(mapping(route).get("id")) for route in listed(data.get("routes"))}
    for index, route in enumerate(listed(data.get("routes"))):
        if not isinstance(route, Mapping):
            continue
        place = f"routes[{index}]"
        rule_id = text(route.get("id"))
        if not rule_id:
            findings.error("missing", f"{place}.id", _("The rule has no id."), _("Give every rule an id of its own."))
        elif rule_id in seen:
            findings.error(
                "duplicate_rule",
                f"{place}.id",
                _("The id {id} is already used by routes[{first}].").format(id=rule_id, first=seen[rule_id]),
                _("Give every rule an id of its own."),
            )
        seen.setdefault(rule_id, index)
        _check_words(protocol, route, place, findings)
        _check_tokens(protocol, data, route, place, findings)
        may_become = text(route.get("may_become"))
        if may_become and may_become not in ids:
            findings.error(
                "unknown_rule", f"{place}.may_become", _("There is no rule {id}.").format(id=may_become), suggest(may_become, ids)
            )
    rules = [route for route in listed(data.get("routes")) if isinstance(route, Mapping)]
    for index, rule in enumerate(protocol.routes):
        _check_rule(protocol, rule, rules[index], f"routes[{listed(data.get('routes')).index(rules[index])}]", findings)
    _check_ties(protocol, findings)
    _check_deputies(protocol, data, findings)


def _check_words(protocol: Protocol, route: Mapping[str, Any], place: str, findings: Findings) -> None:
    kinds = {*protocol.roles, *v.ANYONE}
    topics = {*v.TOPICS, *protocol.topics}
    for key, known, code, message in (
        ("raiser", kinds, "unknown_role", _("There is no role “{word}”.")),
        ("subject", kinds, "unknown_role", _("There is no role “{word}”.")),
        ("stage", set(v.STAGES) | set(protocol.stages), "unknown_stage", _("There is no stage “{word}”.")),
        ("topics", topics, "unknown_topic", _("There is no topic “{word}”.")),
        ("topic", topics, "unknown_topic", _("There is no topic “{word}”.")),
        ("skip_first_step_when", topics | set(v.FACTS), "unknown_topic", _("There is no topic “{word}”.")),
        ("mode", set(v.MODES), "unknown_mode", _("There is no mode “{word}”.")),
        ("basis", set(v.BASES), "unknown_basis", _("There is no basis “{word}”.")),
        ("strength", set(v.STRENGTHS), "unknown_strength", _("There is no strength “{word}”.")),
        ("locks", set(v.STAGES), "unknown_stage", _("There is no stage “{word}”.")),
    ):
        value = route.get(key)
        if value is None:
            if key in ("raiser", "subject", "stage", "mode", "basis"):
                add = findings.warning if key == "basis" else findings.error
                add("missing", f"{place}.{key}", _("The rule does not say its {key}.").format(key=key), suggest("", known))
            continue
        for position, word in enumerate(listed(value)):
            if not isinstance(word, str) or word not in known:
                spot = f"{place}.{key}[{position}]" if isinstance(value, list) else f"{place}.{key}"
                findings.error(code, spot, message.format(word=word), suggest(text(word), known))
    for key in route:
        if isinstance(key, str) and key.startswith("when_subject_is_") and key.removeprefix("when_subject_is_") not in kinds:
            role = key.removeprefix("when_subject_is_")
            findings.error("unknown_role", f"{place}.{key}", _("There is no role “{word}”.").format(word=role), suggest(role, kinds))


def _check_tokens(protocol: Protocol, data: Mapping[str, Any], route: Mapping[str, Any], place: str, findings: Findings) -> None:
    steps = listed(route.get("steps") if route.get("steps") is not None else route.get("to"))
    if not steps:
        findings.error("no_steps", f"{place}.steps", _("The rule leads to nobody."), _("Name at least one recipient."))
    for position, step in enumerate(steps):
        spot = f"{place}.steps[{position}]"
        found = tokens(mapping(step).get("to", mapping(step).get("who"))) if isinstance(step, Mapping) else tokens(step)
        if not found:
            findings.error("missing", f"{spot}.to", _("The step does not say to whom."), _("Add “to:” with a recipient token."))
        for token in found:
            _check_token(protocol, data, token, f"{spot}.to", findings)
        if not isinstance(step, Mapping):
            continue
        basis = step.get("basis")
        if basis is not None and basis not in v.BASES:
            findings.error(
                "unknown_basis", f"{spot}.basis", _("There is no basis “{word}”.").format(word=basis), suggest(text(basis), v.BASES)
            )
        for token in tokens(step.get("decided_by")):
            _check_decider(protocol, data, token, f"{spot}.decided_by", findings)
        _check_condition(protocol, step, spot, findings)
    for key in _TOKEN_KEYS:
        for position, token in enumerate(tokens(route.get(key))):
            _check_token(protocol, data, token, f"{place}.{key}[{position}]", findings)
    for fact, extra in mapping(route.get("also_when")).items():
        for token in tokens(extra):
            _check_token(protocol, data, token, f"{place}.also_when.{fact}", findings)
    for position, token in enumerate(tokens(route.get("decided_by"))):
        _check_decider(protocol, data, token, f"{place}.decided_by[{position}]", findings)


def _check_condition(protocol: Protocol, step: Mapping[str, Any], spot: str, findings: Findings) -> None:
    kinds = {*protocol.roles, *v.ANYONE}
    for key in ("when_subject", "when_raiser", "unless_subject", "unless_raiser"):
        for role in words(step.get(key)):
            if role not in kinds:
                findings.error("unknown_role", f"{spot}.{key}", _("There is no role “{word}”.").format(word=role), suggest(role, kinds))


def _check_decider(protocol: Protocol, data: Mapping[str, Any], token: str, path: str, findings: Findings) -> None:
    if token not in v.DECIDER_WORDS:
        _check_token(protocol, data, token, path, findings)


def known_codes(protocol: Protocol, data: Mapping[str, Any]) -> dict[str, set[str]]:
    """The codes each kind of token may carry in this configuration."""
    declared = {code for code in mapping(data.get("vocabulary")) if isinstance(code, str)}
    mediators = {text(mapping(item).get("who")).removeprefix("ext:") for item in listed(data.get("mediators"))}
    return {
        "role": set(protocol.roles),
        "rel": {token.removeprefix("rel:") for token in v.REL_TOKENS},
        "party": {"subject"},
        "proc": {token.removeprefix("proc:") for token in v.PROC_TOKENS},
        "body": {*v.BODY_CODES, *protocol.bodies, *(declared - set(protocol.roles))},
        "ext": {*v.EXTERNAL_CODES, *protocol.external_bodies, *(declared - set(protocol.roles)), *mediators, "ombudsman_wales"} - {""},
    }


def _check_token(protocol: Protocol, data: Mapping[str, Any], token: str, path: str, findings: Findings) -> None:
    kind, colon, code = token.partition(":")
    known = known_codes(protocol, data)
    if not colon or kind not in known:
        whole = {f"{prefix}:{name}" for prefix, names in known.items() for name in names}
        findings.error(
            "unknown_token",
            path,
            _("“{token}” is not a recipient.").format(token=token),
            suggest(f"role:{token}" if not colon else token, whole),
        )
        return
    if code in known[kind]:
        return
    close = difflib.get_close_matches(code, sorted(known[kind]), n=1, cutoff=0.8)
    if kind in ("body", "ext") and code and not close:
        findings.warning(
            "undeclared_body",
            path,
            _("Nothing else in the file says who “{token}” is.").format(token=token),
            _("Add it under “vocabulary”, “bodies” or “external_bodies”."),
        )
        return
    mend = suggest(token, (f"{kind}:{name}" for name in known[kind]))
    findings.error("unknown_token", path, _("There is no recipient “{token}”.").format(token=token), mend)


def _ends_outside(rule: Route) -> bool:
    return any(token.partition(":")[0] in ("ext", "proc", "body") for token in route_tokens(rule) if token not in rule.never)


def _check_rule(protocol: Protocol, rule: Route, data: Mapping[str, Any], place: str, findings: Findings) -> None:
    named = [step.token for step in rule.steps]
    if rule.basis in ("stated", "inferred") and not rule.cites:
        findings.warning(
            "no_cites",
            f"{place}.cites",
            _("The rule says it rests on the protocol, but cites no clause."),
            _("Cite the clause, or set the basis to default."),
        )
    if rule.mode == "sequence" and len(named) == 1:
        findings.warning(
            "short_sequence", f"{place}.steps", _("A sequence of one step is no sequence."), _("Use all_of, or name the next step.")
        )
    for token in sorted({token for token in named if named.count(token) > 1}):
        findings.error("repeated_step", f"{place}.steps", _("{token} is named twice.").format(token=token), _("Name each recipient once."))
    for token in sorted(set(named) & set(rule.never)):
        findings.error(
            "never_named",
            f"{place}.never",
            _("{token} is both named and never allowed.").format(token=token),
            _("Take it out of one of the two."),
        )
    if named and not rule.redirect:
        _check_self_referral(protocol, rule, named, place, findings)
        if not _ends_outside(rule):
            findings.warning(
                "no_way_out",
                place,
                _("The rule has no fallback that ends outside the people it names."),
                _("Add a body or somebody outside as a stand-in for conflicts (“if_conflicted”); until then the exception route is used."),
            )
    if protocol.chair_alone == "forbidden" and rule.mode in ("any_of", "first_available") and not rule.chair_intake_only:
        for position, step in enumerate(rule.steps):
            if step.token in v.CHAIR_TOKENS and step.act not in v.INTAKE_ACTS:
                findings.warning(
                    "chair_alone",
                    f"{place}.steps[{position}].to",
                    _("The Chair must not deal with this alone, so this recipient is never used."),
                    _("Name the group for staff matters, or let the Chair only receive the report."),
                )
    for stage in rule.stages:
        if stage in protocol.stages and not protocol.stages[stage].is_on:
            findings.warning(
                "stage_off", f"{place}.stage", _("The stage {stage} is switched off, so the rule is never used.").format(stage=stage)
            )


def _check_self_referral(protocol: Protocol, rule: Route, named: list[str], place: str, findings: Findings) -> None:
    for party, kinds in (("subject", rule.subjects), ("raiser", rule.raisers)):
        roles = [kind for kind in kinds if protocol.single_holder(kind) or kind == "strategic_director"]
        for role in roles:
            own = {f"role:{role}"} if protocol.single_holder(role) else {f"rel:director_of_{party}"}
            if set(named) <= own:
                message = (
                    _("A concern about the {role} goes only to the {role}.")
                    if party == "subject"
                    else _("A concern raised by the {role} goes only to the {role}.")
                )
                findings.error(
                    "self_referral",
                    f"{place}.steps",
                    message.format(role=protocol.label(role)),
                    _("Name somebody else; for a private conversation write party:subject."),
                )
                return
            heads = {f"rel:line_manager_of_{party}", f"rel:director_of_{party}"} if role in v.HEADS_OF_STAFF else set()
            deputies = {f"role:{deputy}" for deputy in protocol.deputies_of(role)} if party == "subject" else set()
            out = own | heads | deputies | set(rule.never)
            reachable = set(named) | set(rule.if_unavailable or ()) | set(rule.if_conflicted) | set(rule.then_if_unresolved)
            if reachable <= out:
                findings.error(
                    "dead_end",
                    f"{place}.steps",
                    _("Nobody this rule names can hear a concern where the {role} is a party.").format(role=protocol.label(role)),
                    _("Name a recipient who is not a party, nor works for one."),
                )
                return


def _check_ties(protocol: Protocol, findings: Findings) -> None:
    roles = roles_that_matter(protocol)
    topics: list[str | None] = [None, *sorted({topic for rule in protocol.routes for topic in rule.topics})]
    stages = sorted({stage for rule in protocol.routes for stage in rule.stages})
    told: set[frozenset[str]] = set()
    order = {rule.id: index for index, rule in enumerate(protocol.routes)}
    for raiser, subject, stage, topic in product(roles, roles, stages, topics):
        found = candidates(protocol, raiser=raiser, subject=subject, stage=stage, topic=topic)
        if len(found) < 2:
            continue
        best, first = found[0]
        for score, other in found[1:]:
            pair = frozenset((first.id, other.id))
            if pair in told or len(pair) < 2:
                continue
            if score == best:
                told.add(pair)
                findings.error(
                    "ambiguous",
                    f"routes[{max(order[first.id], order[other.id])}]",
                    _(
                        "{first} and {other} fit equally well when a {raiser} raises a concern about a {subject} at the stage {stage}."
                    ).format(first=first.id, other=other.id, raiser=raiser, subject=subject, stage=stage),
                    _("Make one of them more specific, or give it topics."),
                )
            elif best[0] == score[0] and score[2] > best[2]:
                told.add(pair)
                findings.warning(
                    "crossing",
                    f"routes[{order[other.id]}]",
                    _(
                        "{first} is used before {other} when a {raiser} raises a concern about a {subject}: the subject's role counts more."
                    ).format(first=first.id, other=other.id, raiser=raiser, subject=subject),
                    _("If that is not meant, add a rule for exactly these two."),
                )


def _check_deputies(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    for index, entry in enumerate(listed(data.get("deputies"))):
        item = mapping(entry)
        for key in ("principal", "deputy"):
            for role in words(item.get(key)):
                if role.removeprefix("role:") not in protocol.roles:
                    findings.error(
                        "unknown_role",
                        f"deputies[{index}].{key}",
                        _("There is no role “{word}”.").format(word=role),
                        suggest(role, protocol.roles),
                    )
    links: dict[str, set[str]] = {}
    for deputy in protocol.deputies:
        links.setdefault(deputy.principal, set()).add(deputy.deputy)
    for index, deputy in enumerate(protocol.deputies):
        seen: set[str] = set()
        queue = [deputy.deputy]
        while queue:
            role = queue.pop()
            if role == deputy.principal:
                findings.error(
                    "deputy_circle",
                    f"deputies[{index}]",
                    _("{role} would end up deputising for themselves.").format(role=deputy.principal),
                    _("Break the circle."),
                )
                return
            if role not in seen:
                seen.add(role)
                queue.extend(links.get(role, ()))
