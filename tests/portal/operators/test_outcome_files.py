"""BI18: files that spreadsheets damaged. Each row that is wrong is named in words; nothing is applied."""

from __future__ import annotations

import codecs

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aduan.blocklists.models import BlockList, Outcome
from aduan.blocklists.queries import name_of
from tests.factories.blocklists import a_block, published
from tests.portal.conftest import A_NUMBERS, B_NUMBERS

ONE, TWO, THREE = A_NUMBERS
HEAD = "number,answer,acted_at,reason\n"


def upload(desk: Client, block_list: BlockList, data: str | bytes, digest: str | None = None):
    file = SimpleUploadedFile("hasil.csv", data if isinstance(data, bytes) else data.encode(), "text/csv")
    return desk.post(
        f"/operator/daftar/{name_of(block_list)}/hasil/",
        {"file": file, "digest": block_list.digest if digest is None else digest},
    )


# What the file holds, what a person must read. The header is row 1.
MANGLED: dict[str, tuple[str | bytes, str]] = {
    "scientific form": (f"{HEAD}6.28123E+12,blocked,,\n", "rounded this number"),
    "scientific form with a comma": (f'{HEAD}"6,28123E+12",blocked,,\n', "rounded this number"),
    "leading apostrophe": (f"{HEAD}'{ONE},blocked,,\n", "digits only"),
    "national form": (f"{HEAD}0{str(ONE)[2:]},blocked,,\n", "digits only"),
    "spaces inside": (f"{HEAD}6281 2000 00001,blocked,,\n", "digits only"),
    "thousands separators": (f"{HEAD}6.281.200.000.001,blocked,,\n", "digits only"),
    "lost last digit": (f"{HEAD}{str(TWO)[:-1]},blocked,,\n", "not on this list"),
    "rounded last digits": (f"{HEAD}{str(TWO)[:-4]}0000,blocked,,\n", "not on this list"),
    "decimal point": (f"{HEAD}{ONE}.0,blocked,,\n", "digits only"),
    "twice the same": (f"{HEAD}{ONE},blocked,,\n{ONE},blocked,,\n", "stands in the file twice"),
    "another operator's number": (f"{HEAD}{B_NUMBERS[0]},blocked,,\n", "not on this list"),
    "spreadsheet's date": (f"{HEAD}{ONE},blocked,18/11/2026 09:30,\n", "Write the time like"),
    "a time without its offset": (f"{HEAD}{ONE},blocked,2026-11-18T09:30:00,\n", "Write the time like"),
    "translated answer": (f"{HEAD}{ONE},diblokir,,\n", "answer must be one of"),
    "refusal without reason": (f"{HEAD}{ONE},refused,,\n", "needs a reason"),
    "shifted cells": (f"{HEAD}{ONE},,blocked,,,x\n", "digits only"),
    "no header": (f"{ONE},blocked,,\n", "first row must name the columns"),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00!\x00", "This is a workbook"),
    "cut in the middle": (f'{HEAD}{ONE},blocked,,"unfinished\n', "quote is not closed"),
    "Latin-1": (f"{HEAD}{ONE},refused,,caf\xe9\n".encode("latin-1"), "not UTF-8"),
    "empty": (b"", "empty"),
    "only the header": (HEAD, "no rows"),
}


