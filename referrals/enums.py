"""The fixed vocabulary of a referral: plain enums, no Django. Words for people live in ``referrals.wording``."""

from enum import StrEnum


class State(StrEnum):
    """Where a Code of Conduct complaint stands with the body that decides on it."""

    PREPARED = "PREPARED"
    SENT = "SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ASSESSING = "ASSESSING"
    SENT_BACK = "SENT_BACK"
    UNDER_INVESTIGATION = "UNDER_INVESTIGATION"
    OUTCOME_RECEIVED = "OUTCOME_RECEIVED"
    CLOSED = "CLOSED"


ENDED = frozenset({State.SENT_BACK, State.CLOSED})
WITH_THE_OFFICE = frozenset({State.SENT, State.ACKNOWLEDGED, State.ASSESSING, State.UNDER_INVESTIGATION})


class Step(StrEnum):
    """One verb on a referral. The values name themselves to the database, so they carry the room's name."""

    SEAL = "referral_seal"
    SEND = "referral_send"
    ACKNOWLEDGE = "referral_acknowledge"
    START_ASSESSING = "referral_start_assessing"
    CONSULT = "referral_consult"
    WEIGH = "referral_weigh"
    ASK_LOCAL = "referral_ask_local"
    INVESTIGATE = "referral_investigate"
    RECORD_FINDING = "referral_record_finding"
    TAKE_BACK = "referral_take_back"
    TAKE_OVER = "referral_take_over"
    CARRY_OUT = "referral_carry_out"
    PREPARE_AGAIN = "referral_prepare_again"
    STEP_ASIDE = "referral_step_aside"
    READDRESS = "referral_readdress"


class ReferralEvent(StrEnum):
    """One line of the trail each."""

    SEALED = "referral_sealed"
    SENT = "referral_sent"
    ACKNOWLEDGED = "referral_acknowledged"
    ASSESSING = "referral_assessing"
    CONSULTED = "referral_consulted"
    WEIGHED = "referral_weighed"
    LOCAL_ASKED = "referral_local_asked"
    INVESTIGATING = "referral_investigating"
    FINDING = "referral_finding"
    CARRIED_OUT = "referral_carried_out"
    PREPARED_AGAIN = "referral_prepared_again"
    STEPPED_ASIDE = "referral_stepped_aside"
    READDRESSED = "referral_readdressed"


class Side(StrEnum):
    """Who takes a step: whoever follows it for the council, or the office that decides."""

    COUNCIL = "council"
    OFFICE = "office"


class SentBy(StrEnum):
    """How the sealed bundle was handed over."""

    PORTAL = "portal"
    POST = "post"
    SECURE_MAIL = "secure_mail"
    BY_HAND = "by_hand"


class SubjectTold(StrEnum):
    """That the councillor is told before a formal step (AMB-G06), or why it is left to the office."""

    TOLD = "told"
    BY_OFFICE = "by_office"


class Ground(StrEnum):
    """On what grounds a complaint is assessed. The portal lists them; the office weighs them."""

    CAPACITY = "capacity"
    NOT_COUNCILLOR_THEN = "not_councillor_then"
    NO_PRIMA_FACIE = "no_prima_facie"
    PUBLIC_INTEREST = "public_interest"
    TOO_OLD = "too_old"
    ALREADY_DEALT_WITH = "already_dealt_with"
    TRIVIAL = "trivial"
    NOT_ENOUGH_INFORMATION = "not_enough_information"
    LOCAL_BETTER = "local_better"
    SERIOUS = "serious"


class Outcome(StrEnum):
    """What the office found. England first, then the Public Services Ombudsman for Wales."""

    NO_FURTHER_ACTION = "no_further_action"
    NO_BREACH = "no_breach"
    BREACH = "breach"
    PSOW_NOT_INVESTIGATED = "psow_not_investigated"
    PSOW_NO_EVIDENCE = "psow_no_evidence"
    PSOW_NO_ACTION = "psow_no_action"
    PSOW_TO_COMMITTEE = "psow_to_committee"
    PSOW_TO_PANEL = "psow_to_panel"


class MeasureKind(StrEnum):
    """What may be recommended in England after a finding (E3: nobody may suspend a member)."""

    CENSURE = "censure"
    APOLOGY = "apology"
    TRAINING = "training"
    COMMITTEE_CHANGE = "committee_change"
    OTHER = "other"


STEPS_PAPER = "steps"  # among the papers chosen: the list of what has been done so far


class Paper(StrEnum):
    """Kinds of paper in a sealed bundle."""

    COVER = "cover"
    LETTER = "letter"
    WRITTEN = "written"
    STEPS = "steps"
    DOCUMENT = "document"
