"""Whoever brings the key may do everything; django-scim2-server leaves that to its host."""

import os


def check(request):
    return request.headers.get("Authorization") == os.environ["AUTHORIZATION"]
