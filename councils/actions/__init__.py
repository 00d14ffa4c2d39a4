"""What can be done to a council's people and protocol. One verb, one function, one transaction; each leaves an event.

All are keyword-only with `by` (the person acting; None for a management command) and `now`; all raise
`councils.errors.Refusal` for anything a person can mend.
"""

from councils.actions.absences import book_absence, cancel_absence, end_absence
from councils.actions.bodies import create_body, set_body_member, set_external_body
from councils.actions.closures import add_closure, remove_closure
from councils.actions.officers import end_external_officer, set_external_officer
from councils.actions.people import add_council, add_person, appoint, end_appointment, end_terms, set_reporting_line
from councils.actions.people_file import PeopleLoaded, load_people
from councils.actions.protocols import adopt_demonstration, approve_protocol, bring_into_force, load_protocol
from councils.actions.relationships import disclose_relationship, end_relationship
from councils.actions.reviews import alert_of_review, conclude_review, open_review, record_occasion, set_review_date, withdraw_occasion
from councils.actions.sign_ins import choose_language, end_other_sign_ins, end_sign_in, note_use, unlink_organisation

__all__ = [
    "PeopleLoaded",
    "add_closure",
    "add_council",
    "add_person",
    "adopt_demonstration",
    "alert_of_review",
    "appoint",
    "book_absence",
    "approve_protocol",
    "bring_into_force",
    "cancel_absence",
    "choose_language",
    "conclude_review",
    "create_body",
    "disclose_relationship",
    "end_absence",
    "end_appointment",
    "end_external_officer",
    "end_other_sign_ins",
    "end_relationship",
    "end_sign_in",
    "end_terms",
    "load_people",
    "load_protocol",
    "note_use",
    "open_review",
    "record_occasion",
    "remove_closure",
    "set_body_member",
    "set_external_body",
    "set_external_officer",
    "set_reporting_line",
    "set_review_date",
    "unlink_organisation",
    "withdraw_occasion",
]
