"""Learns from decided cases how likely a block is, and says by which words. The one place of scikit-learn.

A logistic regression over character n-grams of the stories (typing errors and mixed spellings stay near) and
the facts that the points count too, calibrated on what it had not learnt from. Digits are all alike to it: it
learns how people tell a fraud, not numbers and accounts. Pure: same cases, same answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from aduan.cases.services import Opinion
from aduan.complaints.categories import all_categories
from aduan.ranker.queries import Known

FEATURES: Final = 2**18
FOLDS: Final = 5
MOST_WORDS: Final = 4  # words
# In so many decided cases at least: a name or what one person alone wrote is never shown.
KNOWN_WORD: Final = 5
_BATCH: Final = 2_000
_WORD: Final = re.compile(r"[^\W\d_]{3,40}")
_DIGIT: Final = re.compile(r"\d")
_GRAMS: Final = {
    "analyzer": "char_wb",
    "ngram_range": (2, 5),
    "n_features": FEATURES,
    "alternate_sign": False,
}


class Ranker:
    """What was learnt. `known`: the words that may be shown."""

    def __init__(self, calibrated: CalibratedClassifierCV, known: Iterable[str]) -> None:
        self._calibrated = calibrated
        # Over the weights of a word's own n-grams: char_wb makes none across words.
        weights = calibrated.calibrated_classifiers_[0].estimator.coef_[0][:FEATURES]
        words = sorted(known)
        spoken = HashingVectorizer(**_GRAMS, norm=None).transform(words) @ weights if words else []
        self._speaks_for = {
            word: float(weight) for word, weight in zip(words, spoken, strict=True) if weight > 0
        }

    def opinions(self, cases: Iterable[Known]) -> Iterator[tuple[int, Opinion]]:
        """Case by case: how likely a block is, and the words that speak for one most."""
        for some in _in_batches(cases):
            chances = self._calibrated.predict_proba(_features(some))[:, 1]
            for case, chance in zip(some, chances, strict=True):
                yield case.case_id, Opinion(round(1000 * float(chance)), self._words(case))

    def _words(self, case: Known) -> tuple[str, ...]:
        spoken = words_of(case.story) & self._speaks_for.keys()
        return tuple(sorted(spoken, key=lambda word: (-self._speaks_for[word], word))[:MOST_WORDS])


def learn(cases: Sequence[Known], blocked: Sequence[bool]) -> Ranker:
    """`blocked` says what was decided of each; both outcomes have FOLDS cases at least."""
    chances = CalibratedClassifierCV(
        LogisticRegression(C=4.0, solver="liblinear", random_state=1), cv=FOLDS, ensemble=False
    )
    chances.fit(_features(cases), np.asarray(blocked))
    seen = Counter(word for case in cases for word in words_of(case.story))
    return Ranker(chances, (word for word, times in seen.items() if times >= KNOWN_WORD))


def words_of(story: str) -> set[str]:
    return set(_WORD.findall(story.lower()))


def _features(cases: Sequence[Known]) -> csr_matrix:
    stories = HashingVectorizer(**_GRAMS).transform(_DIGIT.sub("0", case.story) for case in cases)
    return hstack([stories, csr_matrix([_facts(case) for case in cases])], format="csr")


def _facts(case: Known) -> list[float]:
    """Each between 0 and 1, on the scales of `aduan.cases.ranking`."""
    return [
        float(np.log2(1 + min(case.complaints, 64)) / np.log2(65)),
        float(np.log2(1 + min(case.independent, 64)) / np.log2(65)),
        float(min(np.log10(1 + max(case.loss, 0) / 100_000), 6) / 6),
        case.evidence / 8,
        float(case.link),
        float(case.account),
        *(float(case.category == category) for category in all_categories()),
    ]


def _in_batches(cases: Iterable[Known]) -> Iterator[list[Known]]:
    some: list[Known] = []
    for case in cases:
        some.append(case)
        if len(some) == _BATCH:
            yield some
            some = []
    if some:
        yield some
