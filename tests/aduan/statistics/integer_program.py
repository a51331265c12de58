"""What certainly follows from sums of unknown counts: an integer program, solved for each small count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from aduan.statistics.datasets import THRESHOLD

Label = TypeVar("Label")
Equation = tuple[list[int], int]  # places of counts, and their sum


def certain_counts(
    asked: Mapping[Label, list[int]], counts: Sequence[int], equations: Sequence[Equation]
) -> list[Label]:
    """Which of the sums that are asked for, from one to nine, could be no greater and no smaller."""
    matrix = np.array([_line(places, len(counts)) for places, _sum in equations])
    sums = np.array([sum_ for _places, sum_ in equations], dtype=float)
    assert np.allclose(matrix @ np.array(counts, dtype=float), sums)
    found = []
    for label, places in asked.items():
        if 0 < sum(counts[place] for place in places) < THRESHOLD:
            goal = _line(places, len(counts))
            if _least(matrix, sums, goal) == -_least(matrix, sums, -goal):
                found.append(label)
    return found


def _line(places: list[int], length: int) -> np.ndarray:
    line = np.zeros(length)
    line[places] = 1
    return line


def _least(matrix: np.ndarray, sums: np.ndarray, goal: np.ndarray) -> float:
    solved = milp(
        goal,
        constraints=LinearConstraint(matrix, sums, sums),
        integrality=np.ones(matrix.shape[1]),
        bounds=Bounds(0, 10_000),
    )
    assert solved.success, solved.message
    return round(float(solved.fun))
