"""People, councils, appointments, bodies and protocol versions. Fields and constraints only; no workflow."""

from councils.models.absence import Absence
from councils.models.appointment import Appointment, AppointmentKind, ReportingLine
from councils.models.body import Body, BodyMembership
from councils.models.closure import CouncilClosure
from councils.models.council import Council, Jurisdiction
from councils.models.event import CouncilEvent, CouncilEventKind
from councils.models.external_body import ExternalBody, ExternalOfficer, OfficerRole
from councils.models.mailbox import RefusedMailbox
from councils.models.person import Person
from councils.models.protocol_version import ProtocolStatus, ProtocolVersion
from councils.models.relationship import DisclosedRelationship, RelationshipKind
from councils.models.review import OccasionKind, ProtocolReview, ReviewAlert, ReviewOccasion, ReviewResult
from councils.models.sign_in import SignIn

__all__ = [
    "Absence",
    "Appointment",
    "AppointmentKind",
    "Body",
    "BodyMembership",
    "Council",
    "CouncilClosure",
    "CouncilEvent",
    "CouncilEventKind",
    "DisclosedRelationship",
    "ExternalBody",
    "ExternalOfficer",
    "Jurisdiction",
    "OccasionKind",
    "OfficerRole",
    "Person",
    "ProtocolReview",
    "ProtocolStatus",
    "ProtocolVersion",
    "RefusedMailbox",
    "RelationshipKind",
    "ReportingLine",
    "ReviewAlert",
    "ReviewOccasion",
    "ReviewResult",
    "SignIn",
]
