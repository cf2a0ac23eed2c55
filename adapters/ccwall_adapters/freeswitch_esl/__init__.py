"""FreeSWITCH over the Event Socket (mod_event_socket, mod_callcenter of 1.10): queues, agents, holds.

docs/adapters/freeswitch.md says what to configure on the PBX and which traps are handled here.
"""
