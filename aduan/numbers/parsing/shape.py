"""The shape of a text: words, figures and marks, with one letter for each."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """A text cut into words, figures and marks: `texts[i]`, classified by `letters[i]`."""

    texts: list[str]
    letters: str

    def figures(self, start: int, end: int) -> list[str]:
        texts, letters = self
        return [texts[i] for i in range(start, end) if letters[i] == "D"]

    def words(self, start: int, end: int) -> list[str]:
        return [text for text in self.texts[start:end] if text[0].isalpha()]
