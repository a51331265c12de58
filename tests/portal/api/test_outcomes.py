"""Reporting over the API: all rows or none, twice is once, and the list must be quoted."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from aduan.blocklists.models import BlockList, Outcome, OutcomeReport
from aduan.blocklists.queries import name_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.conftest import A_NUMBERS, B_NUMBERS


def url_of(block_list: BlockList) -> str:
    return f"/api/v1/lists/{name_of(block_list)}/outcomes"


def send(client: Client, block_list: BlockList, rows, digest: str | None = None):
    body = {"list_digest": block_list.digest if digest is None else digest, "outcomes": rows}
    return client.post(url_of(block_list), json.dumps(body), "application/json")


def send_csv(client: Client, block_list: BlockList, text: str | bytes, digest: str | None = None):
    return client.post(
        url_of(block_list),
        text,
        "text/csv",
        headers={"x-list-digest": block_list.digest if digest is None else digest},
    )


def row(number: int, answer: str = "blocked", **more: str) -> dict[str, object]:
    return {"number": str(number), "answer": answer, **more}


def test_a_batch_is_taken_and_echoes_the_list(a: Client, a_list: BlockList):
    answer = send(a, a_list, [row(number) for number in A_NUMBERS])
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "list": name_of(a_list),
        "list_digest": a_list.digest,
        "list_count": 3,
        "rows": 3,
        "changed": 3,
        "recycled_waiting": 0,
    }
    assert Outcome.objects.filter(answer="blocked").count() == 3
    report = OutcomeReport.objects.get()
    assert report.access_key is not None
    assert report.by is None


def test_the_same_batch_again_changes_nothing(a: Client, a_list: BlockList):
    rows = [row(number) for number in A_NUMBERS]
    send(a, a_list, rows)
    assert send(a, a_list, rows).json()["changed"] == 0
    assert Outcome.objects.count() == 3


def test_csv_says_the_same_as_json(a: Client, a_list: BlockList):
    lines = "number,answer,acted_at,reason\n" + "".join(f"{number},blocked,,\n" for number in A_NUMBERS)
    answer = send_csv(a, a_list, lines)
    assert (answer.status_code, answer.json()["rows"]) == (200, 3)


def test_one_bad_row_keeps_all_others_out_and_is_named(a: Client, a_list: BlockList):
    answer = send(a, a_list, [row(A_NUMBERS[0]), row(B_NUMBERS[0]), row(A_NUMBERS[1], "refused")])
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "rows_refused"
    assert [(fault["row"], fault["code"]) for fault in problem["errors"]] == [
        (2, "not_on_list"),
        (3, "reason_missing"),
    ]
    assert all(fault["message"] for fault in problem["errors"])
    assert (problem["list_digest"], problem["list_count"]) == (a_list.digest, 3)
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("digest", ["", "0" * 64, "nonsense"])
def test_without_the_lists_digest_nothing_is_taken(a: Client, a_list: BlockList, digest: str):
    answer = send_csv(a, a_list, f"number,answer\n{A_NUMBERS[0]},blocked\n", digest)
    assert (answer.status_code, answer.json()["code"]) == (400, "digest_mismatch")
    assert not Outcome.objects.exists()


def test_who_named_no_list_reads_where_to(a: Client, a_list: BlockList):
    """Seen to fail on 0.1.0: "Did you act on another version?", to someone who had forgotten the header."""
    answer = send_csv(a, a_list, f"number,answer\n{A_NUMBERS[0]},blocked\n", "")
    assert "X-List-Digest" in answer.json()["detail"]


def test_the_digest_of_the_file_that_was_used_is_as_good(a: Client, a_list: BlockList):
    digest = a_list.files.get(name="block.txt").sha256
    assert send_csv(a, a_list, f"number,answer\n{A_NUMBERS[0]},blocked\n", digest).status_code == 200


def test_anothers_list_cannot_be_answered(b: Client, a_list: BlockList, b_list: BlockList):
    missing = name_of(a_list).replace("v1", "v9")
    body = json.dumps({"list_digest": a_list.digest, "outcomes": [row(A_NUMBERS[0])]})
    answer = b.post(f"/api/v1/lists/{missing}/outcomes", body, "application/json")
    assert answer.status_code == 404
    # The name is B's own list of that month; A's digest and numbers fit nothing of it.
    assert send(b, b_list, [row(A_NUMBERS[0])], a_list.digest).json()["code"] == "digest_mismatch"
    assert send(b, b_list, [row(A_NUMBERS[0])]).json()["errors"][0]["code"] == "not_on_list"
    assert not Outcome.objects.exists()


def test_without_the_scope_nothing_is_written(dewi, a_list: BlockList):
    reader = machine(key_of(dewi, name="reader", scopes=["list:read"]))
    answer = send(reader, a_list, [row(A_NUMBERS[0])])
    assert (answer.status_code, answer.json()["scope"]) == (403, "report:write")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"list_digest": 1, "outcomes": "x"}', "application/json", 400),
        (b'{"list_digest": "x", "outcomes": [1]}', "application/json", 400),
        (b'"AAA"', "application/json", 400),
        (b"1", "application/json", 400),
        (b"null", "application/json", 400),
        (b"number,answer\n", "text/plain", 415),
        (b"number,answer\n", "application/x-www-form-urlencoded", 415),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"", "text/csv", 400),
        (b"\x00\x00", "text/csv", 400),
        (b"[" * 100_000, "application/json", 400),
    ],
)
def test_what_is_no_batch_is_a_problem_and_no_fault_of_ours(
    a: Client, a_list: BlockList, body: bytes, kind: str, status: int
):
    answer = a.post(url_of(a_list), body, kind, headers={"x-list-digest": a_list.digest})
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_json_is_taken_in_every_encoding_that_it_shows(a: Client, a_list: BlockList, encoding: str):
    """Seen to fail on 0.3.0: a mark before the first byte, as some systems write it, was a fault."""
    body = json.dumps({"list_digest": a_list.digest, "outcomes": [row(A_NUMBERS[0])]}).encode(encoding)
    answer = a.generic("POST", url_of(a_list), body, "application/json")
    assert (answer.status_code, answer.json().get("changed")) == (200, 1), answer.content


@pytest.mark.parametrize("wrong", ["NaN", "-Infinity", "9" * 5000, "00", "{", "1}{"])
def test_what_is_no_json_is_said_in_words_of_our_own(a: Client, a_list: BlockList, wrong: str):
    """Seen to fail on 0.3.0: the words were the interpreter's, down to the name of its functions."""
    body = f'{{"list_digest": "{a_list.digest}", "outcomes": {wrong}}}'
    answer = a.post(url_of(a_list), body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert answer.json()["detail"].startswith("This is not JSON")


@pytest.mark.parametrize("form", [int, str, lambda number: f" +{number} "], ids=["number", "text", "spaces"])
def test_a_number_has_the_same_forms_everywhere(a: Client, a_list: BlockList, form):
    """Seen to fail on 0.3.0: a JSON number was taken here, refused there, and described nowhere."""
    number = form(A_NUMBERS[0])
    assert send(a, a_list, [{"number": number, "answer": "blocked"}]).status_code == 200
    for path, more in (("notices", {"answer": "inactive"}), ("in-use-since", {"since": "2015-03-01"})):
        answer = a.post(f"/api/v1/{path}", json.dumps({"number": number} | more), "application/json")
        assert answer.status_code in (200, 403), answer.content  # 403: a number that no one has
        assert "errors" not in answer.json(), answer.content


@pytest.mark.parametrize("number", [float(A_NUMBERS[0]), True, None, [A_NUMBERS[0]]])
def test_what_is_no_whole_number_is_refused_everywhere(a: Client, a_list: BlockList, number: object):
    """A number that went through floating point may have lost its last digits."""
    assert send(a, a_list, [{"number": number, "answer": "blocked"}]).status_code == 400
    for path, more in (("notices", {"answer": "inactive"}), ("in-use-since", {"since": "2015-03-01"})):
        answer = a.post(f"/api/v1/{path}", json.dumps({"number": number} | more), "application/json")
        assert answer.status_code == 400, answer.content
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "\ud800"}, "number_unreadable"),
        ({"answer": "refused", "reason": "\udfff"}, "reason_unreadable"),
        ({"answer": "refused", "reason": "\u202e\u200b "}, "reason_missing"),
        ({"acted_at": "\ud800"}, "time_unreadable"),
        ({"acted_at": "0001-01-01T00:00:00+14:00"}, "time_too_early"),
        ({"acted_at": "9999-12-31T23:59:59-14:00"}, "time_in_future"),
        ({"acted_at": "2026-11-01T08:00:00+23:59"}, "time_unreadable"),
        ({"acted_at": "2026-11-01T08:00:00-14:01"}, "time_unreadable"),
        ({"number": {"a": [1]}, "answer": ["x"]}, "number_unreadable"),
    ],
)
def test_a_hostile_cell_is_a_row_error_and_no_fault_of_ours(
    a: Client, a_list: BlockList, changes: dict[str, object], code: str
):
    answer = send(a, a_list, [row(A_NUMBERS[0]) | changes])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_a_reason_is_kept_as_it_is_read(a: Client, a_list: BlockList):
    """Seen to fail on 0.1.0: a character that turns the direction of writing reached the reviewers' pages."""
    sent = row(A_NUMBERS[0], "refused") | {"reason": "\u202ehalal\u2066 \u200bdaftar putih"}
    assert send(a, a_list, [sent]).status_code == 200
    assert Outcome.objects.get(answer="refused").reason == "halal daftar putih"
    assert send(a, a_list, [sent]).json()["changed"] == 0


