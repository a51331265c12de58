"""Settings for mypy's plugin only: the real ones, in test mode, without starting any server."""

import os

os.environ.setdefault("ADUAN_MODE", "test")

from aduan.settings import *  # noqa: F403
