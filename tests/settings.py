"""The settings of the tests: the real ones, with what makes a run quick and keeps parallel runs apart.

The servers that DATABASE_URL and REDIS_URL name start when a test first needs them: see devserver/testing.py.
"""

import base64
import hashlib
import os

from devserver import testing


def _key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(f"only for tests: {name}".encode()).digest()).decode()


os.environ["ADUAN_ENV"] = "test"
for _name in ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS", "ADUAN_BLIND_INDEX_KEY"):
    os.environ.setdefault(_name, _key(_name))
if "DATABASE_URL" in os.environ:  # also of a process that a test starts: it only serves
    os.environ.setdefault("ADUAN_MIGRATE_DATABASE_URL", "")
for _name, _value in testing.addresses().items():
    os.environ.setdefault(_name, _value)

from aduan.settings import *  # noqa: E402, F403
from aduan.settings import ADUAN_HOME, ALLOWED_HOSTS, CACHES, DATABASES, STORAGES  # noqa: E402

_RUN, _WORKER = (
    testing.run_id(),
    os.environ.get("PYTEST_XDIST_WORKER", ""),
)  # xdist's workers share the servers and the folder

ALLOWED_HOSTS += ["testserver"]
DATABASES["default"]["CONN_MAX_AGE"] = int(os.environ.get("ADUAN_DB_CONN_MAX_AGE", "0"))
DATABASES["default"]["OPTIONS"]["options"] = DATABASES["default"]["OPTIONS"]["options"].replace(
    "-c synchronous_commit=on", ""
)
DATABASE_MUST_BE_DURABLE = False
MONITORING = {"disk_free_percent": 0}  # how full the disk of this machine is says nothing about a test
CACHES = {  # no test depends on the machine being fast
    name: cache | {"OPTIONS": {"budget": 30.0}, "KEY_PREFIX": f"aduan-{_RUN}{_WORKER}"}
    for name, cache in CACHES.items()
}
QUEUE_PREFIX = f"test-{_RUN}{_WORKER}"
CELERY_TASK_DEFAULT_QUEUE = f"{QUEUE_PREFIX}.housekeeping"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
if "ADUAN_KEYS_DIR" not in os.environ:  # a test that rotates keys would change them under another worker's
    KEYS_DIR = ADUAN_HOME / f"keys{_WORKER}"
if "ADUAN_PUBLISH_ROOT" not in os.environ:
    PUBLISH_ROOT = ADUAN_HOME / f"lists{_WORKER}"
