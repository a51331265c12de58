"""Finds what only programmers read: codes, primary keys and dictionary keys in text meant for people.

Pages are read in Indonesian, where an English code cannot pass for its label.
"""

from __future__ import annotations

import html
import re
from enum import Enum

from django.apps import apps
from django.db import models

from aduan.core.audit_actions import AuditAction
from portal.staff.audit_subjects import FINDERS

# Values of enums that are words of Indonesian too, names that people know, or parts of public file names.
WORDS = {
    "email",
    "media",
    "operator",
    "bank",
    "normal",
    "platform",
    "monthly",
    "register",
    "manual",
    "sms",
    "data",
    "link",
}
_UNSEEN = re.compile(r"<(script|style|head|code|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_SHOWN_ATTRIBUTES = re.compile(r'\s(?:title|alt|aria-label|placeholder)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_SNAKE = re.compile(r"(?<![\w/.@-])[a-z]+(?:_[a-z0-9]+)+(?![\w/@-])")
_KEY = re.compile(rf"\b(?:{'|'.join(sorted(FINDERS))}):\w+")


def text_of(page: str) -> str:
    """What a reader sees or hears of a page, one piece of text after another."""
    body = _UNSEEN.sub(" ", page)
    shown = [*_SHOWN_ATTRIBUTES.findall(body), *_TAG.sub("\n", body).splitlines()]
    return html.unescape("\n".join(piece.strip() for piece in shown if piece.strip()))


def stored_words() -> set[str]:
    """Values of every field with choices whose label is another word."""
    choices = [
        (str(value.value if isinstance(value, Enum) else value), str(label))
        for model in apps.get_models()
        if model.__module__.startswith("aduan.")
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
        for value, label in field.flatchoices
    ]
    return {
        code for code, label in choices if code.isascii() and len(code) > 3 and code != label.lower()
    } - WORDS


def codes_in(text: str) -> set[str]:
    """Action codes, `snake_case`, `model:pk`, and stored values of enums that stand alone."""
    actions = {action.value for action in AuditAction if re.search(rf"\b{re.escape(action)}\b", text)}
    alone = {piece.strip(" .,;()") for line in text.splitlines() for piece in re.split(r"[:,·(]", line)}
    return actions | set(_SNAKE.findall(text)) | set(_KEY.findall(text)) | (alone & stored_words())
