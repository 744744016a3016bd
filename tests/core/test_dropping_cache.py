"""What one process remembers, and forgets for good at a takedown."""

from __future__ import annotations

from parvis.core.dropping_cache import DroppingCache


def test_what_was_begun_before_a_takedown_is_not_put_in_after_it() -> None:
    """It may hold what was taken down: the memory is confirmed to be empty."""
    cache: DroppingCache[bytes] = DroppingCache(100, len)
    state = cache.state
    cache.drop()
    cache.put("a", b"withdrawn", state)
    assert cache.get("a") is None
    cache.put("a", b"fresh", cache.state)
    assert cache.get("a") == b"fresh"


def test_what_is_made_while_it_is_emptied_is_answered_and_forgotten() -> None:
    cache: DroppingCache[str] = DroppingCache(3)

    def make() -> str:
        cache.drop()
        return "withdrawn"

    assert cache.of("a", make) == "withdrawn"
    assert cache.get("a") is None
    assert cache.of("a", lambda: "first") == cache.of("a", lambda: "second") == "first"


def test_it_holds_so_much_and_no_more() -> None:
    """What nobody asks for makes room; what is put again weighs once."""
    cache: DroppingCache[bytes] = DroppingCache(10, len)
    for key in "aabc":
        cache.put(key, b"1234", cache.state)
        assert cache.get("a") or key == "c"
    assert [cache.get(key) for key in "abc"] == [b"1234", None, b"1234"]