def test_an_offset_that_only_python_reads_is_taken(a: Client, a_list: BlockList):
    sent = [row(A_NUMBERS[0], acted_at="2026-11-01T08:00:00+07:00:00.5")]
    answer = send(a, a_list, sent)
    assert answer.status_code == 200, answer.content
    assert Outcome.objects.get(answer="blocked").acted_at.isoformat() == "2026-11-01T00:59:59.500000+00:00"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(a: Client, a_list: BlockList, monkeypatch):
    monkeypatch.setattr("portal.api.v1.outcomes.LARGEST", 10)
    monkeypatch.setattr("portal.api.v1.outcomes.LARGEST_JSON", 10)
    for answer in (send(a, a_list, [row(A_NUMBERS[0])]), send_csv(a, a_list, "number,answer\n1,2\n")):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_recycled_number_is_reported_alone(a: Client, a_list: BlockList):
    body = json.dumps(row(A_NUMBERS[0], "recycled", acted_at="2026-11-01T08:00:00+07:00"))
    answer = a.post("/api/v1/notices", body, "application/json")
    assert (answer.status_code, answer.json()["changed"]) == (200, 1), answer.content
    assert Outcome.objects.get().answer == "recycled"


@pytest.mark.parametrize("number", [str(B_NUMBERS[0]), f"+{B_NUMBERS[0]}", "6281299999999", "+6281200000001"])
def test_a_notice_about_a_number_on_no_list_of_ours_finds_nothing(
    a: Client, a_list: BlockList, b_list: BlockList, number: str
):
    answer = a.post(
        "/api/v1/notices", json.dumps({"number": number, "answer": "recycled"}), "application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "This number is on no list of yours."


def test_a_report_takes_a_number_as_traces_write_it(a: Client, a_list: BlockList):
    """Seen to fail on 0.3.0: notices took `+62…`, reports refused the row."""
    sent = send_csv(a, a_list, f"number,answer\n+{A_NUMBERS[0]},blocked\n{A_NUMBERS[1]},blocked\n")
    assert (sent.status_code, sent.json()["changed"]) == (200, 2), sent.content
    assert set(Outcome.objects.values_list("digits", flat=True)) == set(A_NUMBERS[:2])
    again = send(a, a_list, [row(A_NUMBERS[0]) | {"number": f"+{A_NUMBERS[0]}"}])
    assert (again.status_code, again.json()["changed"]) == (200, 0), again.content


def test_a_notice_takes_a_number_as_lists_and_as_traces_write_it(a: Client, a_list: BlockList):
    """Seen to fail on 0.1.0: `+62…`, which traces hand out, found nothing."""
    for number in (f"+{A_NUMBERS[1]}", str(A_NUMBERS[2])):
        body = json.dumps({"number": number, "answer": "inactive"})
        answer = a.post("/api/v1/notices", body, "application/json")
        assert (answer.status_code, answer.json()["changed"]) == (200, 1), answer.content
    assert set(Outcome.objects.values_list("digits", flat=True)) == set(A_NUMBERS[1:])


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("x", "number_unreadable"),
        ("9" * 40, "number_unreadable"),
        ("0812-0000-0002", "number_unreadable"),
        ("++6281200000002", "number_unreadable"),
        ("6.2812E+12", "number_in_scientific_form"),
    ],
)
def test_a_notice_that_holds_no_number_names_its_row(a: Client, a_list: BlockList, number: str, code: str):
    answer = a.post(
        "/api/v1/notices", json.dumps({"number": number, "answer": "inactive"}), "application/json"
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "rows_refused")
    assert [(fault["row"], fault["code"]) for fault in problem["errors"]] == [(1, code)]
    assert problem["errors"][0]["message"]


def test_a_key_needs_a_scope_of_its_own_to_free_a_number(dewi, a_list: BlockList):
    """On 369f623 every key that reports outcomes could release every block of its operator."""
    weak = machine(key_of(dewi, name="reporter", scopes=["list:read", "report:write"]))
    number = str(A_NUMBERS[0])
    body = {"number": number, "answer": "recycled"}
    answer = weak.post("/api/v1/notices", json.dumps(body), "application/json")
    assert (answer.status_code, answer.json()["scope"]) == (403, "report:recycled")
    assert not Outcome.objects.exists()
    blocked = weak.post(
        "/api/v1/notices", json.dumps({"number": number, "answer": "blocked"}), "application/json"
    )
    assert blocked.status_code == 200


def test_an_empty_table_is_refused_as_one(a: Client, a_list: BlockList):
    """The answer named fields of a JSON object."""
    digest = {"x-list-digest": a_list.digest}
    answer = a.generic("POST", url_of(a_list), headers=digest, CONTENT_TYPE="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (400, "header_unknown")
