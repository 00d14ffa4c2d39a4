"""One form per step. Field names are the names of the action's own answers."""

from referrals.enums import Step
from referrals.forms import council, office
from referrals.forms.base import Offers, ReferralForm

FORMS: dict[Step, type[ReferralForm]] = {
    Step.SEAL: council.SealForm,
    Step.SEND: council.SendForm,
    Step.READDRESS: council.ReaddressForm,
    Step.TAKE_BACK: council.PlainForm,
    Step.TAKE_OVER: council.PlainForm,
    Step.PREPARE_AGAIN: council.PlainForm,
    Step.CARRY_OUT: council.CarryOutForm,
    Step.ACKNOWLEDGE: office.AcknowledgeForm,
    Step.START_ASSESSING: office.AssessForm,
    Step.CONSULT: office.ConsultForm,
    Step.WEIGH: office.WeighForm,
    Step.ASK_LOCAL: office.AskLocalForm,
    Step.INVESTIGATE: office.InvestigateForm,
    Step.RECORD_FINDING: office.FindingForm,
    Step.STEP_ASIDE: office.AsideForm,
}

__all__ = ["FORMS", "Offers", "ReferralForm"]
