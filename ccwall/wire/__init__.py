"""Framing shared by protocols: every buffer here is bounded."""
