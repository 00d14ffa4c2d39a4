"""All settings, from the environment. See docs/operating.md for the table of variables.

``PORTAL_MODE`` is ``production`` unless it says ``demo`` or ``test``; a production start with a missing or weak secret
stops here with every problem named at once.
"""

import logging.config
import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab

from protocol_portal import checks, directory, logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("PORTAL_MODE", "production")
PRODUCTION = MODE == "production"
VAR = Path(env.str("PORTAL_VAR", "") or BASE_DIR / "var").resolve()
checks.require_sound_environment(os.environ)

# -- secrets ---------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
#: Fernet keys for narrative fields, newest first; apart from SECRET_KEY so that either can be changed alone.
PORTAL_FIELD_KEYS = env.list("PORTAL_FIELD_KEYS")
DEBUG = False if PRODUCTION else env.bool("DEBUG", False)

# -- where it is served ------------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver", "[::1]"])
PORTAL_URL = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
#: The right side of each notice's Message-ID.
PORTAL_MAIL_DOMAIN = env.str("PORTAL_MAIL_DOMAIN", "") or urlsplit(PORTAL_URL).hostname or "portal.invalid"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PORTAL_URL])
#: Proxies in front of the portal whose X-Forwarded-* may be believed.
PORTAL_PROXY_COUNT = env.int("PORTAL_PROXY_COUNT", 0)
ROOT_URLCONF = "protocol_portal.urls"
WSGI_APPLICATION = "protocol_portal.wsgi.application"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_fsm",
    "guardian",
    "pgtrigger",
    "protocol_portal",
    "councils",
    "concerns",
    "correspondence",
    "disclosures",
    "grievances",
    "referrals",
    "information",
    "clocks",
    "studio",
    "reporting",
    "rights",
    "operations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "protocol_portal.middleware.PrivacyHeadersMiddleware",
    "protocol_portal.middleware.RefuseNulBytesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "protocol_portal.language.LanguageMiddleware",
    "protocol_portal.middleware.SignOutMiddleware",
    "protocol_portal.middleware.IdleSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # The database's person, set for each request, once a required second factor is there; last, so that nothing above
    # reads case data.
    "councils.rls.PersonMiddleware",
]

DEMO = MODE == "demo"
PORTAL_NAME = "Protocol Portal"

FORM_RENDERER = "protocol_portal.renderers.DesignSystemRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "protocol_portal.context.portal",
            ],
        },
    },
]

# -- database ------------------------------------------------------------------------------------------------------
# Web and workers log in as portal_app; `PORTAL_DB_ROLE=owner manage.py migrate` uses the owner's URL.
PORTAL_DB_ROLE = env.str("PORTAL_DB_ROLE", "app")
DATABASES = {"default": env.db_url("DATABASE_OWNER_URL" if PORTAL_DB_ROLE == "owner" else "DATABASE_URL")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=env.int("DATABASE_CONN_MAX_AGE", 60),
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people and signing in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "councils.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.ScryptPasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
GUARDIAN_RAISE_403 = False
ANONYMOUS_USER_NAME = None

ACCOUNT_ADAPTER = "protocol_portal.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": env.str("PORTAL_LOGIN_RATE", "30/m/ip" if PRODUCTION else "600/m/ip"),
    "login_failed": "30/m/ip" if PRODUCTION else "300/m/ip",  # an address is locked out by axes, with the same answer
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "data_complaint": "10/h/ip",  # without an account (rights); for a whole council PostgreSQL counts
}
ALLAUTH_TRUSTED_PROXY_COUNT = PORTAL_PROXY_COUNT
MFA_ADAPTER = "protocol_portal.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Protocol Portal"
_steps = ("add", "edit", "login", "authenticate", "reauthenticate")
MFA_FORMS = {f"{step}_webauthn": f"protocol_portal.sign_in_forms.{step.title()}PasskeyForm" for step in _steps}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up; and a link that somebody asked for and nobody used must not be in the way
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}
#: Who must set up a second factor before they see anything: everybody, those in charge of something, or nobody.
_second_factor = checks.second_factor_of(env.str("PORTAL_REQUIRE_MFA", "everybody" if PRODUCTION else "nobody"))
PORTAL_REQUIRE_MFA, PORTAL_REQUIRE_MFA_IN_CHARGE = _second_factor == "everybody", _second_factor == "in_charge"

