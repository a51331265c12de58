"""`python -m bench.mail_sink`: a mail server of its own process that takes everything.

Prints its port. When its standard input ends it prints how many letters it took and of how many Message-IDs.
"""

from __future__ import annotations

import email.policy
import json
import sys
from email.message import EmailMessage
from email.parser import BytesHeaderParser

from tests.smtp_sink import Sink


class _Counter(Sink):
    """Reads no more of a letter than a mail server does, or the promise would measure this one."""

    def parse(self, content: bytes) -> EmailMessage:
        return BytesHeaderParser(policy=email.policy.default).parsebytes(content)


def main() -> int:
    sink = _Counter()
    print(sink.port, flush=True)
    sys.stdin.read()
    print(json.dumps({"letters": len(sink.taken), "ids": len({one["Message-ID"] for one in sink.taken})}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
