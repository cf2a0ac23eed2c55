"""What the floor's queues and interfaces are called on a FreeSWITCH."""

DOMAIN = "default"


def queue_name(queue: str) -> str:
    """
    >>> queue_name("consult")
    'consult@default'
    """
    return f"{queue}@{DOMAIN}"


def extension(interface: str) -> str:
    """``1003`` of ``PJSIP/1003`` and of ``Local/1003@from-queue/n``."""
    return interface.partition("/")[2].partition("@")[0] or interface


def agent_name(interface: str) -> str:
    """One agent for each interface: mod_callcenter knows one contact of an agent, and one status.

    >>> agent_name("PJSIP/1003"), agent_name("Local/1007@from-queue/n")
    ('1003@default', '1007.second@default')
    """
    second = ".second" if interface.startswith("Local/") else ""
    return f"{extension(interface)}{second}@{DOMAIN}"
