"""Evidence in a private bucket of S3 or of a server that speaks like it, by django-storages.

    ADUAN_EVIDENCE_STORAGE=aduan.complaints.evidence.s3.PrivateS3Storage
    ADUAN_EVIDENCE_STORAGE_OPTIONS={"bucket_name": "evidence", "endpoint_url": "https://s3.example.go.id"}

Log-in: AWS_SHARED_CREDENTIALS_FILE names boto3's file, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. A
server that is away is an OSError here, as with a folder: files wait, none is judged.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from time import monotonic
from typing import Any, Final

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

# A form waits for it: two tries, by one visitor in a quarter of a minute. The others hear at once.
CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 10
ATTEMPTS: Final = 2
AWAY_SECONDS: Final = 15.0  # for which a server that did not answer is not asked again
_WHOLE: Final = 256 * 1024 * 1024  # one PUT for every file that is taken: durable or not there


class PrivateS3Storage(S3Storage):  # type: ignore[misc]  # it has no types
    """S3Storage without addresses for others. `save()` returns when the server has the file."""

    def __init__(self, **options: Any) -> None:
        style = {"addressing_style": options.get("addressing_style") or "auto"}
        options.setdefault(
            "client_config",
            Config(
                s3=style,
                signature_version=options.get("signature_version") or "s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            ),
        )
        options.setdefault("transfer_config", TransferConfig(use_threads=False, multipart_threshold=_WHOLE))
        # The server does not learn what kind of file it keeps.
        options.setdefault("object_parameters", {"ContentType": "application/octet-stream"})
        super().__init__(**{**options, "file_overwrite": True, "default_acl": None})
        self._away_until = 0.0

    def url(self, name: str | None, *_args: Any, **_kwargs: Any) -> str:  # noqa: ARG002 - Django's signature
        raise ValueError("evidence has no address: a view hands it out")

    def listed(self, folder: str) -> Iterator[tuple[str, dt.datetime]]:
        """Name and time of each file below a folder, a thousand a request."""
        prefix = f"{self._normalize_name(folder)}/"
        start = len(prefix) - len(folder) - 1
        with self._as_os_error():
            pages = self.connection.meta.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield found["Key"][start:], found["LastModified"]

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:  # noqa: ARG002 - Django's signature
        with self._as_os_error():
            try:
                key = self._normalize_name(name)
                found = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
                return ContentFile(found["Body"].read(), name=name)
            except ClientError as error:
                if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                    raise FileNotFoundError(name) from error
                raise

    def _save(self, name: str, content: Any) -> str:
        with self._as_os_error():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with self._as_os_error():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with self._as_os_error():
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with self._as_os_error():
            folders, files = super().listdir(path)
            return folders, files

    @contextlib.contextmanager
    def _as_os_error(self) -> Iterator[None]:
        """The driver's errors are no OSErrors, and their texts may name keys: only their kind is kept."""
        if monotonic() < self._away_until:
            raise OSError("S3 did not answer a moment ago; it is not asked now")
        try:
            yield
        except ClientError as error:
            raise OSError(f"S3 refused: {error.response['Error'].get('Code', '?')}") from error
        except (BotoCoreError, Boto3Error) as error:
            self._away_until = monotonic() + AWAY_SECONDS
            raise OSError(f"S3 does not answer: {type(error).__name__}") from error
