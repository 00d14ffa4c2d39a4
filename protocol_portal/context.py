"""What every page's frame needs: the portal's name, navigation, the person's councils. No case content, no counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from councils import queries
from councils.models import Council
from referrals import policy

COUNCIL_IN_SESSION = "council"


@dataclass(frozen=True)
class Link:
    """One link of the frame. `exact` is true when it points at the very page being shown."""

    label: str
    href: str
    current: bool = False
    exact: bool = False
    code: str = ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """The frame's context. One query for a signed-in person, none for anybody else."""
    person = getattr(request, "user", None)
    signed_in = bool(person and person.is_authenticated)
    mine: Any = SimpleLazyObject(lambda: _my_councils(request)) if signed_in else []
    current = SimpleLazyObject(lambda: current_council(request, mine)) if signed_in else None
    return {
        "portal_name": getattr(settings, "PORTAL_NAME", "Protocol Portal"),
        "is_demonstration": getattr(settings, "MODE", "") == "demo",
        "my_councils": mine,
        "current_council": current,
        "nav": SimpleLazyObject(lambda: _navigation(request, current)) if signed_in else [],
        "organisation_name": settings.PORTAL_OIDC_NAME,
        "organisation_id": settings.PORTAL_OIDC_ID,
        "footer_links": SimpleLazyObject(_footer),
        "languages": _languages(),
        "only_english": getattr(request, "only_english", False),
        "sign_out_url": _url("account_logout"),
        "switch_url": _url("councils:switch"),
    }


def current_council(request: HttpRequest, mine: list[Council]) -> Council | None:
    """The council being looked at: the one in the URL, else the one chosen before, else the first."""
    match = getattr(request, "resolver_match", None)
    wanted = match.kwargs.get("key") if match else None
    remembered = request.session.get(COUNCIL_IN_SESSION)
    by_key = {council.key: council for council in mine}
    return by_key.get(wanted) or by_key.get(remembered) or next(iter(mine), None)


def _my_councils(request: HttpRequest) -> list[Council]:
    known = getattr(request, "my_councils", None)
    if known is not None:
        return list(known)
    held = getattr(request, "my_appointments", None)
    if held is not None:
        return list({appointment.council_id: appointment.council for appointment in held}.values())
    return list(queries.councils_of(request.user, on=timezone.localdate()))  # type: ignore[arg-type]


def _navigation(request: HttpRequest, current: Council | None) -> list[Link]:
    candidates = [
        (_("Home"), _url("concerns:home"), True),
        (_("Concerns"), _url("concerns:list"), False),
    ]
    if current:
        key = current.key
        candidates += [
            (_("Protocol"), _url("councils:protocol", key=key), False),
            (_("People"), _url("councils:people", key=key), False),
            (_("Your council"), _url("councils:council", key=key), True),
        ]
    elif policy.has_desk(request.user):  # type: ignore[arg-type]
        candidates = [candidates[0], (_("Referrals"), _url("referrals:inbox"), False)]
    if request.user.is_operator:  # type: ignore[union-attr]
        candidates.append((_("Operations"), _url("operations:page"), True))
    candidates.append((_("Your account"), _url("councils:account"), False))
    return [
        Link(label, href, current=_is_current(request.path, href, only_exact), exact=request.path == href)
        for label, href, only_exact in candidates
        if href
    ]


def _is_current(path: str, href: str, only_exact: bool) -> bool:
    return path == href if only_exact else path.startswith(href)


def _footer() -> list[Link]:
    pages = [(_("Accessibility statement"), "accessibility"), (_("Privacy and cookies"), "privacy")]
    return [Link(label, href) for label, name in pages if (href := _url(name))]


def _languages() -> list[Link]:
    """The languages to change to, each in its own words; nothing where there is one."""
    if len(settings.LANGUAGES) < 2:
        return []
    now = get_language()
    return [Link(name, f"{_url('councils:language')}?to={code}", current=code == now, code=code) for code, name in settings.LANGUAGES]


def _url(name: str, **kwargs: str) -> str:
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
