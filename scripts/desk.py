"""The commands behind the Makefile, run inside .venv by scripts/bootstrap.py."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import catalogues, check

PROJECT = Path(__file__).resolve().parent.parent
USUAL = "not slow and not production"
BIN = Path(sys.executable).parent
BROKE_OFF = 3  # pytest.ExitCode.INTERNAL_ERROR: no test failed, and those that were left were not judged


def portal(command: str) -> Callable[[list[str]], int]:
    def run(_arguments: list[str]) -> int:
        from devserver import commands

        return commands.run(command)

    return run


def test(arguments: list[str]) -> int:
    """Everything, on new servers and with coverage; or what the arguments name, on servers that stay."""
    paths = [PROJECT / word.partition("::")[0] for word in arguments if not word.startswith("-")]
    named = [path for path in paths if path.exists()]
    parallel = ["-n", workers(), "--dist", "worksteal"]
    if named:
        return pytest("-m", USUAL, *(parallel if any(map(Path.is_dir, named)) else []), *arguments)
    browser()
    os.environ["ADUAN_TEST_SERVERS"] = "new"
    whole = ("-m", USUAL, *parallel, "--cov", "--cov-report", "term:skip-covered", *arguments)
    code = pytest(*whole)
    if code != BROKE_OFF:
        return code
    print(
        "aduan: pytest broke off by an error of its own, which stands above. Everything once more.",
        flush=True,
    )
    return pytest(*whole)


def test_long(arguments: list[str]) -> int:
    browser()
    return pytest("-m", "slow", "-p", "tests.long_run", *arguments)


def test_production(arguments: list[str]) -> int:
    """The layout of docker-compose.yml, started on this machine, with the machine's own nginx."""
    if not shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        install("nginx-light", "the tests behind nginx")
    return pytest("-m", "production and not slow", *(arguments or ["tests/production"]))


def pytest(*arguments: str) -> int:
    return subprocess.run([str(BIN / "pytest"), "-q", *arguments], check=False).returncode


def workers() -> str:
    """At least two, so that what must not be shared is found out on any machine."""
    return os.environ.get("ADUAN_TEST_WORKERS") or str(min(max(len(os.sched_getaffinity(0)), 2), 8))


def browser() -> None:
    """Have Chromium for the browser tests, where that is in our power; else they are skipped and counted."""
    if not shutil.which("chromium"):
        install("chromium", "the browser tests")


def install(package: str, purpose: str) -> None:
    """A package of the distribution, for root; without it the tests say what they did not try."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"aduan: installing {package} for {purpose}", flush=True)
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"aduan: that failed.\n{done.stderr[-500:]}", flush=True)
            return


def format_code(_arguments: list[str]) -> int:
    """Mend what can be mended and format; formatting happens also where a finding is left for a person."""
    codes = [
        subprocess.run([str(BIN / "ruff"), *command, "."], cwd=PROJECT, check=False).returncode
        for command in (["check", "--fix", "--quiet"], ["format"])
    ]
    return max(codes)


def shell(arguments: list[str]) -> int:
    from devserver.home import default_home
    from devserver.supervisor import DEVELOPMENT_HOME

    if not os.environ.get("ADUAN_HOME") and DEVELOPMENT_HOME.exists():
        os.environ["ADUAN_HOME"] = str(DEVELOPMENT_HOME)
    print(f"aduan: a shell on the state in {default_home()}", flush=True)
    return subprocess.run(
        [sys.executable, "manage.py", "shell", *arguments], cwd=PROJECT, check=False
    ).returncode


def bench(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "bench", *arguments], check=False).returncode


def lock(_arguments: list[str]) -> int:
    common = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes"]
    for part in ("", "-embedded", "-ranker", "-dev", "-audit"):
        source, target = f"requirements{part}.in", f"requirements{part}.txt"
        command = [str(BIN / common[0]), *common[1:], source, "-o", target]
        done = subprocess.run(command, cwd=PROJECT, check=False)
        if done.returncode:
            return done.returncode
    return 0


def screens(arguments: list[str]) -> int:
    from scripts import screens

    return screens.main(arguments)


def pin_images(_arguments: list[str]) -> int:
    from scripts import pin_images

    return pin_images.main()


def sbom(arguments: list[str]) -> int:
    from scripts import sbom

    return sbom.main(arguments)


def audit(arguments: list[str]) -> int:
    from scripts import audit

    return audit.main(arguments)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "up": portal("up"),
    "dev": portal("dev"),
    "down": portal("down"),
    "reset": portal("reset"),
    "test": test,
    "test-long": test_long,
    "test-production": test_production,
    "check": lambda arguments: check.main(arguments),
    "format": format_code,
    "shell": shell,
    "bench": bench,
    "lock": lock,
    "sbom": sbom,
    "audit": audit,
    "pin-images": pin_images,
    "screens": screens,
    "messages": lambda _arguments: catalogues.refresh(),
}


if __name__ == "__main__":
    try:
        sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
