"""Sections of the page on released policies and solvers: anytime answers, wrong p, shifted markets."""

import conclusions
import figures
import plan as plans
import results
from document import Figure, Heading, Table
from figures import Axes, Line

_TIMES_US = (100, 1_000, 10_000, 100_000)

_ANYTIME = """{markets} held-out markets of each family, CPU time of one thread, share of the best known utility: mean
(1st percentile), %. Policies appear where a bundle of the family lies in the release folder."""
_MISSPECIFIED = """{markets} screening markets. Both menus are designed for p-hat = p exp(s z), z normal,
renormalised, and judged at the true p. Shares of the optimum on markets without a budget, with 95 % bootstrap
interval over markets; and on those with one how many menus overspend it, and by how much."""
_SHIFTED = """{markets} screening markets, each shifted in one way; the released policy as a share of the optimum, in
%, with 95 % bootstrap interval over markets. A server gives the exact menu where the ranges of the model refuse a
market. Command: `shifted --bundle=models/released/screening/1 --markets={markets}`, seed 20250804."""


def anytime(page, folder):
    page.add(Heading('Anytime answers'))
    page.say(_ANYTIME, markets=page.plan.anytime_markets)
    for family in plans.HARD_MARKETS:
        measured = results.anytime(folder / f'{family}.csv')
        page.figures.mkdir(parents=True, exist_ok=True)
        target = page.figures / f'anytime_{family}.png'
        target.write_bytes((folder / f'{family}.png').read_bytes())
        page.add(Figure(target, f'Command: bench/anytime/run --cpu-time --markets={page.plan.anytime_markets}; markets '
                                'and starts have fixed seeds.'))
        if not any(name.startswith('policy') for name in measured):
            page.say('The curves of the policy are missing: there was no bundle {family}/1.', family=family)
        rows = [(name, *(f'{curve[time][0]:.3f} ({curve[time][1]:.2f})' for time in _TIMES_US))
                for name, curve in measured.items()]
        page.add(Table(('method', *(f'{time / 1000:g} ms' for time in _TIMES_US)), rows))
        page.conclude(f'Anytime answers, {family}', [line for time in (1_000, 10_000)
                                                     for line in conclusions.of_anytime(family, measured, time)])


def misspecified(page, path):
    policy, exact = results.misspecified(path, 'policy'), results.misspecified(path, 'exact')
    page.add(Heading('Announced type distribution wrong'))
    page.say(_MISSPECIFIED, markets=page.plan.changed_markets)
    lines = [Line(label, figures.shortfall([(s, e) for s, e in study.shares.items() if s > 0]))
             for label, study in (('policy', policy), ('exact menu', exact))]
    axes = Axes('menu designed for a wrong p', 's', 'shortfall from the optimum, %', log_y=True)
    page.figure('misspecified', axes, lines, 'Command: misspecified --bundle=models/released/screening/1 '
                                             f'--markets={page.plan.changed_markets}; seed 20250803.')
    header = ('s', 'policy, % of optimum', 'exact menu, % of optimum', 'policy overspends, %', 'exact overspends, %',
              'policy, by %', 'exact, by %')
    rows = [(f'{s:g}', policy.shares[s].percent(3), exact.shares[s].percent(3),
             *(f'{100 * study.overspending[s]:.1f}' for study in (policy, exact)),
             *(f'{100 * study.overspent[s]:.2f}' for study in (policy, exact))) for s in policy.shares]
    page.add(Table(header, rows))
    page.write_csv('misspecified', header, rows)
    page.conclude('Announced type distribution wrong', conclusions.of_misspecified(policy, exact))


def shifted(page, path):
    def cell(value):
        return '-' if value is None else value.percent(3)

    shifts = results.shifted(path)
    page.add(Heading('Markets beyond the training distribution'))
    page.say(_SHIFTED, markets=page.plan.changed_markets)
    header = ('shift', 'refused, %', 'all', 'refused', 'accepted', 'least of all', 'least of accepted')
    rows = [(name, f'{100 * s.caught:.1f}', cell(s.all), cell(s.outside), cell(s.inside), f'{100 * s.least:.1f}',
             f'{100 * s.least_inside:.1f}' if s.inside else '-') for name, s in shifts.items()]
    page.add(Table(header, rows))
    page.write_csv('shifted', header, rows)
    page.conclude('Markets beyond the training distribution', conclusions.of_shifts(shifts))
