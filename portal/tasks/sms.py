"""Gateways for text messages: a function of (number, text) that raises when the text did not leave.

settings.SMS_GATEWAY names one. A ministry's gateway is one more function here or in a package of its own.
"""

from __future__ import annotations

import json
import os
import uuid

from django.conf import settings


def to_file(number: str, text: str) -> None:
    """For the embedded portal: one file a message under ADUAN_HOME/sms, readable by no one else."""
    folder = settings.ADUAN_HOME / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{uuid.uuid4()}.json", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"to": number, "text": text}, out, ensure_ascii=False)
