"""The settings of the hub: one module, differing by environment variables only (see .env.example)."""

from pathlib import Path

import environ

from locales.cldr import content_languages
from locales.time_zones import time_zones

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="django-insecure-development-only")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

# --- apps, in the order of the map: what stands higher may import what stands lower -------------------

INSTALLED_APPS = [
    "contenthub.demo",
    "contenthub.api",
    "contenthub.content",
    "contenthub.delivery",
    "contenthub.accounts",
    "frontend_preview",
    "channels",
    "taxonomy",
    "locales",
    "graphene_django",
    "wagtail_headless_preview",
    "wagtail.contrib.table_block",
    "wagtail.snippets",
    "wagtail.documents",  # the admin asks for its address on every screen
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

# --- web ----------------------------------------------------------------------------------------------

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "contenthub.api.doorway.Doorway",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "contenthub.urls"
WSGI_APPLICATION = "contenthub.wsgi.application"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor shows previews in a frame of its own
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which wants DENY instead
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))
WHITENOISE_USE_FINDERS = True  # a fresh clone serves its admin before any collectstatic

# --- data ---------------------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds: to begin a connection costs more than most requests
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time: take the lock at BEGIN and wait for it, instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Statements that come again are planned once. A pooler between that knows no prepared statements wants it off.
    if env.bool("DATABASE_PREPARES", default=True):
        prepares = {"server_side_binding": True, "prepare_threshold": 5}
        DATABASES["default"]["OPTIONS"] = {**prepares, **DATABASES["default"].get("OPTIONS", {})}

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # A Redis that is lost or hangs is given up on quickly.
    CACHES["default"]["OPTIONS"] = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long article posts one field a block part
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- languages ----------------------------------------------------------------------------------------

USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="UTC")
LANGUAGE_CODE = env("LANGUAGE_CODE", default="en")
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = content_languages()
LOCALE_PATHS = [BASE_DIR / "contenthub" / "locale"]  # the admin's own words in Japanese and Korean

# --- content ------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = env("SITE_NAME", default="Content hub")
WAGTAILADMIN_BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("ja", "日本語"), ("ko", "한국어")]
WAGTAIL_USER_TIME_ZONES = time_zones()
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False  # a hotfix of live text leaves a running review alone
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 250  # milliseconds: who types looks at the wall
WAGTAIL_ENABLE_UPDATE_CHECK = False  # these three: no outside host at run time
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx", "zip"]  # nothing that a browser would run
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]

TAXONOMY_DEPENDANTS = "contenthub.content.dependants.HubTermDependants"  # doors upwards, see taxonomy/dependants.py
LOCALES_DEPENDANTS = "contenthub.content.dependants.HubLocaleDependants"

# --- API ----------------------------------------------------------------------------------------------

GRAPHENE = {"SCHEMA": "contenthub.api.schema.schema"}
HUB_ANONYMOUS_ACCESS = env.bool("HUB_ANONYMOUS_ACCESS", default=False)
HUB_ANONYMOUS_RIGHTS = env.list("HUB_ANONYMOUS_RIGHTS", default=[])  # of: time, variants, introspection
HUB_ANONYMOUS_REQUESTS_PER_MINUTE = env.int("HUB_ANONYMOUS_REQUESTS_PER_MINUTE", default=6_000)
HUB_ANONYMOUS_CACHE_SECONDS = env.int("HUB_ANONYMOUS_CACHE_SECONDS", default=60)
HUB_KEY_HEADER = env("HUB_KEY_HEADER", default="X-Hub-Key")
# Answers that a process keeps until something that they depend on changes; 0: none.
HUB_ANSWER_CACHE_BYTES = env.int("HUB_ANSWER_CACHE_BYTES", default=32 * 1024 * 1024)
HUB_ANSWER_SECONDS = env.float("HUB_ANSWER_SECONDS", default=10)
HUB_STATEMENT_SECONDS = env.float("HUB_STATEMENT_SECONDS", default=15)
HUB_PREVIEW_SECONDS = env.int("HUB_PREVIEW_SECONDS", default=3_600)
HUB_PREVIEW_CLIENTS = env.json("HUB_PREVIEW_CLIENTS", default={})  # addresses by preview mode, e.g. channel:web-page
HUB_PURGE_URL = env("HUB_PURGE_URL", default="")
HUB_PURGE_HEADER = env("HUB_PURGE_HEADER", default="")
HUB_DOCUMENT_RETENTION_DAYS = env.int("HUB_DOCUMENT_RETENTION_DAYS", default=400)

# --- logging ------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
