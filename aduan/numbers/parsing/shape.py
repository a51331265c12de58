"""The shape of a text: words, figures and marks, with one letter for each."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """A text cut into words, figures and marks: `texts[i]`, classified by `letters[i]`."""

    texts: list[str]
    starts: list[int]  # where each begins; one longer than the others, with the end of the text
    letters: str

    def figures(self, start: int, end: int) -> list[str]:
        pairs = zip(self.texts[start:end], self.letters[start:end], strict=True)
        return [text for text, letter in pairs if letter == "D"]

    def words(self, start: int, end: int) -> list[str]:
        return [self.texts[i] for i in range(start, end) if self.texts[i][0].isalpha()]
