"""The composition root: the one place where engine, sources, hub and web meet, and where they are started and stopped."""

from ccwall.main.demo import demo
from ccwall.main.replay import replay
from ccwall.main.serve import guard, serve
from ccwall.main.simulate import simulate

__all__ = ["demo", "guard", "replay", "serve", "simulate"]
