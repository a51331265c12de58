"""`python -m bench.mail_sink`: a mail server of its own process that takes everything.

Prints its port. When its standard input ends it prints how many letters it took and of how many Message-IDs.
"""

from __future__ import annotations

import json
import sys
from email.parser import BytesHeaderParser
from typing import Any

from tests.smtp_sink import Sink


class _Counter(Sink):
    """Reads letters when it has ended: a mail server does not read them either while it takes them."""

    def parse(self, content: bytes) -> Any:
        return content


def main() -> int:
    sink = _Counter()
    print(sink.port, flush=True)
    sys.stdin.read()
    ids = {BytesHeaderParser().parsebytes(content)["Message-ID"] for content in sink.taken}
    print(json.dumps({"letters": len(sink.taken), "ids": len(ids)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
