"""The choices of a gap in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

CHOICES: Mapping[str, Any] = {
    "yes": _("Yes"),
    "no": _("No"),
    "off": _("Not at all"),
    "none": _("Nothing"),
    "P1Y": _("Every year"),
    "P2Y": _("Every two years"),
    "P4Y": _("Every four years"),
    "vice_chair_then_panel_then_mo": _("The Vice-Chair, then the panel without the Chair, then the Monitoring Officer"),
    "panel_then_mo": _("The panel, then the Monitoring Officer"),
    "vice_chair_then_mo": _("The Vice-Chair, then the Monitoring Officer"),
    "direct_conversation_only": _("Only a direct conversation between the two"),
    "skip": _("That recipient is left out"),
    "informal_and_support_only": _("Informal steps and support only"),
    "raiser_own_handler_disciplinary": _("The person raising it for their own grievance or Code complaint, the handler for discipline"),
    "handler": _("Whoever handles it"),
    "proper_officer": _("The Clerk (Proper Officer)"),
    "proper_officer_clerk_to_panel": _("The Clerk (Proper Officer); about the Clerk, the panel"),
    "hr_panel": _("The panel for staff matters"),
    "principal_mo": _("The principal council’s Monitoring Officer"),
    "at_lodging": _("As soon as it is sent"),
    "handler_decides_and_before_formal_step": _("When the handler decides, and always before a formal step"),
    "with_raiser_consent": _("Only with the consent of the person raising it"),
    "pin_at_lodging": _("The one it was raised under; another only with a reason"),
    "always_latest": _("Always the latest"),
    "redirect_keep_no_content": _("Point elsewhere and keep nothing"),
    "allow_as_note": _("Keep a note"),
    "sealed_identity": _("Yes, with a sealed identity"),
    "allowed_successor_with_reason": _("Allowed; the handler may open a new one with a reason"),
    "allowed": _("Allowed"),
    "one_each": _("One concern for each person"),
    "employees": _("Employees"),
    "employees_and_added": _("Employees, and others the council adds"),
    "only_if_already_told": _("Only if they had been told of it"),
    "always": _("Always"),
    "say_so_and_ask_for_deputy": _("Say so in the bundle, and ask for the deputy"),
    "say_so": _("Say so in the bundle"),
    "yes_with_reason": _("Yes, with a reason"),
    "both_first_to_accept_leads": _("Both at once; the first to accept leads"),
    "in_order": _("One after the other"),
    "earliest": _("The earliest"),
    "fixed_date": _("The fixed date"),
    "interval": _("The interval"),
    "four_years": _("Four years"),
    "optional": _("Optional"),
    "required": _("Required"),
    "optional_never_required": _("Offered, never required"),
    "confidential_session": _("In confidential session"),
    "public": _("In public"),
    "both": _("Both"),
    "either": _("Either"),
    "entered": _("The council enters it"),
}


def choice_label(choice: str) -> str:
    """A choice of a setting in words; its code in plain words where nobody has written any."""
    if choice in CHOICES:
        return str(CHOICES[choice])
    return choice if choice.isdigit() else choice.replace("_", " ").capitalize()
