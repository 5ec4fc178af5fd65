"""The shipped settings, with what a test run must not share: its key, its data folder, slow password hashing."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "for the tests alone")
os.environ.setdefault("SECOND_FACTOR_FOR", "nobody")  # what it asks for is tested where it is switched on
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="deterrence-kb-tests-"))

from deterrence_kb.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - whitenoise warns where it is missing
