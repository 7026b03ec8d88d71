"""Waiting for what another process brings about."""
import time


def wait_until(condition, seconds, what, pause=0.02):
    """Polls a condition and returns what it gave; fails with `what` was waited for, a text or what makes one."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > give_up:
            raise AssertionError(f"waited {seconds} s in vain for {what() if callable(what) else what}")
        time.sleep(pause)
    return found
