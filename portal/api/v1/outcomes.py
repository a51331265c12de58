"""What the operator did, number by number: a batch that is taken whole or not at all, and a single notice."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.accounts.roles import Permission
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList
from aduan.blocklists.outcome_rows import ANSWERS, AnswerRow, RowError, number_problem
from aduan.blocklists.services import report_outcomes
from aduan.core.errors import Invalid
from aduan.operators.actors import Actor
from portal.api.choices import NamedChoiceField
from portal.api.v1.bodies import BodySerializer, no_other_than
from portal.api.v1.lists import own_list
from portal.api.v1.problems import PROBLEMS, problem
from portal.api.v1.text_fields import NO_NULL_AND_NOT_EMPTY, ListedNumberField, PatternField, TextField
from portal.api.views import OperatorView, operator_scoped
from portal.common.outcome_files import LARGEST, explained, rows_of
from portal.common.problems import PROBLEM_TYPE
from portal.common.strict_json import RepeatedName, read_json

LARGEST_JSON = 8 * 1024 * 1024
MOST_JSON_ROWS = 20_000
AUDIT_HEAD = r"^[1-9][0-9]{0,17} [0-9a-f]{64}$"
REFUSALS: dict[Any, Any] = {
    (400, PROBLEM_TYPE): problem("Something is wrong; `errors` names rows. Nothing was applied."),
    (409, PROBLEM_TYPE): problem("The list is in another state by now."),
    (413, PROBLEM_TYPE): problem("Too large for one request."),
    (415, PROBLEM_TYPE): problem("Neither CSV nor JSON."),
    **PROBLEMS,
}


class CsvParser(BaseParser):
    """Leaves the body on disk: 100,000 rows need no memory."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        kept = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 - closed by the view
        size = 0
        while chunk := stream.read(1 << 16):
            size += len(chunk)
            if size > LARGEST:
                kept.close()
                raise TooLarge
            kept.write(chunk)
        kept.seek(0)
        return kept


class BoundedJsonParser(BaseParser):
    """JSON is read whole, so there is less of it; larger batches go as CSV.

    No subclass of the framework's: to those it gives `request.body`, which has the limit of web forms.
    """

    media_type = JSONParser.media_type

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        data = stream.read(LARGEST_JSON + 1)
        if len(data) > LARGEST_JSON:
            raise TooLarge
        try:
            return read_json(data)
        except RepeatedName as error:
            refusal = {error.name[:40]: [_("Give this once.")]}
            raise serializers.ValidationError(refusal, code="repeated") from error
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno}
            raise ParseError(_("This is not JSON: line %(line)d, column %(column)d.") % where) from error
        except RecursionError as error:
            raise ParseError(_("This is nested too deeply.")) from error
        except ValueError as error:  # bytes of no encoding, NaN, a number of thousands of digits
            raise ParseError(_("This is not JSON in UTF-8.")) from error


class TooLarge(Invalid):
    status = 413

    def __init__(self) -> None:
        super().__init__(
            "too_large", _("This is too much for one request. Send CSV, in parts of 64\u00a0MB at most.")
        )


class OutcomeSerializer(BodySerializer):
    number = ListedNumberField()
    answer = NamedChoiceField(choices=ANSWERS)
    acted_at = TextField(
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text="ISO 8601 with offset; empty: now.",
    )
    reason = TextField(
        max_length=300, required=False, allow_blank=True, default="", help_text="Needed for `refused`."
    )


class RowField(serializers.DictField):
    def to_internal_value(self, data: Any) -> Any:
        row = super().to_internal_value(data)
        no_other_than(OutcomeSerializer().fields, row)
        return row


@extend_schema_field(OutcomeSerializer(many=True))
class RowsField(serializers.ListField):
    """Rows as they came: what is wrong with one is said with the others, row by row."""

    child = RowField()


class BatchSerializer(BodySerializer):
    list_digest = PatternField(
        NO_NULL_AND_NOT_EMPTY,
        max_length=64,
        help_text="`digest` of the list, or the SHA-256 of the file that you acted on.",
    )
    outcomes = RowsField(max_length=MOST_JSON_ROWS)


class TakenSerializer(serializers.Serializer[Any]):
    list = serializers.CharField()
    list_digest = serializers.CharField()
    list_count = serializers.IntegerField(help_text="Numbers on that list.")
    rows = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Rows that said something new; 0 when all was known.")
    recycled_waiting = serializers.IntegerField(
        help_text="Numbers that have a new holder, as you said in this report or before, and wait now: above "
        "a day's ceiling the ministry asks you first, and their blocks and holds stay until then."
    )


