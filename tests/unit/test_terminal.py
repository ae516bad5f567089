"""What the commands share."""

import os
import signal

import pytest

from geoservice.terminal import _interruptible


class _Finalised:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)  # what is raised in a finaliser is swallowed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_a_clean_up_swallows_still_stops() -> None:
    before = signal.getsignal(signal.SIGINT)
    reached = []
    with pytest.raises(KeyboardInterrupt), _interruptible():
        reached.append(type(_Finalised()))
    assert reached  # the interruption was swallowed where it fell
    assert signal.getsignal(signal.SIGINT) is before
