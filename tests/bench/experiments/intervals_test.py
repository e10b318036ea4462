#!/usr/bin/env python3
"""Means, quantiles and bootstrap intervals, against hand calculation."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / 'bench/experiments'))

import intervals


class QuantileTest(unittest.TestCase):

    def test_lies_linearly_between_order_statistics(self):
        self.assertEqual(intervals.quantile([3.0, 1.0, 2.0], 0.5), 2.0)
        # Position .01 x 100 = 1 in 101 values.
        self.assertEqual(intervals.quantile(list(range(101)), 0.01), 1.0)
        # Position .25 x 3 = .75 between 10 and 20.
        self.assertAlmostEqual(intervals.quantile([40.0, 10.0, 30.0, 20.0], 0.25), 17.5)

    def test_ends_are_least_and_greatest(self):
        self.assertEqual(intervals.quantile([5.0, -1.0, 2.0], 0.0), -1.0)
        self.assertEqual(intervals.quantile([5.0, -1.0, 2.0], 1.0), 5.0)


class BootstrapTest(unittest.TestCase):

    def test_two_values_have_four_resamples(self):
        # Means 0, .5, .5, 1: positions .75 and 2.25 at a level of one half.
        self.assertEqual(intervals.bootstrap_interval([0.0, 1.0], level=0.5), (0.375, 0.625))

    def test_equal_values_have_no_width(self):
        self.assertEqual(intervals.bootstrap_interval([0.25] * 5), (0.25, 0.25))

    def test_holds_the_mean_and_lies_within_the_values(self):
        values = [0.1, 0.4, 0.2, 0.9, 0.3]
        low, high = intervals.bootstrap_interval(values)
        self.assertTrue(min(values) < low < intervals.mean(values) < high < max(values))

    def test_does_not_depend_on_the_order(self):
        forth, back = intervals.bootstrap_interval([0.5, 0.25, 1.0]), intervals.bootstrap_interval([1.0, 0.25, 0.5])
        self.assertAlmostEqual(forth[0], back[0])
        self.assertAlmostEqual(forth[1], back[1])

    def test_many_values_are_drawn_and_repeatable(self):
        values = [float(i % 10) for i in range(1000)]  # Mean 4.5, standard error of it .0908.
        low, high = intervals.bootstrap_interval(values)
        self.assertAlmostEqual(low, 4.5 - 1.96 * 0.0908, delta=0.03)
        self.assertAlmostEqual(high, 4.5 + 1.96 * 0.0908, delta=0.03)
        self.assertEqual(intervals.bootstrap_interval(values), (low, high))


class DifferenceTest(unittest.TestCase):

    def test_constants_differ_by_their_difference(self):
        self.assertEqual(intervals.difference_interval([3.0] * 4, [1.0] * 5), (2.0, 2.0))

    def test_far_samples_exclude_zero_and_like_ones_do_not(self):
        self.assertGreater(intervals.difference_interval([5.0, 6.0, 7.0], [1.0, 2.0, 3.0])[0], 0.0)
        low, high = intervals.difference_interval([1.0, 2.0, 3.0], [1.1, 2.0, 2.9])
        self.assertTrue(low < 0.0 < high)

    def test_is_wider_than_either_sample_alone(self):
        values = [1.0, 2.0, 4.0, 3.0]
        low, high = intervals.bootstrap_interval(values)
        below, above = intervals.difference_interval(values, values)
        self.assertGreater(above - below, high - low)


class CurveTest(unittest.TestCase):

    def test_is_linear_between_points_and_constant_beyond(self):
        curve = [(10.0, 0.0), (20.0, 1.0), (40.0, 2.0)]
        self.assertEqual([intervals.at(curve, x) for x in (0.0, 15.0, 20.0, 30.0, 99.0)], [0.0, 0.5, 1.0, 1.5, 2.0])


if __name__ == '__main__':
    unittest.main()
