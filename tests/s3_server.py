"""A server that speaks S3, on loopback, from the package moto; the bucket is in its memory."""

from __future__ import annotations

import logging
import warnings
from typing import Any
from urllib.parse import quote

import boto3
import requests

BUCKET = "evidence"
LOGIN = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


class S3Server:
    """Call `stop()`. `options` are those of the storage; `away` is an address where nothing listens."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own imports
            from moto.server import ThreadedMotoServer

        self._server: Any = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{quote(host)}:{port}"
        self.client = boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip
        self.client.create_bucket(Bucket=BUCKET)

    @property
    def options(self) -> dict[str, str]:
        return {"bucket_name": BUCKET, "endpoint_url": self.url, "region_name": "us-east-1"}

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET)
        return [entry["Key"] for entry in found.get("Contents", ())]

    def stop(self) -> None:
        requests.post(f"{self.url}/moto-api/reset", timeout=30)  # its buckets are the process's
        self.client.close()
        self._server.stop()
