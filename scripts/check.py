"""`make check`: everything that can be known without running the portal. Steps run side by side."""

import base64
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_KEYS = [base64.b64encode(bytes(range(start, start + 32))).decode("ascii") for start in range(2)]
# Settings as production would have them; the addresses are never called.
PRODUCTION = {
    "ADUAN_ENV": "production",
    "ADUAN_SECRET_KEY": "c2VjcmV0LWtleS1vZi10aGUtZGVwbG95bWVudC1saW50ZXItb25seS4uLi4uLi4uLi4",
    "ADUAN_VAULT_KEYS": f"1:{_KEYS[0]}",
    "ADUAN_BLIND_INDEX_KEY": _KEYS[1],
    "ADUAN_ALLOWED_HOSTS": "aduan.example.go.id",
    "ADUAN_PUBLIC_URL": "https://aduan.example.go.id",
    "DATABASE_URL": "postgres://aduan@db.invalid/aduan",
    "ADUAN_EMAIL_URL": "smtp+tls://user:password@mail.invalid:587",
    "ADUAN_SMS_GATEWAY": "portal.tasks.sms.over_http",
    "ADUAN_SMS_URL": "https://sms.invalid/send",
    "REDIS_URL": "redis://redis.invalid:6379",
    "DJANGO_SETTINGS_MODULE": "aduan.settings",
}
TEST = {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    environment: dict[str, str]

    def run(self) -> tuple[bool, str, float]:
        began = time.monotonic()
        done = subprocess.run(
            self.command, cwd=PROJECT, env=os.environ | self.environment, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said = done.stdout.strip() or ending(done.returncode)
        return done.returncode == 0, said, time.monotonic() - began


def ending(code: int) -> str:
    """What to say of a step that said nothing itself; below zero it was killed."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}: is there too little memory? Try again."
    return f"ended with {code} and said nothing"


def steps() -> list[Step]:
    python, manage = sys.executable, [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]
    return [
        Step("types", [str(BIN / "mypy"), "."], TEST),
        Step("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        Step("lint", [str(BIN / "ruff"), "check", "."], {}),
        Step("contracts", [str(BIN / "lint-imports"), "--no-cache"], {}),
        Step("templates", [str(BIN / "djlint"), "--lint", "--quiet", "templates"], {}),
        Step("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"], TEST),
        Step("translations", [python, "-m", "scripts.catalogues"], TEST),
        Step("vendored files", [python, "scripts/renew_vendor.py", "--check"], {}),
        Step("sizes", [python, "-m", "scripts.sizes"], {}),
        Step("homonyms", [python, "-m", "scripts.checks.homonyms"], {}),
        Step("status", [python, "-m", "scripts.checks.status"], {}),
        Step("words", [python, "-m", "scripts.checks.words"], {}),
        Step("dead code", [python, "-m", "scripts.checks.dead_code"], {}),
        Step("upgrades", [python, "-m", "scripts.checks.migrations"], TEST),
        Step("decisions", [python, "-m", "scripts.checks.adr"], {}),
    ]


def main(_arguments: list[str]) -> int:
    wrong = []
    with ThreadPoolExecutor(max_workers=max(2, len(os.sched_getaffinity(0)))) as pool:
        running = [(step, pool.submit(step.run)) for step in steps()]
        for step, future in running:
            good, said, seconds = future.result()
            print(f"{'ok  ' if good else 'FAIL'} {step.name:<15} {seconds:5.1f} s", flush=True)
            if not good:
                wrong.append(step.name)
                print("     " + said.replace("\n", "\n     "), flush=True)
    print(f"check: {', '.join(wrong)} failed" if wrong else "check: all kept")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
