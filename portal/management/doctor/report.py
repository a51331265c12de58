"""What a check found, and how all of them are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError, connection

Check = Callable[[], "Iterator[Observation]"]


class Level(StrEnum):
    WELL = "well"
    ATTENTION = "attention"  # works, but needs attention
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Observation:
    """One sentence, and what a person does about it (empty where nothing is to be done)."""

    level: Level
    sentence: str
    advice: str = ""


def well(sentence: str) -> Observation:
    return Observation(Level.WELL, sentence)


def attention(sentence: str, advice: str) -> Observation:
    return Observation(Level.ATTENTION, sentence, advice)


def alarm(sentence: str, advice: str) -> Observation:
    return Observation(Level.ALARM, sentence, advice)


def examine(check: Check) -> Iterator[Observation]:
    """What the check finds. One that cannot be carried out is an alarm and stops no other."""
    try:
        yield from check()
    except DatabaseError as error:
        connection.close()  # the next check begins with a connection of its own
        yield alarm(
            f"{_title(check)}: PostgreSQL refused ({_first_line(error)})", "see the finding on it above"
        )
    except Exception as error:  # a part may fail in every way
        yield alarm(
            f"{_title(check)}: {type(error).__name__}: {_first_line(error)}", "read the log of this part"
        )


def _title(check: Check) -> str:
    return check.__name__.replace("_", " ")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:200]
