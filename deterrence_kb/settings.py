"""One file of settings, driven by environment variables (listed in docs/operate.md)."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from apps.public.serving.logs import logging_settings
from deterrence_kb import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.boolean("DEBUG", default=False)
SITE_ROLE = env.choice("SITE_ROLE", ("all", "public"), default="all")
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be made: {error.strerror}.") from None

SECRET_KEY = env.text("SECRET_KEY", "only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is empty. Set it to a long random text and keep it, or set DEBUG=1 on a machine of your own."
    )
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # former ones: what they signed is still good
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

# --- The two wings. A public site has no table, no URL and no code of the private one.
PUBLIC_APPS = [
    "apps.taxonomy",
    "apps.public.catalogue",
    "apps.public.search",
    "apps.public.website",
    "apps.public.api",
    "apps.public.serving",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_countries",
]
PRIVATE_APPS = [
    "apps.curation",
    "apps.audit",
    "apps.gate",
    "apps.accounts",
    "apps.workbench",
    "taggit",
    "reversion",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
INSTALLED_APPS = PUBLIC_APPS + (PRIVATE_APPS if SITE_ROLE == "all" else [])

PRIVATE_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.Standing",
    "apps.audit.middleware.Asking",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.workbench.tagging.bar.Bar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.public.serving.requests.Requests",
    "csp.middleware.CSPMiddleware",
    *(PRIVATE_MIDDLEWARE if SITE_ROLE == "all" else []),
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.public.api.middleware.ForPrograms",
    *(["apps.workbench.api.middleware.ForCurators"] if SITE_ROLE == "all" else []),
    "apps.public.website.middleware.UnusableInput",
]

ROOT_URLCONF = "deterrence_kb.urls"
WSGI_APPLICATION = "deterrence_kb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "apps.public.website.context.site",
                *(
                    [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                    if SITE_ROLE == "all"
                    else []
                ),
            ],
            "builtins": ["apps.public.website.templatetags.website"],
        },
    }
]

# --- Data
DATABASE_URL = env.text("DATABASE_URL")
DATABASE_PATIENCE = env.integer("DATABASE_PATIENCE", default=20, minimum=1)  # seconds
DATABASES = {
    "default": env.postgresql(DATABASE_URL, DATABASE_PATIENCE, env.integer("STATEMENT_SECONDS", default=0))
    if DATABASE_URL
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "db.sqlite3",
        # Opening the file costs as much as half of a page; after a minute a request opens it anew, so that a
        # database put in its place is noticed.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # A writer asks for the lock when it begins, so that two of them queue instead of failing half way.
            "transaction_mode": "IMMEDIATE",
            "timeout": DATABASE_PATIENCE,
            # FULL: what was committed is on the disk. By NORMAL a power cut may undo what was withdrawn, and give its
            # change number, which readers and indexes have seen, to something else.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
    }
}
if not DATABASE_URL and not os.access(DATA_DIR, os.W_OK):
    raise ImproperlyConfigured(f"DATA_DIR {DATA_DIR} cannot be written, and the SQLite database in it has to be.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SEARCH_INDEX_DIR = DATA_DIR / "index"
DOWNLOADS_DIR = DATA_DIR / "downloads"
TAGGIT_CASE_INSENSITIVE = True

# --- The gate: how few people a descriptor may describe. No setting goes under three.
GATE_FEWEST_PEOPLE = env.integer("GATE_FEWEST_PEOPLE", default=5, minimum=3)

# --- The site's own words and choices
SITE_NAME = env.text("SITE_NAME", "Deterrence KB")
LICENCE = env.text("LICENCE", "")  # of what is published
PAGE_SIZE = env.integer("PAGE_SIZE", default=20, minimum=1)
API_REQUESTS_A_MINUTE = env.integer("API_REQUESTS_A_MINUTE", default=600, minimum=1)  # from one address

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
HTTPS = env.boolean("HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("HSTS_SUBDOMAINS", default=False)
# Other sites beneath this name, and the list that browsers ship with, are for whoever owns the name to decide on.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if SITE_ROLE == "public":
    SILENCED_SYSTEM_CHECKS.append("security.W003")  # no form is sent to it, so none is forged
BEHIND_PROXY = env.boolean("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
METRICS_KEY = env.text("METRICS_KEY")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * env.integer("SESSION_MINUTES", default=120, minimum=5)  # since something was last done in it
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000  # bytes of a form: what is too long for its field is answered beside the field
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
# Who has to sign in with a second factor: those who see people, publish or give roles; everybody may have one.
SECOND_FACTOR_FOR = env.choice(
    "SECOND_FACTOR_FOR", ("nobody", "trusted", "everybody"), default="nobody" if DEBUG else "trusted"
)
SIGN_IN_ATTEMPTS = env.integer("SIGN_IN_ATTEMPTS", default=5, minimum=1)  # at one account from one address
LOCKED_MINUTES = env.integer("LOCKED_MINUTES", default=15, minimum=1)
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "apps.public.website.views.errors.stale_form"

LOGGING = logging_settings(
    env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    env.choice("LOG_FORMAT", ("line", "json"), default="line"),
)
