"""Statistics of a few seeds: means, quantiles, bootstrap intervals (Efron and Tibshirani 1993, percentile method).

With five values such an interval is somewhat too short; it says so wherever it is printed.
"""

import itertools
import math
import random

LEVEL = 0.95
_MOST_EXACT = 50_000  # Resamples that are enumerated rather than drawn.
_DRAWN = 2_000
_SEED = 1


def mean(values):
    return math.fsum(values) / len(values)


def quantile(values, share):
    """Linear between order statistics (Hyndman and Fan 1996, definition 7), as giot-trainer computes it."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _resampled_means(values, generator):
    """Means of resamples of `values`: all of them where there are few, else drawn ones."""
    count = len(values)
    if count ** count <= _MOST_EXACT:
        return [math.fsum(sample) / count for sample in itertools.product(values, repeat=count)]
    return [math.fsum(generator.choices(values, k=count)) / count for _ in range(_DRAWN)]


def _middle(values, level):
    return quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)


def bootstrap_interval(values, level=LEVEL):
    """(low, high) for the mean of what `values` are a sample of. The same for the same values."""
    return _middle(_resampled_means(values, random.Random(_SEED)), level)


def difference_interval(first, second, level=LEVEL):
    """(low, high) for mean(first) - mean(second), the two being independent samples."""
    generator = random.Random(_SEED)
    ours, theirs = _resampled_means(first, generator), _resampled_means(second, generator)
    return _middle([generator.choice(ours) - generator.choice(theirs) for _ in range(10 * _DRAWN)], level)


def at(points, x):
    """The value at `x` of a curve [(x, y)] of ascending x, linear between points and constant beyond them."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + (x - x0) / (x1 - x0) * (y1 - y0)
    return points[-1][1]