# The council's own directory (OpenID Connect, such as Microsoft Entra): off without its three settings.
PORTAL_OIDC_ISSUER = env.str("PORTAL_OIDC_ISSUER", "").rstrip("/")
PORTAL_OIDC_NAME = (env.str("PORTAL_OIDC_NAME", "") or "Microsoft") if PORTAL_OIDC_ISSUER else ""
#: The directory is the council's own: an address in it counts as proved even where it doesn't say so.
PORTAL_OIDC_TRUST_EMAIL = env.bool("PORTAL_OIDC_TRUST_EMAIL", False)
#: The directory asks for a second factor itself, of everybody, each time.
PORTAL_OIDC_SECOND_FACTOR = env.bool("PORTAL_OIDC_SECOND_FACTOR", False)
PORTAL_OIDC_ID = "organisation"
SOCIALACCOUNT_ADAPTER = "protocol_portal.organisation.OrganisationAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site ("form-action" of the content security policy)
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8
SOCIALACCOUNT_PROVIDERS = directory.providers(
    PORTAL_OIDC_ID, PORTAL_OIDC_NAME, PORTAL_OIDC_ISSUER, env.str("PORTAL_OIDC_CLIENT_ID", ""), env.str("PORTAL_OIDC_CLIENT_SECRET", "")
)

AXES_FAILURE_LIMIT = env.int("PORTAL_LOCKOUT_AFTER", 5)
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "protocol_portal.adapters.lockout_name"
AXES_CLIENT_IP_CALLABLE = "protocol_portal.adapters.client_address"
AXES_LOCKOUT_CALLABLE = "protocol_portal.adapters.same_answer"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "portal-session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "portal-csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "protocol_portal.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- headers -------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("PORTAL_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not "no-referrer": browsers then send "Origin: null" with forms, which Django's CSRF check refuses.
# Nothing about a page leaves this origin with "same-origin" either.
SECURE_REFERRER_POLICY = "same-origin"
if PORTAL_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        **({"upgrade-insecure-requests": True} if PRODUCTION else {}),
    },
}

# -- what is sent in and kept --------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_PERMISSIONS = 0o600
#: A virus scanner that speaks ClamAV's protocol: host:port, or the path of a Unix socket. Empty: files are marked "not scanned".
PORTAL_CLAMAV = env.str("PORTAL_CLAMAV", "")
PORTAL_CLAMAV_TIMEOUT = env.float("PORTAL_CLAMAV_TIMEOUT", 10.0)
MEDIA_ROOT = env.path("PORTAL_MEDIA", str(VAR / "media"))
STATIC_URL = "/static/"
STATIC_ROOT = env.path("PORTAL_STATIC", str(VAR / "static"))
PORTAL_ASSETS = VAR / "assets"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", PORTAL_ASSETS) if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
# Rate limits only: case data is never cached.
CACHES = {"default": env.cache_url("CACHE_URL", "locmemcache://")}
if "redis" in CACHES["default"]["BACKEND"].lower():
    CACHES["default"]["BACKEND"] = "protocol_portal.cache.ForgivingRedisCache"
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}

# -- the trail's digest, and backups (docs/operating.md) --------------------------------------------------------------
#: Ed25519 keys in base64: the first signs the digest, the second, kept by whoever checks it, is enough to believe it.
PORTAL_DIGEST_KEY = env.str("PORTAL_DIGEST_KEY", "")
PORTAL_DIGEST_PUBLIC = env.str("PORTAL_DIGEST_PUBLIC", "")
PORTAL_DIGEST_TO = env.str("PORTAL_DIGEST_TO", "")
PORTAL_DIGEST_DIR = env.str("PORTAL_DIGEST_DIR", "")
#: For the commands backup, restore and restore_drill alone; web and workers need neither.
PORTAL_BACKUP_URL = env.str("PORTAL_BACKUP_URL", "")
PORTAL_BACKUP_KEYS = env.list("PORTAL_BACKUP_KEYS", default=[])
if not PORTAL_BACKUP_KEYS and (_file := env.str("PORTAL_BACKUP_KEYS_FILE", "")):
    PORTAL_BACKUP_KEYS = Path(_file).read_text().split()

# -- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
# Welsh where its catalogue was made (protocol_portal.compile_messages): without it nothing may claim to be Welsh.
_welsh = (BASE_DIR / "locale" / "cy" / "LC_MESSAGES" / "django.mo").exists()
LANGUAGES = [("en-gb", "English"), *([("cy", "Cymraeg")] if _welsh else [])]
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_AGE = "portal-language", 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = PRODUCTION, True, "Lax"
TIME_ZONE = "Europe/London"
USE_TZ = True

