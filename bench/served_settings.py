"""The settings of the tests, but served as in production.

Durable commits, kept connections, static files by digest and not looked for on disk at each request.
"""

import os
from pathlib import Path

from tests.settings import *  # noqa: F403 - all of them are settings
from tests.settings import CACHES, DATABASES, STORAGES

STORAGES["staticfiles"]["BACKEND"] = "portal.common.static_files.NamedByDigest"
STATIC_ROOT = Path(os.environ["ADUAN_BENCH_STATIC"])
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=on"
CACHES["default"].pop("OPTIONS", None)
BEHIND_PROXY = True  # each request comes from the network that its X-Real-IP names
