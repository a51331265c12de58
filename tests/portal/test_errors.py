import pytest

from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from portal.common.errors import domain_problem


@pytest.mark.parametrize(("error", "status"), [(Invalid, 400), (Forbidden, 403), (WrongState, 409)])
def test_each_refusal_has_its_status_and_keeps_its_code(error: type[DomainError], status: int) -> None:
    problem = domain_problem(error("some_code", "what is wrong", field="number"))
    assert problem == {
        "type": "about:blank",
        "title": error.__name__,
        "status": status,
        "code": "some_code",
        "detail": "what is wrong",
        "field": "number",
    }