class OutcomesView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser, CsvParser]

    @extend_schema(
        operation_id="report_outcomes",
        summary="Report what you did",
        tags=["outcomes"],
        description="All rows are taken or none. Sending the same again changes nothing. CSV has the columns "
        "`number,answer,acted_at,reason` and quotes the list in the header `X-List-Digest`. `X-Audit-Head`, "
        "the `seq sha256` of `audit_head` in the manifest, shows us if our audit log was ever cut.",
        parameters=[
            OpenApiParameter(
                "X-List-Digest", str, OpenApiParameter.HEADER, description="With CSV.", pattern="[0-9a-f]{64}"
            ),
            OpenApiParameter("X-Audit-Head", str, OpenApiParameter.HEADER, pattern=AUDIT_HEAD),
        ],
        request={"application/json": BatchSerializer, "text/csv": OpenApiTypes.BINARY},
        responses={200: TakenSerializer, **REFUSALS},
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor, name: str) -> Response:
        block_list, audit_head = own_list(actor, name), _audit_head(request)
        sent: Any = request.data
        if not sent and request.content_type.startswith(CsvParser.media_type):
            sent = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - DRF asks no parser about no bytes at all
        if not isinstance(sent, tempfile.SpooledTemporaryFile):
            digest, rows = _from_json(sent)
            return Response(_taken(block_list, rows, digest, actor, audit_head))
        with contextlib.closing(sent):
            digest = request.headers.get("X-List-Digest", "")
            return Response(_taken(block_list, rows_of(sent), digest, actor, audit_head))


class NoticeView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser]

    @extend_schema(
        operation_id="notice",
        summary="Tell us about one number",
        tags=["outcomes"],
        description="For a number that was given to a new holder (`recycled`), is not yours (`not_ours`) or "
        "changed in another way since you reported. It counts for your newest list with this number.",
        request=OutcomeSerializer,
        responses={200: TakenSerializer, **REFUSALS},
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor) -> Response:
        said = OutcomeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        number = facts["number"]
        if problem_code := number_problem(number):
            bad = [RowError(1, problem_code, number[:40]).as_dict()]
            raise Invalid("rows_refused", _("The number cannot be read."), errors=explained(bad))
        block_list = queries.newest_with(actor.operator, int(number))
        if block_list is None:
            raise NotFound(_("This number is on no list of yours."))
        row = AnswerRow(1, number, facts["answer"], facts["acted_at"], facts["reason"])
        return Response(_taken(block_list, [row], block_list.digest, actor))


def _audit_head(request: Request) -> str:
    """Raises ValidationError for one that is not as in a manifest: no lost proof is passed over."""
    text = request.headers.get("X-Audit-Head", "")
    if text and not re.search(AUDIT_HEAD, text):
        said = _("Write it as the manifest has it: its number, a space, its SHA-256.")
        raise serializers.ValidationError({"X-Audit-Head": [said]}, code="invalid")
    return text


def _from_json(data: Any) -> tuple[str, Iterable[AnswerRow]]:
    batch = BatchSerializer(data=data)
    batch.is_valid(raise_exception=True)
    rows = [
        AnswerRow(
            position, *(_cell(row.get(name, "")) for name in ("number", "answer", "acted_at", "reason"))
        )
        for position, row in enumerate(batch.validated_data["outcomes"], start=1)
    ]
    return batch.validated_data["list_digest"], rows


def _cell(value: Any) -> str:
    """A number may come as a JSON number; anything that is no text or whole number is unreadable."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else repr(value)[:60]


def _taken(
    block_list: BlockList, rows: Iterable[AnswerRow], digest: str, actor: Actor, audit_head: str = ""
) -> dict[str, Any]:
    quoted = {
        "list": queries.name_of(block_list),
        "list_digest": block_list.digest,
        "list_count": block_list.count,
    }
    try:
        report = report_outcomes(
            block_list,
            rows,
            list_digest=digest,
            by=actor.user,
            access_key=actor.access_key,
            at=timezone.now(),
            audit_head=audit_head,
        )
    except Invalid as error:
        bad = error.details.pop("rows", [])
        error.details |= quoted | ({"errors": explained(bad)} if bad else {})
        raise
    counted = {"rows": report.row_count, "changed": report.changed_count}
    return quoted | counted | {"recycled_waiting": queries.recycled_waiting(actor.operator)}
