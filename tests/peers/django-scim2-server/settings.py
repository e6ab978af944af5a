"""A Django project that serves django-scim2-server and nothing else, kept in the folder it stands in."""

import pathlib

SECRET_KEY = "of-no-use-to-anybody"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
APPEND_SLASH = False
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_scim2_server"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": pathlib.Path(__file__).parent / "store.sqlite3",
        # Requests come side by side; a transaction that begins by reading could not wait for another to end.
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SCIM2_SERVER_AUTH_CHECK = "key.check"
