"""What `make up` says when everything serves."""

from pathlib import Path

from aduan.complaints.evidence import confinement

DEMO_PASSWORD = "contoh-aduan-nomor"  # noqa: S105  # of the invented people in the sample, for everybody
INTERFACES = (("citizens", ""), ("ministry", "kelola/"), ("operators", "operator/"), ("API", "api/docs/"))
# Every log-in of the sample (sample/people.py).
PEOPLE = (
    ("reviewers", "reviewer1@aduan.example  reviewer2@aduan.example  reviewer3@aduan.example"),
    ("approvers", "approver@aduan.example  approver2@aduan.example"),
    ("list managers", "lists@aduan.example  lists2@aduan.example"),
    ("lead", "lead@aduan.example"),
    ("auditor", "auditor@aduan.example"),
    ("administrators", "admin@aduan.example  admin2@aduan.example  admin3@aduan.example"),
    ("operators", "operator@telkomsel.example  operator@indosat.example  operator@xlsmart.example"),
    ("platforms", "platform@whatsapp.example  platform@telegram.example"),
    ("sandbox", "sandbox@aduan.example  sandbox-platform@aduan.example"),
)


def _missing() -> tuple[tuple[str, str], ...]:
    if confinement.available():
        return ()
    return (("not here", "evidence is examined on Linux 5.13 or newer only: files wait, complaints do not"),)


def text(url: str, home: Path, seconds: float) -> str:
    """The addresses, who can log in, and the last line that others wait for."""
    rows = [
        *((name, url + path) for name, path in INTERFACES),
        ("", ""),
        ("log in as", f"any of these, password {DEMO_PASSWORD}"),
        *PEOPLE,
        ("", ""),
        *_missing(),
        ("logs", str(home / "log")),
        ("stop", "Ctrl-C or `make down`; the state stays until `make reset`"),
    ]
    lines = [f"  {name:<15}{value}".rstrip() for name, value in rows]
    return "\n".join([*lines, f"  up after {seconds:.0f} s", f"ready: {url}"])