# -- mail --------------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", "smtp://127.0.0.1:25" if PRODUCTION else f"filemail:///{VAR}/mail"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("PORTAL_FROM", "Protocol Portal <no-reply@portal.invalid>")
ADMINS: list[tuple[str, str]] = []
MANAGERS: list[tuple[str, str]] = []

# -- background work: only a wake-up; correctness lives in PostgreSQL --------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "memory://")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 5, "visibility_timeout": 3600}
CELERY_IMPORTS = ["protocol_portal.trail.tasks"]
EACH_TICK = env.float("PORTAL_TICK_SECONDS", 5.0 if MODE == "demo" else 60.0)
CELERY_BEAT_SCHEDULE = {
    "look-at-itself": {"task": "operations.tasks.tick", "schedule": EACH_TICK, "options": {"expires": 55}},
    "anchor-trail": {"task": "protocol_portal.trail.tasks.anchor_trail", "schedule": 300.0, "options": {"expires": 290}},
    "send-digest": {"task": "protocol_portal.trail.tasks.send_digest", "schedule": crontab(minute="17"), "options": {"expires": 3500}},
    "deliver-notices": {"task": "concerns.tasks.deliver_notices", "schedule": EACH_TICK, "options": {"expires": 55}},
    "remind": {"task": "clocks.tasks.tick", "schedule": EACH_TICK, "options": {"expires": 55}},
    "settle-dates": {"task": "clocks.tasks.settle_marked", "schedule": EACH_TICK, "options": {"expires": 55}},
    "look-at-all-dates": {"task": "clocks.tasks.look_at_all", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "scan-files": {"task": "concerns.tasks.scan_files", "schedule": 60.0, "options": {"expires": 55}},
    "sweep-all": {"task": "concerns.tasks.sweep_all", "schedule": 60.0 if MODE == "demo" else 1800.0, "options": {"expires": 1700}},
    "make-reports": {"task": "reporting.tasks.make_reports", "schedule": EACH_TICK, "options": {"expires": 55}},
    "sweep": {
        "task": "concerns.tasks.sweep",
        "schedule": env.float("PORTAL_SWEEP_SECONDS", 10.0 if MODE == "demo" else 60.0),
        "options": {"expires": 55},
    },
    "look-at-rights": {"task": "rights.tasks.look", "schedule": EACH_TICK, "options": {"expires": 55}},
    "retire-cases": {"task": "rights.tasks.retire", "schedule": 60.0 if MODE == "demo" else 6 * 3600.0, "options": {"expires": 3500}},
    "tell-of-reviews": {"task": "concerns.tasks.tell_of_reviews", "schedule": 60.0 if MODE == "demo" else 3600.0, "options": {"expires": 3500}},
    "rehearse-again": {
        "task": "studio.tasks.rehearse_again", "schedule": 60.0 if MODE == "demo" else 300.0, "options": {"expires": 290},
    },
    "end-arrangements": {"task": "information.tasks.end_arrangements", "schedule": 3600.0, "options": {"expires": 3500}},
    "send-invitations": {"task": "studio.tasks.send_invitations", "schedule": EACH_TICK, "options": {"expires": 55}},
    "flag-ties": {"task": "grievances.tasks.flag_ties", "schedule": 300.0, "options": {"expires": 290}},
}

# -- whether it runs: docs/operating.md, "Health" ---------------------------------------------------------------------
#: What Prometheus brings as a bearer to /metrics; without it there is no such address.
PORTAL_METRICS_TOKEN = env.str("PORTAL_METRICS_TOKEN", "")
#: Called each minute while all is well; whoever watches it raises the alarm when the calls stop.
PORTAL_DEADMAN_URL = env.str("PORTAL_DEADMAN_URL", "")

# -- logs: ids and fixed words; never bodies, arguments, locals or exception messages ----------------------------------
LOGGING_CONFIG = None
PORTAL_LOG_LEVEL = env.str("PORTAL_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")
logging.config.dictConfig(logs.configuration(json=PRODUCTION, level=PORTAL_LOG_LEVEL))
DEFAULT_EXCEPTION_REPORTER_FILTER = "protocol_portal.logs.SilentReporterFilter"
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian's functions are called by concerns.policy alone; no permission backend on purpose
]
