import pytest

from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from portal.common.errors import domain_problem


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [(Invalid, 400, "Bad Request"), (Forbidden, 403, "Forbidden"), (WrongState, 409, "Conflict")],
)
def test_each_refusal_has_its_status_and_keeps_its_code(
    error: type[DomainError], status: int, title: str
) -> None:
    problem = domain_problem(error("some_code", "what is wrong", field="number"))
    assert problem == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": "some_code",
        "detail": "what is wrong",
        "field": "number",
    }
