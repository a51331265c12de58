"""Every command that a document tells its reader to type is there, with each option that it names."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class

from scripts.checks.sources import PROJECT
from tests.architecture.test_docs_name_real_things import CODE, DOCUMENTS

FENCE = re.compile(r"^ *```\w*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
MANAGE = re.compile(r"manage\.py ([a-z_]+)((?:[ \n]+(?!#|\|)[^\s`;|&)]+)*)")
MAKE = re.compile(r"(?:^|&& |; )make ([a-z][a-z-]*)", re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def typed() -> Iterator[tuple[str, str]]:
    """Each code span (which may go on in the next line) and line of a fence, with its document."""
    for name, text in DOCUMENTS.items():
        for fence in FENCE.findall(text):
            for line in fence.replace("\\\n", " ").splitlines():
                yield name, line
        rest = FENCE.sub("", text)
        for paragraph in rest.split("\n\n"):
            for span in CODE.findall(paragraph.replace("\n", " ")):
                yield name, span


PORTALS = sorted({(name, *found) for name, text in typed() for found in MANAGE.findall(text)})
MAKES = sorted({(name, found) for name, text in typed() for found in MAKE.findall(text)})


def parsers_of(command: str) -> list[argparse.ArgumentParser]:
    """Its parser, and those of the words that may follow it."""
    made = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    below = [
        parser
        for action in made._actions
        if isinstance(action, argparse._SubParsersAction)
        for parser in action.choices.values()
    ]
    return [made, *below]


def test_documents_name_many_of_both() -> None:
    assert len({command for _name, command, _rest in PORTALS}) > 15
    assert len({target for _name, target in MAKES}) > 8


@pytest.mark.parametrize(("name", "command", "rest"), PORTALS)
def test_a_command_of_the_portal_is_there_with_its_words_and_options(
    name: str, command: str, rest: str
) -> None:
    assert command in get_commands(), name
    parsers = parsers_of(command)
    options = {option for parser in parsers for option in parser._option_string_actions}
    assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= options, name
    words = {
        str(choice)
        for parser in parsers
        for action in parser._actions
        if not action.option_strings and action.choices
        for choice in action.choices
    }
    first = rest.split()[0] if rest.split() else ""
    if words and re.fullmatch(r"[a-z]+", first):
        assert first in words, name


@pytest.mark.parametrize(("name", "target"), MAKES)
def test_a_target_of_make_is_there(name: str, target: str) -> None:
    assert target in TARGETS, name
