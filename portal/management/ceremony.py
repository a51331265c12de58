"""What `manage.py keys` prints for the people who make and use the offline keys."""

from __future__ import annotations

from pathlib import Path

MADE = """made {private}
     {public}
     fingerprint {value}

The holder of this key, on this machine, which serves nothing and is on no network:
 1. Write the fingerprint down, with the day, the place and the names of two witnesses.
 2. Copy {private_name} to two carriers, encrypted, and keep them in two places. Try both.
 3. Bring only {public_name} to the part `lists`: manage.py keys add-public {public_name}
    It must print the fingerprint that you wrote down.
 4. Remove {private_name} from this machine.
To sign: manage.py keys sign --key {private_name} PAGE… shows what is signed. Two of three holders sign.
"""
MISSING = """Offline keys are missing here: {names}. Their holders make them on machines that serve nothing:

    manage.py keys create --role root --number 1 --to /media/carrier      (no database is needed)

Bring the files *.pub.pem here, then: manage.py keys add-public *.pub.pem, and again: manage.py keys create
"""
SIGNING = """Pages wait for two of three holders:
 1. here: manage.py keys request --with-served /media/courier
 2. each holder, elsewhere: manage.py keys sign --key root-1.pem /media/courier/1.root.json
                            manage.py keys sign --key targets-1.pem (the other pages)
 3. here: manage.py keys import (the signed pages)
"""


def made(private: Path, public: Path, value: str) -> str:
    return MADE.format(
        private=private, public=public, value=value, private_name=private.name, public_name=public.name
    )


def missing(names: list[str]) -> str:
    return MISSING.format(names=", ".join(names))
