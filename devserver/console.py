"""Lets manage.py use the embedded servers of `make up`, starting them for its own time when they are down."""

import atexit
import os
import sys

from devserver import postgres, valkey
from devserver.addresses import database_url
from devserver.home import EmbeddedError, default_home, read_marker, refuse_other_version


def adopt() -> None:
    """Take over the environment `make up` left; without one, leave everything as it is (production)."""
    home = default_home()
    try:
        refuse_other_version(home)
    except EmbeddedError as error:
        sys.exit(f"aduan: {error}")
    left = read_marker(home)
    if not left:
        return
    for key, value in left.items():
        os.environ.setdefault(key, value)
    try:
        for name, server in (("DATABASE_URL", postgres.server(home)), ("REDIS_URL", valkey.server(home))):
            # The state of an earlier release names the administrator's role.
            if os.environ.get(name) not in (server.url, database_url(home)):
                continue  # DATABASE_URL or REDIS_URL names another server
            if not server.running():
                server.start()
                atexit.register(server.stop)
    except EmbeddedError as error:
        sys.exit(f"aduan: {error}")
