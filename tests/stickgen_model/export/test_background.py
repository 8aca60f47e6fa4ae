"""One thread makes, another works up: in order, few at a time, faults come out whole."""

from __future__ import annotations

import threading
import time
import weakref

import numpy as np
import pytest

from stickgen_model.export.background import hand_over


def test_everything_is_worked_up_in_order_in_one_other_thread():
    seen, threads = [], set()

    def work(thing):
        threads.add(threading.get_ident())
        seen.append(thing)

    assert hand_over(range(500), work) == 500
    assert seen == list(range(500))
    assert len(threads) == 1
    assert threading.get_ident() not in threads
    assert hand_over([], work) == 0


def test_the_next_is_made_while_one_is_worked_up():
    making = [threading.Event() for _ in range(5)]

    def things():
        for number in range(5):
            making[number].set()
            yield number

    def work(number):
        # would wait for ever if the next were made only after this one
        assert making[min(number + 1, 4)].wait(timeout=20.0)

    assert hand_over(things(), work) == 5


def test_only_a_few_are_alive_however_many_there_are():
    alive, most = weakref.WeakSet(), []

    def frames():
        for _ in range(300):
            frame = np.zeros(8)
            alive.add(holder := Holder(frame))
            yield holder

    def work(_):
        time.sleep(0.0001)
        most.append(len(alive))

    hand_over(frames(), work)
    assert max(most) <= 12


class Holder:
    """Something that can be watched."""

    def __init__(self, frame):
        self.frame = frame

    def __hash__(self):
        return id(self)


@pytest.mark.parametrize("fault", [RuntimeError("of the worker"), KeyboardInterrupt()])
def test_a_fault_of_the_worker_ends_both(fault):
    threads, made, worked = threading.active_count(), [], []

    def frames():
        for number in range(1000):
            made.append(number)
            yield number

    def work(number):
        worked.append(number)
        if number == 5:
            raise fault

    with pytest.raises(type(fault)) as caught:
        hand_over(frames(), work)
    assert caught.value is fault
    assert worked == [0, 1, 2, 3, 4, 5]
    assert len(made) < 20
    assert threading.active_count() == threads


@pytest.mark.parametrize("fault", [ValueError("of the maker"), KeyboardInterrupt()])
def test_a_fault_of_the_maker_ends_both(fault):
    threads, worked = threading.active_count(), []

    def frames():
        yield from range(3)
        raise fault

    def work(number):
        time.sleep(0.01)
        worked.append(number)

    with pytest.raises(type(fault)) as caught:
        hand_over(frames(), work)
    assert caught.value is fault
    assert worked == [0, 1, 2][: len(worked)]
    assert threading.active_count() == threads
