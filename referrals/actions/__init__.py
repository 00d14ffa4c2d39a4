"""What can be done to a referral. One verb, one function, one transaction; each leaves one line of the trail."""

from referrals.actions.answer import carry_out, take_back, take_over
from referrals.actions.ground import ACTIONS, LEAVES, verb
from referrals.actions.office import acknowledge, ask_local, consult, investigate, record_finding, start_assessing, step_aside, weigh
from referrals.actions.reading import open_bundle
from referrals.actions.sending import prepare_again, readdress, seal, send

__all__ = [
    "ACTIONS", "LEAVES", "acknowledge", "ask_local", "carry_out", "consult", "investigate", "open_bundle", "prepare_again", "readdress",
    "record_finding", "seal", "send", "start_assessing", "step_aside", "take_back", "take_over", "verb", "weigh",
]  # fmt: skip
