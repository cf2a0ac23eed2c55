"""Where chance comes from: one stream for each purpose, so that one thing more here changes nothing there."""

from math import gamma, log, sqrt
from random import Random


class Chance:
    """`Chance(7).stream("arrivals", "consult")` is the same sequence for ever (Python keeps `random()` stable).

    >>> Chance(7).stream("a").random() == Chance(7).stream("a").random() != Chance(8).stream("a").random()
    True
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def stream(self, *purpose: object) -> "Stream":
        return Stream("/".join(str(part) for part in (self._seed, *purpose)))


class Stream(Random):
    """Random with the distributions of a call centre."""

    def happens(self, share: float) -> bool:
        return self.random() < share

    def every(self, mean: float) -> float:
        """Seconds until the next of something that comes without memory, `mean` seconds apart."""
        return self.expovariate(1.0 / mean)

    def lognormal(self, mean: float, spread: float = 0.5) -> float:
        """Times people take (Brown et al. 2005 find them lognormal). `spread`: standard deviation / mean."""
        if mean <= 0.0:
            return 0.0
        variance = log(1.0 + spread * spread)
        return self.lognormvariate(log(mean) - variance / 2.0, sqrt(variance))

    def weibull(self, mean: float, shape: float) -> float:
        """Patience: a shape over 1 means that who has waited long soon goes."""
        return self.weibullvariate(mean / gamma(1.0 + 1.0 / shape), shape)
