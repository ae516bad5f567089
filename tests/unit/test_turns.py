"""One question for everybody who waits, and never one asked before they came."""

import asyncio
import gc
from functools import partial

import pytest

from geoservice.turns import Turns, TurnsByKey


class Clock:
    """Counts how often it was asked; an answer takes a moment."""

    def __init__(self) -> None:
        self.asked = self.at_once = self.most_at_once = 0

    async def ask(self) -> int:
        self.asked += 1
        number = self.asked
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.01)
        self.at_once -= 1
        return number


def test_who_comes_together_shares_one_question() -> None:
    async def run() -> None:
        clock = Clock()
        turns = Turns(clock.ask)
        assert await asyncio.gather(*(turns.answer() for _ in range(32))) == [1] * 32
        assert clock.asked == 1

    asyncio.run(run())


def test_who_comes_during_a_question_gets_the_next_one() -> None:
    async def run() -> None:
        clock = Clock()
        turns = Turns(clock.ask)
        first = asyncio.create_task(turns.answer())
        await asyncio.sleep(0.005)
        assert clock.asked == 1
        late = [asyncio.create_task(turns.answer()) for _ in range(5)]
        assert await first == 1
        assert await asyncio.gather(*late) == [2] * 5
        assert clock.most_at_once == 1

    asyncio.run(run())


def test_who_hangs_up_does_not_take_the_answer_from_the_others() -> None:
    async def run() -> None:
        turns = Turns(Clock().ask)
        gone, stays = (asyncio.create_task(turns.answer()) for _ in range(2))
        await asyncio.sleep(0.005)
        gone.cancel()
        assert await stays == 1
        with pytest.raises(asyncio.CancelledError):
            await gone

    asyncio.run(run())


def test_what_asking_raises_reaches_all_who_waited_and_the_next_asks_again() -> None:
    async def run() -> None:
        answers: list[int] = []

        async def ask() -> int:
            answers.append(len(answers))
            if len(answers) == 1:
                raise ConnectionError
            return len(answers)

        turns = Turns(ask)
        both = await asyncio.gather(turns.answer(), turns.answer(), return_exceptions=True)
        assert [type(one) for one in both] == [ConnectionError] * 2
        assert await turns.answer() == 2

    asyncio.run(run())


def test_each_key_has_its_own_question_and_is_forgotten_afterwards() -> None:
    async def run() -> None:
        turns: TurnsByKey[str] = TurnsByKey()
        asked: list[str] = []

        async def ask(key: str) -> str:
            asked.append(key)
            await asyncio.sleep(0.005)
            return key

        wanted = ["a", "b"] * 8
        answers = await asyncio.gather(*(turns.answer(key, partial(ask, key)) for key in wanted))
        assert answers == wanted
        assert sorted(asked) == ["a", "b"]
        gc.collect()
        assert len(turns) == 0

    asyncio.run(run())
