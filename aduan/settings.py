"""One typed page of settings from the environment, safe by default. Imported by nobody: use django.conf.

`ADUAN_MODE` is `production` unless something says otherwise: `make up` sets `embedded`, the tests `test`.
Every secret NAME may come from NAME or from the file NAME_FILE names. Broken settings stop the process here.
"""

import base64
import datetime as dt
import hashlib
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

django_stubs_ext.monkeypatch()
env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
Mode = Literal["production", "embedded", "test"]


def _mode() -> Mode:
    value = env.str("ADUAN_MODE", default="production")
    if value not in ("production", "embedded", "test"):
        raise ImproperlyConfigured(f"ADUAN_MODE is {value!r}; it can be production, embedded or test.")
    return cast(Mode, value)


ADUAN_MODE: Mode = _mode()
PRODUCTION = ADUAN_MODE == "production"
ADUAN_HOME = Path(env.str("ADUAN_HOME", default=str(BASE_DIR / ".aduan"))).resolve()


def secret(name: str) -> str:
    """A secret from NAME or NAME_FILE; in production it must be there, be long and not be an example."""
    path = env.str(f"{name}_FILE", default="")
    try:
        value = Path(path).read_text(encoding="ascii").strip() if path else env.str(name, default="")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    if PRODUCTION and (len(value) < 43 or "change" in value.lower() or value.startswith("django-insecure")):
        raise ImproperlyConfigured(f"{name} is missing, too short or an example: set {name} or {name}_FILE.")
    return value or base64.b64encode(hashlib.sha256(f"only for tests: {name}".encode()).digest()).decode()


def is_key(text: str) -> bool:
    """Whether the text is base64 of 32 bytes that are not all alike, after an optional `version:`."""
    try:
        key = base64.b64decode(text.strip().rpartition(":")[2], validate=True)
    except ValueError:
        return False
    return len(key) == 32 and len(set(key)) > 1


def required(name: str, test_default: str) -> str:
    """An address without which production cannot start."""
    value = env.str(name, default="")
    if not value and ADUAN_MODE != "test":
        raise ImproperlyConfigured(f"{name} is not set. On your own machine `make up` sets it for you.")
    return value or test_default


# Secrets. Vault keys are base64 of 32 random bytes; VAULT_KEYS lists "version:key", newest first.
SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
VAULT_KEYS: list[str] = secret("VAULT_KEYS").split(",")
BLIND_INDEX_KEY = secret("BLIND_INDEX_KEY")
# The keys that lists are trusted by: files <role>-<n>.pem, made by `manage.py keys create`.
KEYS_DIR = Path(env.str("ADUAN_KEYS_DIR", default=str(ADUAN_HOME / "keys")))

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

ROOMS = "core notifications accounts operators numbers cases complaints appeals blocklists"
CONTRIB = "admin auth contenttypes humanize messages postgres sessions staticfiles"
INSTALLED_APPS = [
    *(f"aduan.{room}" for room in ROOMS.split()),
    "portal",
    *(["sample"] if not PRODUCTION else []),
    *(f"django.contrib.{app}" for app in CONTRIB.split()),
    *("allauth", "allauth.account", "allauth.mfa"),
    *("rest_framework", "drf_spectacular", "drf_spectacular_sidecar", "django_filters"),
    *("crispy_forms", "crispy_bootstrap5", "pgtrigger", "pghistory", "django_structlog"),
]

MIDDLEWARE = [
    "portal.common.middleware.MaxBodySizeMiddleware",
    "portal.common.middleware.RequestIdMiddleware",
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
    "django_structlog.middlewares.RequestMiddleware",
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
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# PostgreSQL. Web processes set DB_STATEMENT_TIMEOUT_MS; worker and console build long lists and do not.
DATABASE_URL = required("DATABASE_URL", "postgres://aduan@/aduan")
DATABASES: dict[str, Any] = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database (postgres://…): there is no other."
    )
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket's folder: %2Ftmp%2F…
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    [
        f"-c statement_timeout={env.int('DB_STATEMENT_TIMEOUT_MS', default=0)}",
        f"-c lock_timeout={env.int('DB_LOCK_TIMEOUT_MS', default=10_000)}",
        "-c idle_in_transaction_session_timeout=600000",
        "-c synchronous_commit=on" if ADUAN_MODE != "test" else "",
    ]
)
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": True,
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=0 if ADUAN_MODE == "test" else 60),
    "CONN_HEALTH_CHECKS": True,
}