@pytest.mark.parametrize("damage", MANGLED)
def test_a_damaged_file_is_explained_and_nothing_applied(dewi_desk: Client, a_list: BlockList, damage: str):
    data, words = MANGLED[damage]
    if isinstance(data, str) and data.startswith(HEAD) and damage != "only the header":
        data += f"{THREE},blocked,,\n"  # a good row does not save the file
    answer = upload(dewi_desk, a_list, data)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert words in text, text[text.find("<main") :][:1500]
    assert a_list.digest in text
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}{ONE},blocked,,\n{TWO},blocked,,\n",
        f"{HEAD}+{ONE},blocked,,\n+{TWO},blocked,,\n",
        f"number;answer;acted_at;reason\r\n{ONE};blocked;;\r\n{TWO};BLOCKED;;\r\n",
        codecs.BOM_UTF8 + f"{HEAD}{ONE},blocked,,\n{TWO},blocked,,\n,,,\n\n".encode(),
        f"number\tanswer\n{ONE}\tblocked\n{TWO}\tblocked\n".encode("utf-16"),
        f'"Number","Answer"\n"{ONE}","blocked"\n"{TWO}","blocked"\n',
        f"answer,reason,number\nblocked,,{ONE}\ninactive,,{TWO}\n",
        f"sep=;\r\nnumber;answer;reason\r\n{ONE};blocked;a,b,c\r\n{TWO};blocked;\r\n",
        codecs.BOM_UTF8 + f'"sep=,"\n{HEAD}{ONE},blocked,,\n{TWO},blocked,,\n'.encode(),
        f"sep=\t\nnumber\tanswer\n{ONE}\tblocked\n{TWO}\tblocked\n".encode("utf-16"),
    ],
    ids=[
        *(
            "plain",
            "with a plus",
            "semicolons",
            "mark and empty rows",
            "unicode text",
            "quoted",
            "other order",
        ),
        *("sep=;", "sep=, with a mark", "sep=tab in unicode text"),
    ],
)
def test_harmless_differences_are_taken(dewi_desk: Client, a_list: BlockList, data: str | bytes):
    answer = upload(dewi_desk, a_list, data)
    assert answer.status_code == 302, answer.content.decode()
    assert Outcome.objects.count() == 2
    assert "2 rows were taken" in dewi_desk.get(answer["Location"]).content.decode()


def test_each_wrong_row_is_named_by_its_row_in_the_spreadsheet(dewi_desk: Client, a_list: BlockList):
    rows = f"{HEAD}{ONE},blocked,,\n{B_NUMBERS[0]},blocked,,\n\nx,blocked,,\n"
    answer = upload(dewi_desk, a_list, rows)
    assert [(row["row"], row["code"]) for row in answer.context["wrong"]] == [
        (3, "not_on_list"),
        (5, "number_unreadable"),
    ]


def test_the_form_of_an_older_page_quotes_the_list_it_was_made_for(dewi_desk: Client, a_list: BlockList):
    answer = upload(dewi_desk, a_list, f"{HEAD}{ONE},blocked,,\n", digest="0" * 64)
    assert answer.status_code == 400
    assert "not that of this list" in answer.content.decode()
    assert not Outcome.objects.exists()


def test_one_number_by_hand(dewi_desk: Client, a_list: BlockList):
    url = f"/operator/daftar/{name_of(a_list)}/hasil/nomor/"
    said = {"digest": a_list.digest, "number": str(ONE), "answer": "blocked", "acted_at": "", "reason": ""}
    assert dewi_desk.post(url, said).status_code == 302
    assert Outcome.objects.get().digits == ONE
    wrong = dewi_desk.post(url, said | {"number": str(B_NUMBERS[0]), "answer": "refused"})
    assert wrong.status_code == 400
    assert "needs a reason" in wrong.content.decode()
    later = dewi_desk.post(url, said | {"acted_at": "2099-01-01T00:00"})
    assert "lies in the future" in later.content.decode()


def test_who_says_that_a_number_has_a_new_holder_reads_what_that_does(
    dewi_desk: Client, telkomsel, budi, citra
):
    """The one answer that acts by itself was taken as any other row; a slip freed a number unseen."""
    numbers = [6281270001000 + turn for turn in range(7)]
    for digits in numbers:
        a_block(telkomsel, by=(budi, citra), at=timezone.now(), digits=digits)
    seven = published(telkomsel, at=timezone.now())
    address = f"/operator/daftar/{name_of(seven)}/hasil/"
    assert "its block ends at once" in dewi_desk.get(address).text
    said = {"digest": seven.digest, "number": str(numbers[0]), "answer": "recycled"}
    one = dewi_desk.post(f"{address}nomor/", said, follow=True).text
    assert "1 number has a new holder, as you say: its block or hold has ended" in one
    rest = "".join(f"{number},recycled,,\n" for number in numbers[1:])
    many = dewi_desk.get(upload(dewi_desk, seven, HEAD + rest)["Location"]).text
    assert "6 numbers with new holders wait until the ministry has asked you" in many
    assert "has a new holder, as you say" not in many
    plain = dewi_desk.post(f"{address}nomor/", said | {"answer": "blocked"}, follow=True).text
    assert "new holder" not in plain
