"""Good answers to every action, for tests that do whatever is open."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from concerns import plan, queries
from concerns.enums import Action, Capacity
from concerns.models import Concern, Participation
from councils.models import Person
from tests.concerns.casework import TODAY
from tests.factories.concerns import CANARY, by
from tests.factories.councils import Town

#: Where no choice depends on the concern. Every free text holds the canary.
FIXED: dict[Action, dict[str, Any]] = {
    Action.SAVE_DRAFT: {"wanted_outcome": f"{CANARY} wish"},
    Action.DELETE_DRAFT: {},
    Action.SUBMIT: {"wider_circle": "ask_first", "private_confirmed": True, "constructive_confirmed": True},
    Action.REDIRECT: {"reason_code": "police"},
    Action.NO_HANDLER: {"reason": f"{CANARY} nobody"},
    Action.TAKE_UP_DIRECTLY: {},
    Action.ACCEPT: {"note": f"{CANARY} note"},
    Action.ACCEPT_COMPLAINT: {"note": f"{CANARY} note"},
    Action.SETTLE: {"summary": f"{CANARY} settled", "raiser_agrees": True},
    Action.INSTIGATE_INVESTIGATION: {"reason": f"{CANARY} find out", "override_reason": f"{CANARY} duty"},
    Action.INFORMAL_OVER: {"kind": "failed", "reason": f"{CANARY} failed"},
    Action.STRAIGHT_TO_FORMAL: {"kind": "not_appropriate", "reason": f"{CANARY} why", "wider_circle": "ask_first"},
    Action.START_GRIEVANCE: {"reason": f"{CANARY} support"},
    Action.START_DISCIPLINARY: {
        "seriousness": "serious", "reason": f"{CANARY} why", "subject_told": True, "told_on": date(2026, 1, 14), "told_how": "In a meeting", "reference": f"{CANARY} ref",
        "override_reason": f"{CANARY} duty",
    },
    Action.REFER_CODE: {
        "code_paragraph": f"{CANARY} para", "official_capacity": True, "reason": f"{CANARY} why", "override_reason": f"{CANARY} duty",
    },
    Action.FORMAL_CODE_COMPLAINT: {"declared": True, "code_paragraph": f"{CANARY} para", "official_capacity": True},
    Action.REPORT_TO_COUNCIL: {
        "session_type": "no_names", "meeting_on": date(2026, 2, 2), "minor": True, "subject_told": True, "told_on": date(2026, 1, 14), "told_how": "In a meeting", "override_reason": f"{CANARY} duty",
    },
    Action.SENT_BACK: {"note": f"{CANARY} letter"},
    Action.CLOSE_NO_ACTION: {"reason": f"{CANARY} reasons"},
    Action.WITHDRAW: {"reason": f"{CANARY} enough"},
    Action.REOPEN: {"reason": f"{CANARY} again"},
    Action.HOLD: {"until": date(2026, 3, 1), "reason": f"{CANARY} away"},
    Action.RELEASE: {"note": f"{CANARY} back"},
    Action.DECLARE_CONFLICT: {},
    Action.ASK_CONSENT: {"kind": "wider_circle", "wording": f"{CANARY} may I?"},
    Action.ANSWER_CONSENT: {"agree": True, "words": f"{CANARY} yes"},
    Action.TELL_SUBJECT: {"told_on": date(2026, 1, 14), "how": f"{CANARY} in person"},
    Action.OPEN_SUCCESSOR: {"reason": f"{CANARY} duty", "duty": True},
    Action.ADD_NOTE: {"text": f"{CANARY} note"},
    Action.ADD_DOCUMENT: {"name": f"{CANARY}.txt", "content": f"{CANARY} file".encode()},
}  # fmt: skip


def answers_for(town: Town, action: Action, concern: Concern, person: Person, chance: Random) -> dict[str, Any]:
    """What ``person`` might answer so that ``action`` goes through, if anything can."""
    with by(person):
        found = queries.load(concern.pk, person=person)
        if action == Action.PASS_ON:
            return {"token": chance.choice(queries.next_tokens(found)), "override_reason": f"{CANARY} duty", "note": f"{CANARY} note"}
        if action == Action.MAKE_COPY:
            first = found.documents.values_list("pk", flat=True).first()
            return {"document_id": first or found.pk, "reason": f"{CANARY} why"}
        if action == Action.DIRECT_FAILED:
            return {"token": chance.choice(queries.next_tokens(found)), "note": f"{CANARY} note"}
        if action == Action.RECORD_OUTCOME:
            from concerns.actions.formal import outcomes_for

            return {"outcome": chance.choice(outcomes_for(found, on=TODAY)), "reference": f"{CANARY} 9", "summary": f"{CANARY} end"}
        if action in (Action.ASSIGN, Action.HAND_OVER):
            made = plan.for_concern(found, on=TODAY)
            if action == Action.ASSIGN:
                return {"assignee": chance.choice([*made.eligible(), person]), "reason": f"{CANARY} free"}
            to = chance.choice([*made.successors(), person])
            return {"to": to, "reason_code": "absence", "note": f"{CANARY} away", "override_reason": f"{CANARY} duty"}
        if action == Action.ADD_WITNESS:
            on_it = set(Participation.objects.filter(concern=found).values_list("person_id", flat=True))
            return {"person": chance.choice(sorted((p for p in town.people.values() if p.pk not in on_it), key=lambda p: p.email))}
        if action == Action.CONCILIATE:
            mediators = [item.token for item in found.protocol_version.protocol.mediators]
            return {
                "mediator": chance.choice(mediators), "summary": f"{CANARY} shared", "mediator_name": f"{CANARY} Ms Wise",
                "other_side_agreed_on": date(2026, 1, 10),
            }  # fmt: skip
        if action == Action.INSTIGATE_INVESTIGATION and chance.random() < 0.5:
            people = plan.for_concern(found, on=TODAY).eligible()
            return {**FIXED[action], "investigator": chance.choice([*people, person])}
    return dict(FIXED[action])


def agree_to_conciliation(concern: Concern) -> None:
    """The raiser's consent, as if asked and given."""
    from concerns.models import Consent
    from tests.factories.concerns import NOW

    with by(concern.raiser):
        Consent.objects.create(concern=concern, kind="conciliation", status="given", asked_at=NOW, answered_at=NOW)


OWNING = {
    "LODGED": {Capacity.RECIPIENT},
    "NEEDS_HANDLER": {Capacity.EXCEPTION_HOLDER},
    "DIRECT": {Capacity.RAISER},
    "DECIDING": {Capacity.HANDLER, Capacity.DECIDER},
    "GRIEVANCE": {Capacity.HANDLER, Capacity.CONVENER},
    "CODE_REFERRAL": {Capacity.HANDLER, Capacity.LIAISON},
}