# Redis or Valkey: 0 the broker, 2 the cache. It only hints; what must not be lost is in PostgreSQL.
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:1").rstrip("/")
_SOCKET = REDIS_URL.removeprefix("unix://") if REDIS_URL.startswith("unix://") else ""
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"unix://{_SOCKET}?db=2" if _SOCKET else f"{REDIS_URL}/2",
        "KEY_PREFIX": "aduan" + env.str("PYTEST_XDIST_WORKER", default=""),
    }
}
CELERY_BROKER_URL = f"redis+socket://{_SOCKET}?virtual_host=0" if _SOCKET else f"{REDIS_URL}/0"
# How the worker treats its tasks: aduan/celery.py.
CELERY_TIMEZONE = "Asia/Jakarta"
CELERY_TASK_DEFAULT_QUEUE = env.str("ADUAN_QUEUE", default="aduan")

# People. Sign-up is closed; staff add a second factor. See signin.py and middleware.py in portal/common.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if ADUAN_MODE == "test"
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
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
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = dt.timedelta(minutes=30)
SESSION_LIFETIME = dt.timedelta(hours=8)
# Grave acts (second signature, reveal, export, release) want a proof of identity not older than this.
STEP_UP_AGE = dt.timedelta(minutes=15)
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=PRODUCTION)
MFA_TOTP_ISSUER = "Aduan Nomor"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator typed it; there is no sign-up
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900

