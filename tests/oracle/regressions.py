"""Seeds that once found something, and what: they are tried for ever."""

FOUND: dict[int, str] = {}
