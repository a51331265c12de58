import datetime as dt

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from portal.public.static_pages import INDEXED, SECURITY_TXT_EXPIRES

pytestmark = pytest.mark.django_db


def test_robots_keep_out_of_what_is_personal(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /kelola/" in text
    assert "Disallow: /lacak/" in text
    assert "/sitemap.xml" in text


def test_the_sitemap_names_each_public_page_once(client: Client) -> None:
    text = client.get("/sitemap.xml").content.decode()
    assert text.count("<loc>") == len(set(INDEXED)) == len(INDEXED)
    assert "/privasi/</loc>" in text


def test_security_txt_says_where_to_write_and_is_renewed_in_time(client: Client) -> None:
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in text
    assert "Expires: 2027-" in text
    assert dt.datetime.now(dt.UTC) + dt.timedelta(days=30) < SECURITY_TXT_EXPIRES


def test_the_manifest_names_icons_that_exist(client: Client) -> None:
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_language_stays_and_leads_back(client: Client) -> None:
    answer = client.post(reverse("public:language"), {"language": "en", "next": "/bantuan/"})
    assert (answer.status_code, answer["Location"]) == (302, "/bantuan/")
    assert b'lang="en"' in client.get("/bantuan/").content


def test_the_language_switch_never_leads_to_another_site(client: Client) -> None:
    answer = client.post(reverse("public:language"), {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_language_form_on_another_site_is_refused(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(reverse("public:language"), {"language": "en"}, headers=headers).status_code == 403
    headers = {"Origin": "https://evil.example"}
    assert client.post(reverse("public:language"), {"language": "en"}, headers=headers).status_code == 403