# The browser. __Host- cookies exist only over https, so the embedded portal on http uses plain names.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-sid", "__Host-csrf") if PRODUCTION else ("sid", "csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# Only behind a proxy that overwrites the header (deploy/nginx): the environment says so.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
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
            for kind in ("script", "style", "img", "font", "connect", "worker", "manifest")
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
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(ADUAN_HOME / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(ADUAN_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
_READ_BY_OUR_GROUP = {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}  # the web server
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_NAMED_BY_DIGEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_STATICFILES = _PLAIN if ADUAN_MODE == "test" else _NAMED_BY_DIGEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Another BACKEND here (a private S3Storage) and evidence lies elsewhere; nothing else changes.
    "evidence": {
        "BACKEND": env.str("EVIDENCE_STORAGE", default="aduan.complaints.storage.PrivateFileStorage"),
        "OPTIONS": env.json("EVIDENCE_STORAGE_OPTIONS", default={"location": str(MEDIA_ROOT / "evidence")}),
    },
    "staticfiles": {"BACKEND": _STATICFILES, "OPTIONS": _READ_BY_OUR_GROUP},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ADUAN_MODE == "test"

# Lists: where their files lie (private; nginx hands them out by X-Accel-Redirect), and how long a list that
# adds numbers waits between build and publication, so that people can still stop it.
PUBLISH_ROOT = Path(
    env.str("PUBLISH_ROOT", default=str(ADUAN_HOME / ("lists" + env.str("PYTEST_XDIST_WORKER", default=""))))
)
COOLING_OFF = dt.timedelta(hours=env.float("ADUAN_COOLING_OFF_HOURS", default=4 if PRODUCTION else 0))

# Languages: English msgids, one catalogue an area, Indonesian first.
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
AREAS = ("domain", "shared", "public", "staff", "operators")
LOCALE_PATHS = [BASE_DIR / "portal" / "locale" / area for area in AREAS]
TIME_ZONE, USE_TZ = "Asia/Jakarta", True

# Evidence is scanned by ClamAV only when its socket is named here; then nothing leaves quarantine unscanned.
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")

# Text messages: a dotted path to a function of (number, text). The default writes them under ADUAN_HOME/sms.
SMS_GATEWAY = env.str("SMS_GATEWAY", default="portal.tasks.sms.to_file")

# Mail: a server by EMAIL_URL, otherwise files under ADUAN_HOME/mail for people to read.
globals().update(env.email_url_config(env.str("EMAIL_URL", default=f"filemail:///{ADUAN_HOME / 'mail'}")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@aduan.example")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="tanya@aduan.example")
SECURITY_EMAIL = env.str("SECURITY_EMAIL", default="keamanan@aduan.example")
EMAIL_TIMEOUT = 20

# The API. A view that names no permission is closed; cookies open nothing. Rates are per access key.
_RATES = (("read", "1200/hour"), ("write", "300/hour"))
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["portal.api.problems.ProblemRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
API_RATES = {kind: env.str(f"API_{kind.upper()}_RATE", default=rate) for kind, rate in _RATES}
# Webhooks go to public https addresses; to http on 127.0.0.1 only where this allows it, in production never.
WEBHOOKS_TO_LOOPBACK = not PRODUCTION and env.bool("WEBHOOKS_TO_LOOPBACK", default=False)
# Behind deploy/nginx: its internal address of list files, and where it writes down how their transfers ended.
X_ACCEL_LISTS, DELIVERY_LOG = env.str("X_ACCEL_LISTS", default=""), env.str("DELIVERY_LOG", default="")
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Aduan Nomor",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Logs: one JSON line an event on stderr, without personal data (portal/common/logs.py).
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.common.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # only well-formed ones pass our RequestId
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# What is refused, beside missing secrets and addresses. A process that starts is safe to be found.
UNSAFE = {
    "DEBUG shows personal data to whoever meets an error; it is never switched on here.": DEBUG,
    "VAULT_KEYS and BLIND_INDEX_KEY must be base64 of 32 random bytes.": not all(
        is_key(key) for key in (*VAULT_KEYS, BLIND_INDEX_KEY)
    ),
    "A secret is used for two purposes; each needs its own.": len(
        {SECRET_KEY, BLIND_INDEX_KEY, *(key.rpartition(":")[2] for key in VAULT_KEYS)}
    )
    != 2 + len(VAULT_KEYS),
    "X_ACCEL_LISTS needs DELIVERY_LOG, or no download would count.": bool(X_ACCEL_LISTS and not DELIVERY_LOG),
    "STATIC_ROOT is served to everybody; MEDIA_ROOT and ADUAN_KEYS_DIR must not lie in it.": any(
        path.resolve().is_relative_to(STATIC_ROOT.resolve()) for path in (MEDIA_ROOT, KEYS_DIR)
    ),
}
UNSAFE_IN_PRODUCTION = {
    "ALLOWED_HOSTS must name the hosts; * is refused.": not ALLOWED_HOSTS or "*" in "".join(ALLOWED_HOSTS),
    "PUBLIC_URL must be the https:// address that citizens use.": not PUBLIC_URL.startswith("https://"),
    "CSRF_TRUSTED_ORIGINS must be https:// and without *.": any(
        not origin.startswith("https://") or "*" in origin for origin in CSRF_TRUSTED_ORIGINS
    ),
    "SECURE_SSL_REDIRECT=false sends log-ins in the clear.": not SECURE_SSL_REDIRECT,
    "STAFF_SECOND_FACTOR=false lets a stolen password decide about numbers.": not STAFF_SECOND_FACTOR,
    "EMAIL_URL must name a mail server: notifications in a file reach nobody.": not env.str(
        "EMAIL_URL", default=""
    ),
    "LOG_LEVEL=DEBUG writes what people told us into the logs.": LOGGING["root"]["level"] == "DEBUG",
    "ADUAN_DEMO_PASSWORD opens the door to everybody who read the manual.": "ADUAN_DEMO_PASSWORD"
    in env.ENVIRON,
}
for _message, _is_unsafe in (UNSAFE | (UNSAFE_IN_PRODUCTION if PRODUCTION else {})).items():
    if _is_unsafe:
        raise ImproperlyConfigured(_message)
