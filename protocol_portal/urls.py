"""Addresses. The casework's and the councils' come from their own packages."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import TemplateView

from operations.views import healthz
from protocol_portal import organisation

handler400 = "protocol_portal.errors.bad_request"
handler403 = "protocol_portal.errors.forbidden"
handler404 = "protocol_portal.errors.not_found"
handler500 = "protocol_portal.errors.server_error"


def absent(request: HttpRequest) -> HttpResponse:
    """Answer 404: an address that a library wants to name, for something the portal doesn't offer."""
    raise Http404


accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", absent, name="account_signup"),
    path("email/", absent, name="account_email"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("oidc/<slug:provider_id>/login/", organisation.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", organisation.callback, name="openid_connect_callback"),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/signup/", absent, name="socialaccount_signup"),
    path("oidc/connections/", absent, name="socialaccount_connections"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include(accounts)),
    path("accessibility/", TemplateView.as_view(template_name="pages/accessibility.html"), name="accessibility"),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
]
ROOMS = ("councils", "concerns", "correspondence", "disclosures", "grievances", "referrals", "information", "operations", "clocks", "studio", "reporting", "rights")
urlpatterns += [path("", include(f"{room}.urls")) for room in ROOMS]
