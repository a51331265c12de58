"""An account is offered with its bank where the message names one beside it, and never with a wrong one."""

import pytest

from aduan.numbers.parsing import named_account, payment_accounts_of


@pytest.mark.parametrize(
    ("text", "account", "named"),
    [
        ("Bayar Rp 25.000 ke rekening BCA 1234567890 atau buka", "1234567890", "BCA 1234567890"),
        ("tf ke bank mandiri no rek 1370012345678 an budi", "1370012345678", "Mandiri 1370012345678"),
        ("Bank BCA a.n. Budi: 123-456-7890", "1234567890", "BCA 1234567890"),
        ("ke 1234567890 (BRI) ya", "1234567890", "BRI 1234567890"),
        ("BCA 123-456-7890 dan 0987654321", "0987654321", "BCA 0987654321"),
        ("isi gopay 081234567890", "081234567890", "Gopay 081234567890"),
        ("transfer dana ke rekening 1234567890", "1234567890", "1234567890"),  # dana: the money
        ("Saya dari BCA. Hubungi WA saya, rekening 1234567890", "1234567890", "1234567890"),
        ("rekening 1234567890", "1234567890", "1234567890"),
    ],
)
def test_the_bank_beside_an_account_is_named(text: str, account: str, named: str) -> None:
    assert named_account(text, account) == named
    assert payment_accounts_of(named) == (account,)  # and is the same account to the desk
