#!/usr/bin/env python3
"""Plans, verdicts and pages say what they are meant to."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / 'bench/experiments'))

import conclusions
import document
import plan as plans
import results


def result(market='screening', algorithm='ppo', seed=1, shares=(1.0,), feasible=(1,)):
    run = plans.Run('algorithms', market, algorithm, '', seed)
    return results.Result(run, [(10, 0.5), (20, 0.9)], 20, 40.0, {1: list(shares)}, list(feasible), 1.0)


class PlanTest(unittest.TestCase):

    def test_every_algorithm_learns_every_market_that_it_can(self):
        pairs = plans.pairs()
        self.assertEqual(len(pairs), 18)
        imitated = [market for market, algorithm in pairs if algorithm == 'supervised']
        self.assertEqual(imitated, ['screening', 'screening_raw'])

    def test_names_of_runs_differ(self):
        runs = plans.quick().runs({'steps', 'virtual_cost_features', 'projected_clamp'})
        self.assertEqual(len({run.name for run in runs}), len(runs))
        self.assertEqual(len(runs), 2 * (18 + 8))

    def test_variant_needs_its_flag(self):
        variants = {run.variant for run in plans.quick().runs({'steps'})}
        self.assertEqual(variants, {'', 'T=1', 'T=2', 'T=3', 'T=4', 'T=5', 'T=6'})

    def test_algorithms_get_equal_time(self):
        seconds = {f'{market}/{algorithm}': 0.01 * (1 + index)
                   for index, (market, algorithm) in enumerate(plans.pairs())}
        plan = plans.sized(35, seconds)
        for name, step in seconds.items():
            self.assertAlmostEqual(plan.iterations[name] * step, plan.seconds_a_run, delta=0.6 * step)
        whole = 5 * plan.seconds_a_run * (18 + plans.ABLATION_WEIGHT * 8)
        self.assertLess(whole, 35 * 60)

    def test_short_runs_average_over_a_tenth(self):
        self.assertEqual(plans.ALGORITHMS['critic'].flags(100)['ema'], 0.9)
        self.assertEqual(plans.ALGORITHMS['critic'].flags(4000)['ema'], 0.995)
        self.assertEqual(plans.ALGORITHMS['critic'].flags(4000)['warmup'], 100)
        self.assertEqual(plans.ALGORITHMS['ppo'].flags(1)['ema'], 0.0)

    def test_variant_overrides_the_algorithm(self):
        flags = plans.quick().flags(plans.Run('ablations', 'screening', 'pathwise', 'T=5', 1))
        self.assertIn('--steps=5', flags)
        self.assertNotIn('--steps=3', flags)

    def test_plan_survives_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'plan.json'
            plans.quick().save(path)
            self.assertEqual(plans.load(path), plans.quick())


class ResultTest(unittest.TestCase):

    def test_infeasible_menus_are_worth_nothing_when_posted(self):
        half = result(shares=(0.8, 1.2), feasible=(1, 0))
        self.assertAlmostEqual(half.mean(), 1.0)
        self.assertAlmostEqual(half.posted(), 0.4)
        self.assertAlmostEqual(half.infeasible(), 0.5)

    def test_curves_run_over_time_or_markets(self):
        # 40 s for 20 steps; PPO simulates 4096 markets a step.
        self.assertEqual(results.seed_curves([result()], simulated=False), [[(20.0, 0.5), (40.0, 0.9)]])
        self.assertEqual(results.seed_curves([result()], simulated=True), [[(40960, 0.5), (81920, 0.9)]])

    def test_overspending_counts_markets_with_budget_only(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'm.csv'
            path.write_text('spread,market,budgeted,policy_share,exact_share,policy_pay,exact_pay\n'
                            '0.1,0,0,0.9,0.95,0,0\n0.1,1,1,1.1,1.2,1.25,0.5\n0.1,2,1,0.7,0.8,0.9,1.0\n')
            policy = results.misspecified(path, 'policy')
        self.assertAlmostEqual(policy.shares[0.1].mean, 0.9)
        self.assertAlmostEqual(policy.overspending[0.1], 0.5)
        self.assertAlmostEqual(policy.overspent[0.1], 0.25)

    def test_shifted_markets_are_told_apart_by_the_ranges(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 's.csv'
            path.write_text('shift,market,share,outside\na x 3,0,0.5,1\na x 3,1,0.9,0\n')
            shift = results.shifted(path)['a x 3']
        self.assertAlmostEqual(shift.caught, 0.5)
        self.assertAlmostEqual(shift.inside.mean, 0.9)
        self.assertAlmostEqual(shift.outside.mean, 0.5)


class ConclusionTest(unittest.TestCase):

    def groups(self, critic, ppo):
        return {('algorithms', 'screening', name, ''): [result('screening', name, seed, shares=(share,))
                                                        for seed, share in enumerate(shares)]
                for name, shares in (('critic', critic), ('ppo', ppo))}

    def tally(self, critic, ppo):
        return conclusions.duel(self.groups(critic, ppo), 'critic', 'ppo')[1]

    def test_clear_difference_is_named_by_its_sign(self):
        self.assertEqual(self.tally((0.98, 0.97, 0.99), (0.90, 0.91, 0.92))['better'], ['screening'])
        self.assertEqual(self.tally((0.90, 0.91, 0.92), (0.98, 0.97, 0.99))['worse'], ['screening'])

    def test_overlap_is_undecided(self):
        self.assertEqual(self.tally((0.90, 0.96, 0.93), (0.91, 0.95, 0.93))['undecided'], ['screening'])

    def test_claim_is_contradicted_where_the_data_do(self):
        text = conclusions.claim(self.tally((0.90, 0.91, 0.92), (0.98, 0.97, 0.99)))
        self.assertIn('contradict it on screening', text)
        self.assertNotIn('holds on', text)

    def test_equal_simulation_compares_where_the_shorter_run_ends(self):
        # The critic ends after 4096 + 20 x 128 = 6656 markets, before PPO's first point: .9 against .5.
        critic, ppo = [result(algorithm='critic')], [result(algorithm='ppo')]
        self.assertAlmostEqual(conclusions.compare_at_equal_simulation(critic, ppo).mean, 0.4)


class DocumentTest(unittest.TestCase):

    def test_html_is_one_file_and_escaped(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'a.png'
            path.write_bytes(b'abc')
            page = document.to_html('T', [document.Text('1 < 2 in `x`'), document.Figure(path, 'c')])
        self.assertIn('1 &lt; 2 in <code>x</code>', page)
        self.assertIn('src="data:image/png;base64,YWJj"', page)

    def test_markdown_tables_have_a_rule_below_the_header(self):
        page = document.to_markdown('T', [document.Table(('a', 'b'), [('1', '2')])])
        self.assertEqual(page, '# T\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n')


if __name__ == '__main__':
    unittest.main()
