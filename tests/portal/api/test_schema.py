"""The schema is what machines rely on.

It is complete, and nothing that fits it makes the server fail (BI7).
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings

from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from portal.common.problems import PROBLEM_TYPE
from tests.bounds import proved
from tests.portal.api.conftest import key_of


def schema_of() -> dict[str, Any]:
    schema: dict[str, Any] = Client().get("/api/schema/").json()
    return schema


def test_every_operation_names_its_refusals_and_its_key(db: None):
    schema = schema_of()
    assert schema["components"]["securitySchemes"]["accessKey"]["scheme"] == "bearer"
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["security"] == [{"accessKey": []}], where
            assert operation["summary"], where
            assert operation.get("requestBody", {"required": True})["required"], where
            assert operation["description"], where
            assert "operator_scoped" not in operation["description"], f"{where}: meant for our own engineers"
            for status in ("401", "403", "404", "429"):
                assert PROBLEM_TYPE in operation["responses"][status]["content"], where


def test_the_page_for_people_names_every_operation_without_scripts(client: Client, db: None):
    answer = client.get("/api/docs/", headers={"accept-language": "en"})
    text = answer.content.decode()
    for path, methods in schema_of()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text
    assert "<script" not in text
    assert "style=" not in text
    assert "'unsafe" not in answer["Content-Security-Policy"]


def _fuzz(client: Client, block_list: BlockList, examples: int) -> int:
    """Requests made from the schema; how many. Fails at the first answer that is a server error."""
    schema = schemathesis.openapi.from_dict(schema_of())
    made = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a faulty operation fails here

        @settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @_given(operation)
        def attempt(case: Any) -> None:
            nonlocal made
            made += 1
            path = case.formatted_path
            if made % 2:
                path = path.replace(
                    str((case.path_parameters or {}).get("name", "\x00")), name_of(block_list)
                )
            body = case.body if not isinstance(case.body, schemathesis.core.NotSet) else b""
            answer = client.generic(
                case.method,
                path,
                _bytes(body),
                case.media_type or "application/octet-stream",
                query_params={key: str(value) for key, value in (case.query or {}).items()},
                headers={key: _header(value) for key, value in (case.headers or {}).items()},
            )
            assert answer.status_code < 500, (case.method, path, answer.content)
            if answer.streaming:
                b"".join(answer)

        attempt()
    return made


def _given(operation: Any) -> Any:
    from hypothesis import given

    return given(case=operation.as_strategy())


def _bytes(body: Any) -> bytes:
    import json

    if isinstance(body, bytes):
        return body
    return (
        json.dumps(body, default=str).encode()
        if not isinstance(body, str)
        else body.encode("utf-8", "replace")
    )


def _header(value: Any) -> str:
    return str(value).encode("latin-1", "replace").decode("latin-1").replace("\r", "").replace("\n", "")


@pytest.mark.parametrize("examples", [8, pytest.param(2500, marks=pytest.mark.slow)])
def test_nothing_that_fits_the_schema_is_a_server_error(a_list: BlockList, dewi, settings, examples: int):
    settings.API_RATES = {"read": "100000000/hour", "write": "100000000/hour"}
    client = Client(headers={"authorization": f"Bearer {key_of(dewi)}"}, raise_request_exception=False)
    made = _fuzz(client, a_list, examples)
    assert made >= examples * 5
    proved(made, "requests made from the schema, no server error (BI7)")
