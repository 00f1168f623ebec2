"""Settings, from the environment. Nothing here does anything; see docs/reference/settings.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from psycopg.conninfo import conninfo_to_dict

from xiangyun import manifest
from xiangyun.adapters.address import public_url
from xiangyun.adapters.loopback import is_loopback
from xiangyun.site.kernelwide import ZONE, set_from

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("XIANGYUN_HOME") or platformdirs.user_data_path("xiangyun"))


def _secret_key() -> str:
    """The instance's own key, made once; a shared default would let anyone forge a session."""
    if given := os.environ.get("XIANGYUN_SECRET_KEY"):
        return given
    file = HOME / "secret-key"
    if not file.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        draft = HOME / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text()


set_from(os.environ)
SECRET_KEY = _secret_key()
DEBUG = os.environ.get("XIANGYUN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("XIANGYUN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("XIANGYUN_ORIGINS", "").split(",") if o]
PUBLIC_URL = public_url(HOME)
HTTPS = PUBLIC_URL.startswith("https://")
# Whether fictitious accounts may log in, without a password: never by itself where it is earnest,
# and where others than this machine could reach it (see also `xiangyun serve --host`).
# An instance in which staff practise: every page says that nothing done there counts.
PRACTICE = os.environ.get("XIANGYUN_PRACTICE") == "1"
DEMONSTRATION_SAID = "XIANGYUN_DEMONSTRATION" in os.environ
DEMONSTRATION = os.environ.get("XIANGYUN_DEMONSTRATION") == "1" or (
    not DEMONSTRATION_SAID
    and not HTTPS
    and all(is_loopback(host) for host in (urlsplit(PUBLIC_URL).hostname or "", *ALLOWED_HOSTS))
)
# Whether officials must have a second factor, and the days for those who were here before it was.
SECOND_FACTOR = os.environ.get("XIANGYUN_SECOND_FACTOR", "offered" if DEMONSTRATION else "required")
SECOND_FACTOR_GRACE = int(os.environ.get("XIANGYUN_SECOND_FACTOR_GRACE", "14"))
# A file of providers of OpenID Connect by which people log in; see adapters/openid.py.
PROVIDERS = os.environ.get("XIANGYUN_PROVIDERS", "")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *(app.package for app in manifest.apps()),
    "xiangyun.site",
]
MIDDLEWARE = [
    "xiangyun.site.logs.name_requests",
    "xiangyun.site.traces.trace_requests",
    "xiangyun.site.middleware.head_as_get",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "xiangyun.site.middleware.security_headers",
    "xiangyun.faces.api.middleware.speak_problems",
    "xiangyun.site.middleware.refuse_floods",
    "xiangyun.site.limits.limit_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xiangyun.site.middleware.readers_language",
    "xiangyun.site.middleware.readable_refusals",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xiangyun.site.middleware.acting",
]
ROOT_URLCONF = "xiangyun.site.urls"
WSGI_APPLICATION = "xiangyun.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "xiangyun.faces.look.sources.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xiangyun.faces.look.context.surroundings",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    given = conninfo_to_dict(url)
    known = {"user", "password", "host", "port", "dbname"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname"),
        "USER": given.get("user") or "",
        "PASSWORD": given.get("password") or "",
        "HOST": given.get("host") or "",
        "PORT": str(given.get("port") or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # whatever else the address says, such as sslmode, or requirepeer of the embedded server
        "OPTIONS": {name: value for name, value in given.items() if name not in known},
    }


# Two ways into one database: pages, jobs and commands under the role that row-level security
# binds; only migrations as the owner of the tables.
# The process's name in the server's list lets the last one to leave put out the light.
PROCESS = f"xiangyun {os.getpid()}"
_URL = os.environ.get("DATABASE_URL", "dbname=xiangyun")
DATABASES = {
    "default": _database(_URL),
    "owner": _database(os.environ.get("XIANGYUN_OWNER_URL", _URL)),
}
DATABASES["default"]["OPTIONS"] |= {
    "options": "-c role=xiangyun_runtime",  # where one login serves for both
    "application_name": PROCESS,
    "prepare_threshold": 1,  # of statements that say so; see domain/planned.py
}
DATABASES["owner"]["OPTIONS"] |= {"application_name": PROCESS}
# The proxy in front, which is believed about whom it asks for; without one, nobody is.
TRUSTED_PROXY = os.environ.get("XIANGYUN_PROXY", "")
# How often one may ask: (at once, a minute), by address and by account; see site/limits.py. A
# factor for all of them; 0 ends the limits, as where a proxy in front has its own.
RATES_FACTOR = float(os.environ.get("XIANGYUN_RATES", "1"))
RATES_OF_ADDRESS = {
    "read": (400, 1200),
    "write": (120, 240),
    "costly": (80, 240),
    "login": (40, 60),
    "report": (10, 6),
    "exchange": (400, 6000),  # another system, which its connector limits besides
    "catalogue": (1000, 6000),  # `ckanapi dump` asks for each package and comes back for none
}
RATES_OF_ACCOUNT = {
    "read": (200, 600),
    "write": (60, 180),
    "costly": (40, 120),
    "login": (20, 20),
    "report": (10, 6),
    "exchange": (400, 6000),
    "catalogue": (1000, 6000),
}
# What PostgreSQL ends for a page that takes too long or stands in another's way.
PAGE_TIMEOUTS = {
    "statement_timeout": os.environ.get("XIANGYUN_STATEMENT_TIMEOUT", "20s"),
    "lock_timeout": os.environ.get("XIANGYUN_LOCK_TIMEOUT", "8s"),
    "idle_in_transaction_session_timeout": "60s",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
SESSION_ENGINE = "xiangyun.domain.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
LOGIN_URL = "/login"
PASSWORD_HASHERS = [
    "xiangyun.adapters.passwords.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of earlier years: replaced at log-in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
CSRF_FAILURE_VIEW = "xiangyun.faces.portal.views.errors.no_token"

LANGUAGE_CODE = "zh-hans"  # which further languages there are: xiangyun.adapters.languages
USE_I18N = True
TIME_ZONE = os.environ.get("XIANGYUN_TIME_ZONE") or ZONE
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_IGNORED = ["ext", "htmx-4*", "htmax-*", "htmx-2.js"]  # other editions of htmx, not used
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "xiangyun.site.static.HashedFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LARGEST_BODY = 64 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Under https, browsers are to come by https alone, for a year; whoever comes by http is led over.
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^alive$", r"^ready$"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# A collector of OpenTelemetry, such as http://127.0.0.1:4318/v1/traces; without one no traces.
TRACES = os.environ.get("XIANGYUN_TRACES", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "xiangyun.site.logs.Plain"},
        "json": {"()": "xiangyun.site.logs.Structured"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if os.environ.get("XIANGYUN_LOG_FORMAT") == "json" else "plain",
        }
    },
    # A stranger's wrong host name is refused with 400; each would be a traceback in the log.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "propagate": False}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("XIANGYUN_LOG", "WARNING")},
}

# What the domain wants from the outside (its ports), by the name of what makes it.
XIANGYUN_TRANSPORTS = {
    "http": "xiangyun.adapters.exchange.HttpTransport",
    "folder": "xiangyun.domain.exchange.folders.SignedFiles",
    "mail": "xiangyun.adapters.exchangemail.SignedMail",
}
XIANGYUN_EXCHANGE_CARRIER = "xiangyun.adapters.exchangemail.carry"
# Where the mail server delivers what partners of exchange send: a Maildir, or a folder of *.eml.
EXCHANGE_MAIL = os.environ.get("XIANGYUN_EXCHANGE_MAIL", "")
XIANGYUN_ELSEWHERE = "xiangyun.adapters.elsewhere.Partners"
XIANGYUN_PAYMENTS = "xiangyun.adapters.payments.simulated"
XIANGYUN_POSTER = "xiangyun.adapters.fetching.post"
XIANGYUN_POST = "xiangyun.adapters.post.simulated"
XIANGYUN_DEPARTMENTS = "xiangyun.adapters.departments.SimulatedDepartments"
XIANGYUN_SIGNATURES = "xiangyun.adapters.passkeysigning.Passkeys"
XIANGYUN_CALENDAR = "xiangyun.adapters.calendar.chinese_calendar_with"
# Where contents of files lie: a folder, or s3://bucket/beginning?endpoint=… (the extra `s3`);
# without either, `files/` in the home.
FILES = os.environ.get("XIANGYUN_FILES", "")
XIANGYUN_FILE_STORE = "xiangyun.adapters.filestores.store"
# Where closed cases move to, one file each; without it, `archive/` in the home.
ARCHIVE = os.environ.get("XIANGYUN_ARCHIVE", "")
XIANGYUN_ARCHIVE_SHELF = "xiangyun.adapters.archives.shelf"
# ClamAV's daemon, host:port or the path of its socket; without one nothing is scanned.
CLAMD = os.environ.get("XIANGYUN_CLAMD", "")
XIANGYUN_SCANNER = "xiangyun.adapters.clamd.scanner" if CLAMD else ""
XIANGYUN_SIGNER = "xiangyun.adapters.token.signer"
XIANGYUN_BEACONS = "xiangyun.adapters.beacons.of_instance"
XIANGYUN_WITNESSING = "xiangyun.adapters.witnesses.witnesses"
XIANGYUN_KEYRING = "xiangyun.adapters.token.keyring"
XIANGYUN_TRUST = "xiangyun.adapters.keyring.trusted_organisations"
XIANGYUN_CERTIFICATE_PDF = "xiangyun.adapters.certificatepdf.certificate_pdf"
XIANGYUN_CIPHER = "xiangyun.adapters.cipher.cipher"
# Where e-mail goes out (smtp://user@host:587?from=…) and where text messages do (https://…); in a
# demonstration without either, both are kept as files in the home. See adapters/mail.py, sms.py.
SMTP = os.environ.get("XIANGYUN_SMTP", "")
SMTP_PASSWORD = os.environ.get("XIANGYUN_SMTP_PASSWORD", "")
SMS = os.environ.get("XIANGYUN_SMS", "")
SMS_KEY = os.environ.get("XIANGYUN_SMS_KEY", "")
# A language model that may be asked for better wording: the address of an interface like OpenAI's,
# https://host/v1?model=name; none by default. See adapters/languagemodel.py.
MODEL = os.environ.get("XIANGYUN_MODEL", "")
MODEL_KEY = os.environ.get("XIANGYUN_MODEL_KEY", "")
# A folder with Chinese faces for letters as PDF, besides those of the machine.
FONTS = os.environ.get("XIANGYUN_FONTS", "")
# What turns sentences into vectors, where the extra `sense` is installed; without it offers are
# found by words alone.
XIANGYUN_ENCODER = "xiangyun.adapters.sentences.encoder"
XIANGYUN_TYPESETTER = "xiangyun.adapters.pdfsealing.typesetter"
XIANGYUN_TABLES = "xiangyun.adapters.opentables.workshop"
# Hosts within one's own network whose catalogues may be harvested, `host` or `host:port` with
# commas between; all others must lie in the open network. See adapters/fetching.py.
HARVEST_INSIDE = frozenset(
    each.strip()
    for each in os.environ.get("XIANGYUN_HARVEST_INSIDE", "").split(",")
    if each.strip()
)
XIANGYUN_CATALOGUES = "xiangyun.adapters.harvests.source"
XIANGYUN_MAIL = "xiangyun.adapters.mail.sender"
XIANGYUN_TEXTING = "xiangyun.adapters.sms.sender"
