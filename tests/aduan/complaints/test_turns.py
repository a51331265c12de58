"""A process writes few complaints at a time, and none waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aduan.complaints.services import turns


def test_no_more_than_four_are_inside_and_each_gets_its_turn(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 60)
    inside, most, done, guard = 0, 0, 0, threading.Lock()
    full = threading.Barrier(turns.AT_A_TIME)

    def write(_one):
        nonlocal inside, most, done
        with turns.in_turn():
            with guard:
                inside += 1
                most = max(most, inside)
            full.wait(timeout=60)  # four have to be inside together, or it breaks
            with guard:
                inside -= 1
                done += 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(12)))
    assert (most, done) == (turns.AT_A_TIME, 12)


def test_behind_four_that_hang_a_complaint_goes_on_by_itself(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    for _one in range(turns.AT_A_TIME):
        assert turns._turns.acquire(timeout=60)
    try:
        with turns.in_turn():
            pass
    finally:
        turns._turns.release(turns.AT_A_TIME)
    with pytest.raises(ZeroDivisionError), turns.in_turn():
        raise ZeroDivisionError
    taken = [turns._turns.acquire(blocking=False) for _one in range(turns.AT_A_TIME + 1)]
    turns._turns.release(sum(taken))
    assert taken == [True] * turns.AT_A_TIME + [False], "a turn that failed is given back"
