"""How an end of a link is called."""


def place(name: object) -> str:
    """One end as `host:port`, of what a socket calls itself; empty when it has no such name.

    >>> place(("::1", 5060, 0, 0)), place(("192.0.2.1", 5060))
    ('[::1]:5060', '192.0.2.1:5060')
    """
    if not isinstance(name, tuple) or len(name) < 2:
        return ""
    host = str(name[0]).partition("%")[0]
    return f"[{host}]:{name[1]}" if ":" in host else f"{host}:{name[1]}"
