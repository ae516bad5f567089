"""Frames on a pipe: eight bytes of length, then as many bytes (pure)."""

from collections.abc import Callable, Sequence

_LENGTH = 8


def framed(*parts: bytes) -> bytes:
    """Return the parts, each behind its length."""
    return b"".join(len(part).to_bytes(_LENGTH, "big") + part for part in parts)


def read_frame(read: Callable[[int], bytes], most: int) -> bytes | None:
    """Return the next frame of at most ``most`` bytes; None at the end.

    Raises
    ------
    EOFError
        It ends within a frame, or the frame is longer.
    """
    head = read(_LENGTH)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if len(head) < _LENGTH or length > most:
        raise EOFError(f"a frame of {length} bytes: {most} at most")
    body = read(length)
    if len(body) < length:
        raise EOFError(f"{len(body)} bytes of a frame of {length}")
    return body


def packed(items: Sequence[bytes | None]) -> bytes:
    """Return byte strings as one; None where there is none."""
    lengths = [0 if it is None else len(it) + 1 for it in items]
    head = b"".join(length.to_bytes(4, "big") for length in [len(items), *lengths])
    return head + b"".join(it for it in items if it is not None)


def unpacked(data: bytes) -> list[bytes | None]:
    """Return what `packed` took.

    Raises
    ------
    EOFError
        Its lengths are not those of what follows.
    """
    count = int.from_bytes(data[:4], "big")
    at = 4 * (count + 1)
    if len(data) < at:
        raise EOFError("its lengths are cut")
    found: list[bytes | None] = []
    for index in range(count):
        length = int.from_bytes(data[4 * index + 4 : 4 * index + 8], "big") - 1
        found.append(None if length < 0 else data[at : at + length])
        at += max(length, 0)
    if at != len(data):
        raise EOFError(f"{len(data)} bytes: {at} expected")
    return found
