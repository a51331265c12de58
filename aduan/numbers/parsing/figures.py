"""Find the figures beside a number that are something else: counts, times, dates, amounts, codes.

A figure is shown to be something else by what stands next to it – its unit, its label, brackets, a colon –
never by its length. The text is written down as its *shape*, one letter for each word, figure or mark
("0895-0000-1111 2 jam" → "D-D-DSDSB"), and short patterns find the figures in the shape. No pattern repeats
inside a repetition, and each reads a bounded number of letters ahead: the time is linear in the length.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from aduan.numbers.parsing import figure_checks, figure_words
from aduan.numbers.parsing.figure_checks import Shape

LEFT_OUT: Final = "\u2420"  # stands where a figure stood: no number goes on across it

_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+|\n|[^\S\n]+|.", re.DOTALL)
_MARKS: Final = frozenset("()[].,:;/|-+#%=\"'\u263a")
_ANY_WORD: Final = "[WUMZBCKIRPX]"
_EDGE: Final = r"(?<![^SN(\[\"'\u263a])"  # a figure begins the text, a line or a bracket, or follows a space
_STOP: Final = r"(?![^SN)\],;!?\"'\u263a.]|\.D)"  # and ends with the text, or before a space or a mark

# Labels and what they label; then figures that are plain by themselves; then those whose meaning depends on
# the number that follows. Where two could match, the first counts.
_LABELLED: Final = re.compile(
    r"(?<![WD])(?:"
    r"(?P<at>BS?D(?:[:./-]D){0,2}(?![-.]?D))"  # jam 08.00, tgl 08-12-2025
    r"|(?P<sum>C[.:]?S?D(?:[.,]D){0,5}(?:,-)?(?:S?U)?)"  # Rp 50.000, pulsa 25
    r"|(?P<code>[KIR](?:SW){0,2}[.:=/\#S]{0,4}" + _ANY_WORD + r"?D(?:[-/.]?[DWUMZBCKIRPX]){0,20})"
    r"|(?P<place>P[.:]?S?[WX]?D(?:/D)?)"  # RT 03/08, Blok C2, SIM 2
    r")"
)
_PLAIN: Final = re.compile(
    _EDGE + r"(?:"
    r"(?P<stamp>D-D-DWD:D(?::D)?(?:\.D)?(?:[+-]D(?::D)?|W)?)"  # 2025-12-08T10:15:00+07:00
    r"|(?P<date>D-D-D(?![-/.]?D)|D/D/D(?![-/.]?D)|D\.D\.D(?![-/.]?D))"
    r"|(?P<month>DS?M)"  # 8 Des, 15juli
    r"|(?P<clock>D[:.]D(?:[:.]D)?(?:S?Z)?" + _STOP + r"|D[:.]D-D[:.]D(?:S?Z)?" + _STOP + r")"
    r"|(?P<span>DXD(?:S?[UB])?(?![-.]?D))"  # 3x24 jam
    r"|(?P<always>D/D" + _STOP + r")"  # 24/7
    r"|(?P<times>XS?D(?![-.]?D)|DX(?![DWUMZBCKIRP]))"
    r"|(?P<share>D(?:[.,]D)?S?%)"
    r"|(?P<unit>D(?:[.,]D){0,4}S?[UBC](?![-/]?D))"
    r"|(?P<badge>D\+(?!D))"  # 99+
    r"|(?P<plate>WSDSW" + _STOP + r")"
    r"|(?P<mixed>"
    + _ANY_WORD
    + "?D"
    + _ANY_WORD
    + "(?:D"
    + _ANY_WORD
    + r"){0,8}D?"
    + _STOP
    + r"|WD"
    + _STOP
    + r")"
    r")"
)
_DEPENDING: Final = re.compile(
    r"(?P<bracket>[(\[]S?X?S?DS?X?S?[)\]])"  # (2), [4], (x3), (3) before a number
    r"|(?P<item>(?<![^N])S?D[.)]S?(?=\(?[+D]))"  # 1. and 2) before a number
    r"|(?P<counted>" + _ANY_WORD + r"[S.\#]{0,2}DS?[S:.)=-]S?(?=\(?[+D]))"  # CS 2: …, Admin 3 …
    r"|(?P<column>(?<=S)\|SD" + _STOP + r")"
)


class Figure(NamedTuple):
    """Digits that are something else: `text[start:end]`. `code` is what they are, as in `errors.MESSAGES`."""

    start: int
    end: int
    code: str


def figures(text: str) -> list[Figure]:
    """The figures of a folded, visible text, in reading order."""
    tokens = shape_of(text)
    if tokens.letters.count("D") < 2:
        return []
    found: list[Figure] = []
    letters = list(tokens.letters)
    for pattern in (_LABELLED, _PLAIN, _DEPENDING):
        for match in pattern.finditer("".join(letters)):
            kind = match.lastgroup or ""
            first, last = match.span()
            code = figure_checks.CHECKS[kind](tokens, first, last)
            if code:
                if kind == "month":
                    last = figure_checks.with_year(tokens, last)
                letters[first:last] = LEFT_OUT * (last - first)
                found.append(Figure(tokens.starts[first], tokens.starts[last], code))
    return sorted(found)


def leave_out(text: str, found: list[Figure]) -> str:
    """The same text, as long, with each figure replaced by a mark and spaces."""
    pieces, last = [], 0
    for start, end, _code in found:
        pieces += [text[last:start], LEFT_OUT, " " * (end - start - 1)]
        last = end
    return "".join([*pieces, text[last:]])


def shape_of(text: str) -> Shape:
    """The text as words, figures and marks, and one letter for each."""
    texts = _TOKEN.findall(text)
    starts, position = [], 0
    for token in texts:
        starts.append(position)
        position += len(token)
    return Shape(texts, [*starts, position], "".join(map(_letter, texts)))


def _letter(token: str) -> str:
    first = token[0]
    if "0" <= first <= "9":
        return "D"
    if first in _MARKS:
        return first
    if first.isalpha():
        return figure_words.CLASS_OF.get(token.lower(), figure_words.WORD)
    if first == "\n":
        return "N"
    if first.isspace():
        return "S"
    return figure_words.CURRENCY if first == "$" else "*"  # any other mark
