"""Celery's requests are listed while other threads begin and end them."""

from __future__ import annotations

import threading

import pytest
from celery.worker import state

from worker.broker.in_work import requests_in_work


class Changing:
    """A set that other threads change while it is read, as often as it says."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __iter__(self) -> Changing:
        return self

    def __next__(self) -> str:
        if self._left:
            self._left -= 1
            raise RuntimeError("Set changed size during iteration")
        raise StopIteration


def test_a_set_that_changes_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read again, and nothing is raised that would end the worker."""
    monkeypatch.setattr(state, "active_requests", Changing(3))
    assert requests_in_work() == ()


def test_what_is_in_work_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it."""
    kept = [threading.Lock(), threading.Lock()]
    monkeypatch.setattr(state, "active_requests", set(kept))
    assert set(requests_in_work()) == set(kept)
