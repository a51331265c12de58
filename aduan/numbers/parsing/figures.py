"""Find the figures beside a number that are something else: counts, times, dates, amounts, codes.

A figure is shown to be something else by what stands next to it – its unit, its label, brackets, a colon –
never by its length. The text is written down as its *shape*, one letter for each word, figure or mark
("0895-0000-1111 2 jam" → "D-D-DSDSB"), and short patterns find the figures in the shape. No pattern repeats
inside a repetition, and each reads a bounded number of letters ahead: the time is linear in the length.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Final, NamedTuple

from aduan.numbers.parsing import figure_checks, figure_dates, figure_words
from aduan.numbers.parsing.compact_dates import compact_dates
from aduan.numbers.parsing.coordinates import coordinates
from aduan.numbers.parsing.glued_items import glued_items
from aduan.numbers.parsing.shape import Shape

LEFT_OUT: Final = "\u2420"  # stands where a figure stood: no number goes on across it

_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+|\n|[^\S\n]+|.", re.DOTALL)
_MARKS: Final = frozenset("()[].,:;/|-+#%=\"'\u263a")
# A number by itself, in whatever grouping, holds none of these: then no figure has to be looked for.
_MAY_HOLD_ONE: Final = re.compile(
    r"[:%|$]|[0-9]['\"]|[0-9]/[0-9]|[0-9]\+|[0-9]\.[0-9]|[(\[{<] ?\+?[0-9]{1,3} ?[)\]}>]|\#[0-9]"
    r"|(?<![0-9])[0-9]{1,4}-[0-9]{1,2}-|(?:^|\n) ?[0-9]{1,2} ?[-.)\]>]"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_UNSPACED: Final = re.compile(r"[0-9]+(?:[-.][0-9]+)*")
_LONGEST_FIGURE: Final = 11  # digits and marks without a space: 08-12-2025, 08.00-16.00
_SINGLE: Final = {
    " ": "S", "\n": "N", "$": figure_words.CURRENCY, **{char: char for char in _MARKS},
    "{": "(", "<": "(", "}": ")", ">": ")",
}  # fmt: skip
_MOST_KNOWN: Final = 4096
_LONGEST_KNOWN: Final = 20
_ANY_WORD: Final = "[WUMZBCKIRPX]"
_EDGE: Final = r"(?<![^SN(\[\"'\u263a].)"  # a figure begins the text, a line or a bracket, or follows a space
_STOP: Final = r"(?![^SN)\],;!?\"'\u263a.]|\.D)"  # and ends with the text, or before a space or a mark

# A label and what it labels, or a figure that is plain by itself. In both passes the leftmost counts, and of
# several the first. Each alternative begins with a letter of the shape, so that the search skips to it.
_BY_ITSELF: Final = re.compile(
    r"B(?<!D.)(?P<at>S?D(?:[:./-]D){0,2}(?![-.]?D))"  # jam 08.00, tgl 08-12-2025
    r"|C(?<!D.)(?P<sum>[.:]?S?D(?:[.,]D){0,5}(?:,-)?(?:S?U)?)"  # Rp 50.000, pulsa 25
    r"|[KIR](?<![D.].)(?P<code>(?:SW){0,2}[.:=/\#S]{0,4}" + _ANY_WORD + r"?D(?:[-/.]?[DWUMZBCKIRPX]){0,20})"
    r"|P(?P<place>[-.:]?S?[WX]?D(?:[/.,]D)?)"  # RT 03/08, Blok C2, SIM 2, ke-2
    r"|\#(?<![^SN(\[].)(?P<rank>D[:.)]?(?![-.]?D))"  # #2
    r"|M(?<!D.)(?P<monthday>\.?S?D(?:,?S?D(?!:))?(?![-.]?D))"  # Dec 8, 2025
    r"|[;,=*)](?<![^SN].)(?P<about>DS?X(?![DWUMZBCKIRP]))"  # >10x
    r"|D(?=[-/.:,%+X'\"]|S?[UMZBCX%]|[WKIRP]|SWSD)" + _EDGE + r"(?:"
    r"(?P<stamp>-D-DWD:D(?::D)?(?:\.D)?(?:[+-]D(?::D)?|W)?)"  # 2025-12-08T10:15:00+07:00
    r"|(?P<date>-D-D(?![-/.]?D)|/D/D(?![-/.]?D)|\.D\.D(?![-/.]?D))"
    r"|(?P<hours>-DS?Z)"  # 8-17 WIB
    r"|(?P<range>-D(?:[.,]D)?S?[U%](?![-/]?D))"  # 5-500jt
    r"|(?P<outof>SWSD" + _STOP + r")"  # 10 dari 10
    r"|(?P<month>S?M)"  # 8 Des, 15juli
    r"|(?P<zoned>S?Z)"  # 0700 WIB
    r"|(?P<decimal>[.,]DS?U(?![-/]?D))"  # 4.5 bintang
    r"|(?P<clock>[:.]D(?:[:.]D)?(?:S?Z)?" + _STOP + r"|[:.]D-D[:.]D(?:S?Z)?" + _STOP + r")"
    r"|(?P<span>XD(?:S?[UB])?(?![-.]?D))"  # 3x24 jam
    r"|(?P<fraction>(?:[.,]D)?/D" + _STOP + r")"  # 24/7, 12/05, 4,5/5
    r"|(?P<times>(?:-D)?S?X(?![DWUMZBCKIRP]))"
    r"|(?P<share>(?:[.,]D)?S?%)"
    r"|(?P<unit>(?:[.,]D){0,4}S?[UBC](?:/DS?U)?(?![-/]?D))"  # 24 jam, 24 jam/7 hari
    r"|(?P<badge>\+(?!D))"  # 99+
    r"|(?P<minutes>'(?:S?D\")?" + _STOP + r"|\"" + _STOP + r")"  # 20', 3'15", 45"
    r"|(?P<mixed>" + _ANY_WORD + "(?:D" + _ANY_WORD + r"){0,8}D?" + _STOP + r")"
    r")"
    r"|" + _ANY_WORD + _EDGE + r"(?:"
    r"(?P<factor>(?<=X)S?D(?![-.]?D))"  # x3
    r"|(?P<plate>SDSW" + _STOP + r")"
    r"|(?P<year>(?<=U)\.?S?D(?![-.]?D))"  # tahun 2025
    r"|(?P<glued>D(?:" + _ANY_WORD + "D){0,8}" + _ANY_WORD + r"?" + _STOP + r")"
    r")"
)
# Figures whose meaning depends on the number that follows, or that came before.
_BESIDE: Final = re.compile(
    r"(?P<bracket>[(\[]S?[X+]?S?DS?X?S?[)\]])"  # (2), [4], (x3), (+1), (3) before a number
    r"|(?P<column>\|(?<=S.)SD" + _STOP + r")"
    r"|(?P<counted>" + _ANY_WORD + r"[S.\#]{0,2}DS?[S:.)=-]S?(?=\(?[+D]))"  # CS 2: …, Admin 3 …
    r"|(?P<item>S?(?<![^N]S)D(?<![^NS]D)(?:\.?[)\]]S?|\.S?|:S|S-S|S?=S?)(?=\(?[+D]))"  # 1. 2) 3] 4:
)


class Figure(NamedTuple):
    """Digits that are something else: `text[start:end]`. `code` is what they are, as in `errors.MESSAGES`."""

    start: int
    end: int
    code: str


def figures(text: str) -> list[Figure]:
    """The figures of a folded, visible text, in reading order."""
    plain = [Figure(start, end, "date") for start, end in compact_dates(text)]
    if "." in text or ")" in text:
        others = (*glued_items(text), *coordinates(text))
        plain += [Figure(start, end, "extra_text") for start, end in others]
    if not plain:
        return _figures(text)
    return sorted([*plain, *_figures(leave_out(text, plain))])


def _figures(text: str) -> list[Figure]:
    if not (_LETTER.search(text) or _MAY_HOLD_ONE.search(text)):
        return []
    runs = _UNSPACED.findall(text)
    if len(runs) == 1 and len(runs[0]) > _LONGEST_FIGURE:
        return []
    if len(runs) > _LONGEST_FIGURE and max(map(len, runs)) == 1:  # "0 8 1 2 3 4 …"
        return []
    tokens = shape_of(text)
    if tokens.letters.count("D") < 2:
        return []
    found: list[tuple[int, int, str]] = []
    for pattern in (_BY_ITSELF, _BESIDE):
        tokens = _collect(pattern, tokens, found)
    if not found:
        return []
    starts = list(accumulate(map(len, tokens.texts), initial=0))
    return [Figure(starts[first], starts[last], code) for first, last, code in sorted(found)]


def _collect(pattern: re.Pattern[str], tokens: Shape, found: list[tuple[int, int, str]]) -> Shape:
    """Add what the pattern finds, by its places in the shape; return the shape without it for the next."""
    letters, pieces, position = tokens.letters, [], 0
    match = pattern.search(letters)
    while match is not None:
        kind = match.lastgroup or ""
        first, last = match.span()
        code = figure_checks.CHECKS[kind](tokens, first, last)
        if code:
            last = figure_dates.with_rest(kind, tokens, last)
            pieces += [letters[position:first], LEFT_OUT * (last - first)]
            position = last
            found.append((first, last, code))
        # Behind something that was no figure after all, another one may begin inside it.
        match = pattern.search(letters, last if code else first + 1)
    if not pieces:
        return tokens
    return Shape(tokens.texts, "".join([*pieces, letters[position:]]))


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
    letters = "".join(["D" if "0" <= token[0] <= "9" else _LETTERS[token] for token in texts])
    return Shape(texts, letters)


class _Letters(dict[str, str]):
    """Fills itself as words turn up; bounded, so that hostile text cannot grow it without end."""

    def __missing__(self, token: str) -> str:
        letter = _letter(token)
        if len(self) < _MOST_KNOWN and len(token) < _LONGEST_KNOWN:
            self[token] = letter
        return letter


def _letter(token: str) -> str:
    first = token[0]
    if first.isalpha():
        word = token.lower()
        plain = figure_words.CLASS_OF.get(word) or figure_words.CLASS_OF.get(word.removesuffix("nya"))
        return plain or figure_words.WORD
    return "S" if first.isspace() else "*"  # any other mark


_LETTERS: Final = _Letters(_SINGLE)
