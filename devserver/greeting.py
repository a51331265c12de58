"""What `make up` says when everything serves."""

from pathlib import Path

DEMO_PASSWORD = "contoh-aduan-nomor"  # noqa: S105  # of the invented people in the sample, for everybody
INTERFACES = (("citizens", ""), ("ministry", "kelola/"), ("operators", "operator/"), ("API", "api/docs/"))
PEOPLE = (
    ("reviewers", "reviewer1@aduan.example  reviewer2@aduan.example"),
    ("list manager", "lists@aduan.example"),
    ("auditor", "auditor@aduan.example"),
    ("administrator", "admin@aduan.example"),
    ("operators", "operator@telkomsel.example  operator@indosat.example"),
)


def text(url: str, home: Path, seconds: float) -> str:
    """The addresses, who can log in, and the last line that others wait for."""
    rows = [
        *((name, url + path) for name, path in INTERFACES),
        ("", ""),
        ("log in as", f"any of these, password {DEMO_PASSWORD}"),
        *PEOPLE,
        ("", ""),
        ("logs", str(home / "log")),
        ("stop", "Ctrl-C or `make down`; the state stays until `make reset`"),
    ]
    lines = [f"  {name:<15}{value}".rstrip() for name, value in rows]
    return "\n".join([*lines, f"  up after {seconds:.0f} s", f"ready: {url}"])
