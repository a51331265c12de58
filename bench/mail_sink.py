"""`python -m bench.mail_sink`: a mail server of its own process that takes everything.

Prints its port. When its standard input ends it prints how many letters it took and of how many Message-IDs.
"""

from __future__ import annotations

import json
import sys

from tests.smtp_sink import Sink


def main() -> int:
    sink = Sink()
    print(sink.port, flush=True)
    sys.stdin.read()
    print(json.dumps({"letters": len(sink.taken), "ids": len({one["Message-ID"] for one in sink.taken})}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
