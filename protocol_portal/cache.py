"""The cache holds rate limits and papers that anybody may read, nothing else; people can still sign in while Redis is away.

Password failures are counted in PostgreSQL as well (axes), so an absent Redis doesn't open the door.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis, or an empty cache while Redis doesn't answer."""

    def _try(self, call: Callable[..., Any], default: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return call(*args, **kwargs)
        except RedisError as problem:
            logger.warning("cache away: %s", type(problem).__name__)
            return default

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value kept for ``key``, or ``default``."""
        return self._try(super().get, default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """Return the values that are kept for ``keys``."""
        return dict(self._try(super().get_many, {}, keys, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Return whether a value is kept for ``key``."""
        return bool(self._try(super().has_key, False, key, version))

    def set(self, key: Any, *args: Any, **kwargs: Any) -> None:
        """Keep a value."""
        self._try(super().set, None, key, *args, **kwargs)

    def add(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        """Keep a value unless there is one; True when it was kept, or when nobody could tell."""
        return bool(self._try(super().add, True, key, *args, **kwargs))

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        """Keep a value for longer."""
        return bool(self._try(super().touch, False, key, *args, **kwargs))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value."""
        return bool(self._try(super().delete, False, key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a number; 0 when nobody could."""
        return int(self._try(super().incr, 0, key, delta, version))
