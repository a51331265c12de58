import pytest
from django.test import Client


def test_alive_depends_on_nothing(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_every_part_works(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200, response.json()
    assert response.json() == {"database": True, "migrations": True, "broker": True, "files": True}


@pytest.mark.django_db
def test_not_ready_without_the_broker(client: Client, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["broker"] is False
    assert response.json()["database"] is True
