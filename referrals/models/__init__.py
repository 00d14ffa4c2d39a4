"""A referral, its sealed bundle, who may open it, and what the office wrote. All under forced row-level security (0002)."""

from .bundle import Bundle, BundleOpening
from .desk import Entry, Measure, ReferralAccess
from .referral import Referral, allowed_pairs

__all__ = ["Bundle", "BundleOpening", "Entry", "Measure", "Referral", "ReferralAccess", "allowed_pairs"]
