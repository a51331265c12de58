"""Writes .env.example from the pages of settings: every variable, its comment there, and its default.

`python -m scripts.env_example` writes the file; a test compares it. What has a value here is chosen by an
operator; the other lines are comments that show the default.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = [PROJECT / "aduan" / f"{page}.py" for page in ("settings", "database_settings", "log_settings")]
TARGET = PROJECT / ".env.example"
HEAD = """\
# The environment of production: written by `python -m scripts.env_example` from the settings in aduan/.
# Lines without # are for you to fill in. Any secret NAME may be given as NAME_FILE=/path instead.
# docker-compose.yml sets those of servers, secrets and folders itself.
ADUAN_ENV=production
"""
SITE = "aduan.example.go.id"
CHOSEN = {
    "ADUAN_ALLOWED_HOSTS": SITE,
    "ADUAN_CSRF_TRUSTED_ORIGINS": f"https://{SITE}",
    "ADUAN_PUBLIC_URL": f"https://{SITE}",
    "ADUAN_HOME": "/var/lib/aduan",
    "ADUAN_SECRET_KEY": "/run/secrets/secret_key",
    "ADUAN_VAULT_KEYS": "/run/secrets/vault_keys",
    "ADUAN_BLIND_INDEX_KEY": "/run/secrets/blind_index_key",
    "DATABASE_URL": "postgres://aduan_app@postgres:5432/aduan",
    "REDIS_URL": "redis://redis:6379",
    "ADUAN_EMAIL_URL": "smtp+tls://USER:PASSWORD@mail.example.go.id:587",
    "ADUAN_DEFAULT_FROM_EMAIL": f"Aduan Nomor <noreply@{SITE}>",
    "ADUAN_CONTACT_EMAIL": f"tanya@{SITE}",
    "ADUAN_SECURITY_EMAIL": f"keamanan@{SITE}",
    "ADUAN_REFERRAL_MAILBOX": f"rujukan@{SITE}",
    "ADUAN_SMS_GATEWAY": "portal.tasks.sms.over_http",
    "ADUAN_SMS_URL": "https://sms.example.go.id/send",
    "ADUAN_BACKUP_RECIPIENT": "",
    "ADUAN_BEHIND_PROXY": "true",
    "ADUAN_LISTS_ACCEL_PREFIX": "/_lists/",
    "ADUAN_DELIVERY_LOG": "/var/log/aduan/deliveries.log",
}
NOT_IN_PRODUCTION = frozenset({"ADUAN_DEMO_PASSWORD", "ADUAN_WEBHOOKS_TO_LOOPBACK"})
ELSEWHERE = re.compile(r'"?\$\{(ADUAN_\w+):-([^}]*)\}|environ\.get\("(ADUAN_\w+)", "([^"]+)"\)')


def text() -> str:
    """The whole file."""
    lines = [HEAD]
    for page in SETTINGS:
        lines += _of_page(page.read_text(encoding="utf-8"))
    lines.append("\n# Of the processes: deploy/gunicorn.py, deploy/entrypoint.sh and the monitor.")
    lines += [f"# {name}={default}" for name, default in sorted(of_processes().items())]
    return "\n".join(lines) + "\n"


def _of_page(source: str) -> Iterator[str]:
    said: str | None = None
    for name, default, is_secret, line in variables(source):
        if name in NOT_IN_PRODUCTION:
            continue
        comment = comment_above(source, line)
        if comment and comment != said:
            yield f"\n{comment}"
            said = comment
        yield _line(name, default, is_secret=is_secret)


def variables(source: str) -> Iterator[tuple[str, str, bool, int]]:
    """Name, default as it is written, whether it is a secret, and its line, in the order of the page."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        function = ast.unparse(call.func)
        if not call.args or not isinstance(call.args[0], ast.Constant | ast.JoinedStr):
            continue
        if function == "environment.secret" or re.fullmatch(r"env\.\w+", function):
            default = next((ast.unparse(word.value) for word in call.keywords if word.arg == "default"), "")
            for name in _names(call.args[0]):
                yield name, default, function == "environment.secret", call.lineno


def _names(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    written = ast.unparse(argument)
    if "ADUAN_API_" not in written:  # another name that is put together would be shown as these
        raise ValueError(f"{written}: write the variable's whole name, so that it can be found")
    return [f"ADUAN_API_{kind}_RATE" for kind in ("READ", "WRITE")]


def comment_above(source: str, line: int) -> str:
    """The comment that stands over the paragraph of this line."""
    lines = source.splitlines()
    start = line - 1
    while start and lines[start - 1].strip() and not lines[start - 1].startswith("#"):
        start -= 1
    end = start
    while start and lines[start - 1].startswith("#"):
        start -= 1
    return "\n".join(lines[start:end])


def _line(name: str, default: str, *, is_secret: bool) -> str:
    if name in CHOSEN:
        return f"{name}{'_FILE' if is_secret else ''}={CHOSEN[name]}"
    return f"# {name}{'_FILE' if is_secret else ''}={default.strip(chr(39))}"


def of_processes() -> dict[str, str]:
    """Variables that no setting reads, with their defaults."""
    found: dict[str, str] = {}
    sources = ("deploy/entrypoint.sh", "deploy/gunicorn.py", "portal/tasks/monitor.py")
    for path in (PROJECT / source for source in sources):
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8")):
            name = match[1] or match[3]
            found.setdefault(name, match[2] or match[4] or "")
    return {name: default for name, default in found.items() if name not in CHOSEN}


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
