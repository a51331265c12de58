"""One typed page of settings from the environment, safe by default. Imported by no one: use django.conf.

`ADUAN_ENV` is `production` unless something says otherwise: `make up` sets `demo`, `make dev` `development`,
tests/settings.py `test`. Every secret NAME may come from NAME or from the file that NAME_FILE names. Settings
that cannot be safe stop the process here.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from aduan import environment, unsafe_settings, wrong_settings
from aduan.environment import env

django_stubs_ext.monkeypatch()
BASE_DIR = Path(__file__).resolve().parent.parent
ADUAN_ENV = environment.current()
PRODUCTION, DEVELOPMENT = ADUAN_ENV == "production", ADUAN_ENV == "development"
environment.check_names(os.environ, environment=ADUAN_ENV)
environment.check_values(os.environ, environment=ADUAN_ENV)
if PRODUCTION:
    wrong_settings.refuse_texts(os.environ)
ADUAN_HOME = Path(env.str("ADUAN_HOME", default=str(BASE_DIR / ".aduan"))).resolve()

# Secrets. Vault keys are base64 of 32 random bytes; ADUAN_VAULT_KEYS lists "version:key", newest first.
SECRET_KEY = environment.secret("ADUAN_SECRET_KEY", environment=ADUAN_ENV)
SECRET_KEY_FALLBACKS: list[str] = env.list("ADUAN_SECRET_KEY_FALLBACKS", default=[])
VAULT_KEYS: list[str] = [
    *filter(None, environment.secret("ADUAN_VAULT_KEYS", environment=ADUAN_ENV).split(","))
]
BLIND_INDEX_KEY = environment.secret("ADUAN_BLIND_INDEX_KEY", environment=ADUAN_ENV)
# The keys that lists are trusted by: files <role>-<n>.pem, made by `manage.py keys create`.
KEYS_DIR = Path(env.str("ADUAN_KEYS_DIR", default=str(ADUAN_HOME / "keys")))
# Their public halves, for processes that sign nothing; empty: beside the private ones.
PUBLIC_KEYS_DIR = env.str("ADUAN_PUBLIC_KEYS_DIR", default="")

DEBUG = DEVELOPMENT  # Django's error page; nothing else switches it on
if DEVELOPMENT:
    DEFAULT_EXCEPTION_REPORTER_FILTER = "devserver.debug_page.HideEverythingSubmitted"
ALLOWED_HOSTS: list[str] = env.list(
    "ADUAN_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
CSRF_FAILURE_VIEW = "portal.common.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("ADUAN_CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("ADUAN_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

DOMAIN = "core notifications accounts operators numbers cases teamwork complaints appeals blocklists"
DOMAIN += " recycling referrals monitoring statistics"
CONTRIB = "admin auth contenttypes humanize messages postgres sessions staticfiles"
INSTALLED_APPS = [
    *(f"aduan.{package}" for package in DOMAIN.split()),
    "portal",
    *(["sample"] if not PRODUCTION and (BASE_DIR / "sample").is_dir() else []),  # not in the image
    *(["devserver"] if DEVELOPMENT else []),
    *(f"django.contrib.{app}" for app in CONTRIB.split()),
    *("allauth", "allauth.account", "allauth.mfa"),
    *("rest_framework", "drf_spectacular", "drf_spectacular_sidecar", "django_filters"),
    *("crispy_forms", "crispy_bootstrap5", "pgtrigger", "pghistory", "django_structlog"),
]

MIDDLEWARE = [
    "portal.common.health.HealthMiddleware",
    "portal.common.errors.ApiProblemMiddleware",
    "portal.common.middleware.MaxBodySizeMiddleware",
    "portal.common.middleware.RequestIdMiddleware",
    "portal.common.kept_pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.common.middleware.PrivacyHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.common.middleware.SessionTimeoutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.common.request_log.RequestLogMiddleware",
    "portal.common.middleware.ResponseRequestIdMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.common.errors.DomainErrorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "aduan.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.common.owner.context",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

from aduan.database_settings import *  # noqa: E402, F403 - all of them are settings

# Redis or Valkey: 0 the broker, 2 the cache. It only hints; what must not be lost is in PostgreSQL.
REDIS_URL = environment.with_password(
    environment.required("REDIS_URL", env.str("REDIS_URL", default="")).rstrip("/"),
    environment.secret("ADUAN_REDIS_PASSWORD", environment=ADUAN_ENV, optional=True),
)
_SOCKET = REDIS_URL.removeprefix("unix://") if REDIS_URL.startswith("unix://") else ""
_REDIS_HOST = _SOCKET or urlsplit(REDIS_URL).hostname or ""
_CACHE: dict[str, Any] = {
    "BACKEND": "portal.common.shared_cache.SharedCache",  # waits a fraction of a second, then goes on
    "LOCATION": f"unix://{_SOCKET}?db=2" if _SOCKET else f"{REDIS_URL}/2",
    "KEY_PREFIX": "aduan",
}
# No one is let in while guesses are not counted, so log-ins wait longer for the same server.
CACHES: dict[str, dict[str, Any]] = {"default": _CACHE, "log_ins": _CACHE | {"OPTIONS": {"budget": 4.0}}}
CELERY_BROKER_URL = f"redis+socket://{_SOCKET}?virtual_host=0" if _SOCKET else f"{REDIS_URL}/0"
# How the worker treats its tasks: aduan/celery.py.
CELERY_TIMEZONE = "Asia/Jakarta"
# One queue a kind of work, each with its own processes: portal/tasks/queues.py and workers.py.
QUEUE_PREFIX = env.str("ADUAN_QUEUE_PREFIX", default="aduan")
CELERY_TASK_DEFAULT_QUEUE = f"{QUEUE_PREFIX}.housekeeping"
WORKER_SLOTS = env.str("ADUAN_WORKER_SLOTS", default="")  # such as "lists=2,evidence=4"; one where not named
WORKER_LOG_LEVEL = env.str("ADUAN_WORKER_LOG_LEVEL", default="WARNING")

# People. Sign-up is closed; staff add a second factor. See signin.py and middleware.py in portal/common.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATORS: dict[str, dict[str, Any]] = {
    "UserAttributeSimilarityValidator": {},
    "MinimumLengthValidator": {"min_length": 15},
    "CommonPasswordValidator": {},
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in _VALIDATORS.items()
]
DEMO_PASSWORD = "" if PRODUCTION else env.str("ADUAN_DEMO_PASSWORD", default="")  # of the sample's people
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "/akun/login/", "/akun/", "/"
ACCOUNT_ADAPTER = "portal.common.signin.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip"}  # a mailbox gets one letter an hour in any case
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
SESSION_ENGINE = "portal.common.session_store"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = dt.timedelta(minutes=30)
SESSION_LIFETIME = dt.timedelta(hours=8)
# Grave acts (second signature, reveal, export, release) want a proof of identity not older than this.
STEP_UP_AGE = dt.timedelta(minutes=15)
STAFF_SECOND_FACTOR = env.bool("ADUAN_STAFF_SECOND_FACTOR", default=PRODUCTION)
MFA_TOTP_ISSUER = "Aduan Nomor"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator typed it; there is no sign-up
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900

# The browser. __Host- cookies exist only over https, so the embedded portal on http uses plain names.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-sid", "__Host-csrf") if PRODUCTION else ("sid", "csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("ADUAN_SECURE_SSL_REDIRECT", default=True)
# Browsers hold us to this for so long: grow it (an hour, a day, a year) once https is sure to stay.
SECURE_HSTS_SECONDS = env.int("ADUAN_HSTS_SECONDS", default=3600) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("ADUAN_HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("ADUAN_HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # both are the domain owner's choice
# Only behind a proxy that overwrites the header (deploy/nginx): the environment says so.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("ADUAN_BEHIND_PROXY", default=False) else None
)
BEHIND_PROXY = SECURE_PROXY_SSL_HEADER is not None
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP" if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **{
            f"{kind}-src": [SELF]
            for kind in ("script", "style", "img", "media", "font", "connect", "worker", "manifest")
        },
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_MAX_MEMORY_SIZE = 262_144, 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_NUMBER_FILES = 200, 6
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# Files. MEDIA_ROOT is private: evidence is handed out by views, and the web server cannot read it.
MEDIA_ROOT = Path(env.str("ADUAN_MEDIA_ROOT", default=str(ADUAN_HOME / "media")))
# What forms that were not sent yet may keep on disk in two hours, and the free space below which none may.
STAGING_MAX_BYTES = env.int("ADUAN_STAGING_MAX_MB", default=8192) * 1024 * 1024
STAGING_DISK_FLOOR = env.int("ADUAN_STAGING_DISK_FLOOR_MB", default=1024) * 1024 * 1024
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("ADUAN_STATIC_ROOT", default=str(ADUAN_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
_READ_BY_OUR_GROUP = {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}  # the web server
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_NAMED_BY_DIGEST = "portal.common.static_files.NamedByDigest"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Another BACKEND here (a private S3Storage) and evidence lies elsewhere; nothing else changes.
    "evidence": {
        "BACKEND": env.str(
            "ADUAN_EVIDENCE_STORAGE", default="aduan.complaints.evidence.storage.PrivateFileStorage"
        ),
        "OPTIONS": env.json(
            "ADUAN_EVIDENCE_STORAGE_OPTIONS", default={"location": str(MEDIA_ROOT / "evidence")}
        ),
    },
    "staticfiles": {"BACKEND": _PLAIN if DEVELOPMENT else _NAMED_BY_DIGEST, "OPTIONS": _READ_BY_OUR_GROUP},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT

# Lists: where their files lie (private; nginx hands them out by X-Accel-Redirect), and how long a list that
# adds numbers waits between build and publication, so that people can still stop it.
PUBLISH_ROOT = Path(env.str("ADUAN_PUBLISH_ROOT", default=str(ADUAN_HOME / "lists")))
PUBLICATION_DELAY = dt.timedelta(
    hours=env.float("ADUAN_PUBLICATION_DELAY_HOURS", default=4 if PRODUCTION else 0)
)

# Backups (docs/operations/disaster.md): three places apart from each other, the public half of the offline
# key (`manage.py backup keygen`), and the hour of the night for base backups.
BACKUP_ROOT = env.str("ADUAN_BACKUP_ROOT", default="")
BACKUP_JOURNAL = env.str("ADUAN_BACKUP_JOURNAL", default="")
BACKUP_KEYS = env.str("ADUAN_BACKUP_KEYS", default="")
BACKUP_RECIPIENT = env.str("ADUAN_BACKUP_RECIPIENT", default="")
BACKUP_HOUR = env.int("ADUAN_BACKUP_HOUR", default=1)  # in Jakarta
PG_BINDIR = env.str("ADUAN_PG_BINDIR", default="")

# Languages and time: English msgids, one catalogue an area, Indonesian first.
LANGUAGE_CODE, TIME_ZONE, USE_TZ = "id", "Asia/Jakarta", True
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
AREAS = ("domain", "shared", "public", "staff", "operators")
LOCALE_PATHS = [BASE_DIR / "portal" / "locale" / area for area in AREAS]

# Evidence is scanned by ClamAV only when its socket is named here; then nothing leaves quarantine unscanned.
CLAMD_SOCKET = env.str("ADUAN_CLAMD_SOCKET", default="")
EXAMINER_SOCKET = env.str("ADUAN_EXAMINER_SOCKET", default="")  # of the part that decodes it

# Text messages: a dotted path to a function of (number, text, reference). The default writes files under
# ADUAN_HOME/sms. portal.tasks.sms.over_http POSTs to ADUAN_SMS_URL; {number} {text} {reference} {secret}
# are filled in. The gateway reports what became of it to /api/sms/, signed with ADUAN_SMS_CALLBACK_SECRET.
SMS_TO_FILES = "portal.tasks.sms.to_file"
SMS_GATEWAY = env.str("ADUAN_SMS_GATEWAY", default="" if PRODUCTION else SMS_TO_FILES)
SMS_URL = env.str("ADUAN_SMS_URL", default="")
SMS_HEADERS: dict[str, str] = env.json(
    "ADUAN_SMS_HEADERS", default={"Authorization": "Bearer {secret}", "Content-Type": "application/json"}
)
SMS_BODY: dict[str, str] = env.json(
    "ADUAN_SMS_BODY", default={"to": "{number}", "text": "{text}", "reference": "{reference}"}
)
SMS_SECRET = environment.secret("ADUAN_SMS_SECRET", environment=ADUAN_ENV, optional=True)
SMS_CALLBACK_SECRET = environment.secret("ADUAN_SMS_CALLBACK_SECRET", environment=ADUAN_ENV, optional=True)
# Mail: a server by EMAIL_URL, otherwise files under ADUAN_HOME/mail for people to read.
globals().update(
    environment.parsed(
        "ADUAN_EMAIL_URL",
        env.str("ADUAN_EMAIL_URL", default=f"filemail:///{ADUAN_HOME / 'mail'}"),
        env.email_url_config,
    )
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "ADUAN_DEFAULT_FROM_EMAIL", default="Aduan Nomor <noreply@aduan.example>"
)
CONTACT_EMAIL = env.str("ADUAN_CONTACT_EMAIL", default="tanya@aduan.example")
# Where platforms' answers arrive, and from where `manage.py receive_mail` reads: imaps://user:password@host/INBOX
REFERRAL_MAILBOX = env.str("ADUAN_REFERRAL_MAILBOX", default="rujukan@aduan.example")
IMAP_URL = environment.secret("ADUAN_IMAP_URL", environment=ADUAN_ENV, optional=True)
# Who runs the service, as JSON: see portal/common/owner.py. Without it every page names a demo ministry.
SERVICE_OWNER = env.json("ADUAN_SERVICE_OWNER", default={})
SECURITY_EMAIL = env.str("ADUAN_SECURITY_EMAIL", default="keamanan@aduan.example")
EMAIL_TIMEOUT = 20
# The API. A view that names no permission is closed; cookies open nothing. Rates are per access key.
_RATES = (("read", "1200/hour"), ("write", "300/hour"))
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.problems.ProblemRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
API_RATES = {kind: env.str(f"ADUAN_API_{kind.upper()}_RATE", default=rate) for kind, rate in _RATES}
# Webhooks go to public https addresses; to http on 127.0.0.1 only where this allows it, in production never.
WEBHOOKS_TO_LOOPBACK = not PRODUCTION and env.bool("ADUAN_WEBHOOKS_TO_LOOPBACK", default=False)
# Behind deploy/nginx: its internal address of list files, and where it writes down how their transfers ended.
LISTS_ACCEL_PREFIX = env.str("ADUAN_LISTS_ACCEL_PREFIX", default="")
DELIVERY_LOG = env.str("ADUAN_DELIVERY_LOG", default="")
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Aduan Nomor",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.description.require_bodies",
    ],
}

# By operator: url, token_url, client_id, secret or secret_file, daily_quota (CAMARA Number Recycling).
RECYCLING_APIS: dict[str, dict[str, str]] = env.json("ADUAN_RECYCLING_APIS", default={})

# Logs, metrics, errors and spans.
from aduan.log_settings import *  # noqa: E402, F403 - all of them are settings

# A process that starts is safe to be found: what is refused beside missing secrets and addresses.
unsafe_settings.refuse(globals())
