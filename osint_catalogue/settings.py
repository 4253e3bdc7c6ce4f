"""One settings module, driven by the environment (docs/settings.md lists every variable).

Nothing here falls back to an insecure value: without DEBUG, a missing SECRET_KEY or DATABASE_URL stops
the process at start with the variable's name.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from environs import Env, validate

from osint_catalogue.logs import configure_structlog, logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

# --- The environment -------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "local-only-key-that-signs-nothing-of-value-0123456789" if DEBUG else None)
if not SECRET_KEY:
    raise RuntimeError("Set SECRET_KEY: a long random text that nobody else knows.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
SITE_URL = env.str("SITE_URL", "http://localhost:8000")
HTTPS = env.bool("HTTPS", not DEBUG)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var" / "data")))

# --- Applications ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "osint_catalogue.accounts",
    "evidence",
    "geolocation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "geolocation.tile_front.TileFrontMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "osint_catalogue.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "osint_catalogue.urls"
WSGI_APPLICATION = "osint_catalogue.wsgi.application"
FORM_RENDERER = "osint_catalogue.forms_renderer.CatalogueRenderer"
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
                "csp.context_processors.nonce",
                "osint_catalogue.context.catalogue",
            ],
        },
    },
]

# GDAL before 3.9 (Debian 12 has 3.6) cannot block file and network access of spatial references. None is ever
# taken from outside: every geometry here is WGS 84, and GeoTIFFs are read without GDAL.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# --- Database --------------------------------------------------------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL")}
DATABASES["default"]["ENGINE"] = "django.contrib.gis.db.backends.postgis"
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", "test_catalogue")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sign-in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "osint_catalogue.accounts.backends.CatalogueBackend",
    "rules.permissions.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "evidence:investigation-list"
ACCOUNT_ADAPTER = "osint_catalogue.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "Geolocation evidence catalogue"
INVITATION_DAYS = 14
DEMO_SIGN_INS = DEBUG and env.bool("DEMO_SIGN_INS", DEBUG)

# --- Mail ------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend"
    if DEBUG
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "catalogue@localhost")

# --- Files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(DATA_DIR / "media")))
# Files of verified points that are being made, or were asked for and are kept for a while.
EXPORTS_ROOT = DATA_DIR / "exports"
EXPORTS_KEPT_DAYS = env.int("EXPORTS_KEPT_DAYS", 7)
# Of all kept files together; one that would not fit is not begun, or is given up while it is made.
EXPORTS_KEPT_BYTES = env.int("EXPORTS_KEPT_BYTES", 20 * 1024**3)
# How many one person may have waiting or being made.
EXPORTS_AT_ONCE = env.int("EXPORTS_AT_ONCE", 3)
STORAGES = {
    "default": {"BACKEND": "evidence.storage.ContentAddressedStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 8 * 1024**3)
# Addresses that take files say so and bring their own handler (evidence.upload); all others take none.
FILE_UPLOAD_HANDLERS = ["evidence.upload.NoFilesHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 200

# --- Reading a file in a child process: what it may use --------------------------------------------------
READER_MEMORY_BYTES = env.int("READER_MEMORY_BYTES", 2 * 1024**3)
READER_CPU_SECONDS = env.int("READER_CPU_SECONDS", 60)
READER_WALL_SECONDS = env.int("READER_WALL_SECONDS", 90)
# Root certificates (PEM) of whom to trust as signers of Content Credentials; without it nobody is trusted.
CREDENTIALS_TRUST_LIST = env.str("CREDENTIALS_TRUST_LIST", "")
# The program that gives a second opinion on a file: a name on the PATH or a path; empty switches it off.
EXIFTOOL = env.str("EXIFTOOL", "exiftool")
# Long work, such as a viewing copy of a video: it says how far it is, and is stopped when it falls silent.
LONG_READER_MEMORY_BYTES = env.int("LONG_READER_MEMORY_BYTES", 3 * 1024**3)
LONG_READER_CPU_SECONDS = env.int("LONG_READER_CPU_SECONDS", 4 * 3600)
LONG_READER_WALL_SECONDS = env.int("LONG_READER_WALL_SECONDS", 2 * 3600)
LONG_READER_SILENCE_SECONDS = env.int("LONG_READER_SILENCE_SECONDS", 120)

# The most files that one ZIP or folder may bring in.
INTAKE_MOST_FILES = env.int("INTAKE_MOST_FILES", 20_000)

# Maps of more points than this take them from vector tiles.
MAP_TILES_ABOVE = env.int("MAP_TILES_ABOVE", 2_000)

# --- Queue -----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# Readings of long videos wait in a queue of their own, named "long" (evidence.services.readers.Lane).
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task that was taken and never finished comes back after this long; tasks are bounded below it. What a dead
# worker had in hand is found earlier, by its lease.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": LONG_READER_WALL_SECONDS + 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "evidence-sweep": {"task": "evidence.tasks.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "evidence-tidy": {"task": "evidence.tasks.tidy", "schedule": 3600.0, "options": {"expires": 1800}},
    "geolocation-sweep": {"task": "geolocation.tasks.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "geolocation-tidy": {
        "task": "geolocation.tasks.tidy",
        "schedule": 600.0,
        "options": {"expires": 540},
    },
    "geolocation-webhooks": {
        "task": "geolocation.tasks.send_webhooks",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
}
WORKER_HEARTBEAT_SECONDS = 30

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("REDIS_URL")}
    if env.str("REDIS_URL", "")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- What leaves by itself -------------------------------------------------------------------------------
# Webhooks go to public HTTPS addresses; the local mode may tell a program on the same machine, to try it out.
WEBHOOKS_TO_LOOPBACK = DEBUG
# Snapshots are called PREFIX/CODE.NUMBER. It looks like a DOI and is none: nobody has registered it.
SNAPSHOT_PREFIX = env.str("SNAPSHOT_PREFIX", "gec")

# --- API -------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "osint_catalogue.accounts.authentication.BearerTokenAuthentication",
        "osint_catalogue.accounts.authentication.HeaderSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["osint_catalogue.api_renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
        "rest_framework.parsers.FormParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "osint_catalogue.api_errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Geolocation evidence catalogue",
    "DESCRIPTION": "Claims, media items, geolocations, reviews and verified points.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Several nouns have a kind or a state; without names of their own the description would number them.
    "ENUM_NAME_OVERRIDES": {
        "SourceKindEnum": "evidence.models.SourceKind",
        "PlaceKindEnum": "evidence.models.PlaceKind",
        "MediaKindEnum": "evidence.models.MediaKind",
        "ReadingStateEnum": "evidence.models.ReadingState",
        "GeolocationStateEnum": "geolocation.models.geolocations.STATE_CHOICES",
        "LikenessKindEnum": "evidence.models.LikenessKind",
        "LikenessStateEnum": "evidence.models.LikenessState",
        "ExportStateEnum": "geolocation.models.ExportState",
        "LeftReasonEnum": "geolocation.models.TombstoneReason",
        "ImportReasonEnum": "geolocation.import_reasons.REASONS",
        "RoundStateEnum": "geolocation.models.RoundState",
        "RoundDecisionEnum": "geolocation.services.blind_decisions.RoundDecision",
    },
}

# --- Security --------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# --- Language and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Logs ------------------------------------------------------------------------------------------------
LOG_FORMAT = env.str(
    "LOG_FORMAT", "console" if DEBUG else "json", validate=validate.OneOf(["console", "json"])
)
LOGGING = logging_config(log_format=LOG_FORMAT, level=env.str("LOG_LEVEL", "INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
configure_structlog()
