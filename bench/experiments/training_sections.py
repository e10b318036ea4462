"""Sections of the page on what was trained: curves, final tables, duels, ablations."""

import conclusions
import figures
import intervals
import plan as plans
import results
from document import Heading, Table
from figures import Axes, Line

SOLVER_TIMES_US = (1_000, 10_000, 100_000)
SOLVERS = ('slsqp', 'cma_es', 'item_slsqp', 'item_cma_es')
FINAL_HEADER = ('algorithm', 'steps', 'mean', '1st percentile', 'minimum', 'posted', 'infeasible, %', 'train, CPU s',
                'inference, us')

_FINAL = """{held_out} held-out markets, one sample each; shares of the optimum (screening) or of the best utility
known (uncertain, freshness), in %, mean over seeds with 95 % bootstrap interval. `posted` counts an infeasible menu
as nothing. `inference` is one answer for one market by LibTorch in the form that is trained; served policies run
through fused kernels instead, see docs/benchmarks.md. The solvers search each of the first {anytime_markets} of these
markets alone, for the CPU time that is stated."""
_ABLATIONS = """Pathwise GDM on screening; all variants take the same number of steps. Base: T = 3 with the virtual
cost phi among the features and the projected clamp. Without phi the policy sees plain costs in its place; the hard
clamp passes no gradient to levels that it clamps."""


def curves(page):
    page.add(Heading('Learning curves'))
    for market in plans.MARKETS:
        for simulated in (False, True):
            _curves_of(page, market, simulated)


def _curves_of(page, market, simulated):
    found = {name: runs for name in plans.ALGORITHMS if (runs := conclusions.group(page.groups, market, name))}
    if simulated:  # Markets that were solved to be imitated are not simulated.
        found.pop('supervised', None)
    if not found:
        return
    means = {name: results.mean_curve(runs, simulated) for name, runs in found.items()}
    name = f'learning_{market}_{"simulated" if simulated else "seconds"}'
    points = figures.percent if market in plans.HARD_MARKETS else figures.shortfall
    axes = _curve_axes(market, simulated)
    page.figure(name, axes, [Line(plans.ALGORITHMS[a].label, points(curve)) for a, curve in means.items()],
                f'{market}: validation on {page.plan.validation} held-out markets against {axes.x}. {page.seeds()} '
                'Commands: at the end of the page.')
    page.write_csv(name, ('algorithm', 'x', 'mean', 'low', 'high'),
                   [(a, x, e.mean, e.low, e.high) for a, curve in means.items() for x, e in curve])


def _curve_axes(market, simulated):
    hard = market in plans.HARD_MARKETS
    return Axes(market, 'simulated markets' if simulated else 'CPU seconds',
                'utility, % of the upper bound' if hard else 'shortfall from the optimum, %', log_x=simulated,
                log_y=not hard, legend='bottom right' if hard else 'bottom left')


def final_tables(page, anytime_folder):
    page.add(Heading('What the runs end with'))
    page.say(_FINAL, held_out=page.plan.held_out, anytime_markets=page.plan.anytime_markets)
    for market in plans.MARKETS:
        rows = [_final_row(name, runs) for name in plans.ALGORITHMS
                if (runs := conclusions.group(page.groups, market, name))]
        if market in plans.HARD_MARKETS:
            rows += _solver_rows(results.anytime(anytime_folder / f'{market}.csv'))
        if rows:
            page.add(Heading(market, 3), Table(FINAL_HEADER, rows))
            page.write_csv(f'final_{market}', FINAL_HEADER, rows)
        page.conclude(f'Algorithms on {market}', conclusions.ranking(page.groups, market))


def _estimate(runs, figure, digits=2):
    return results.estimate([figure(run) for run in runs]).percent(digits)


def _final_row(algorithm, runs):
    def plain(figure):
        return f'{intervals.mean([figure(run) for run in runs]):,.1f}'

    return (plans.ALGORITHMS[algorithm].label, str(runs[0].iterations), _estimate(runs, lambda r: r.mean()),
            _estimate(runs, lambda r: r.p01()), _estimate(runs, lambda r: r.least(), 1),
            _estimate(runs, lambda r: r.posted()), plain(lambda r: 100 * r.infeasible()),
            plain(lambda r: r.cpu_seconds), plain(lambda r: r.inference_us))


def _solver_rows(measured):
    rows = []
    for name in SOLVERS:
        for time in SOLVER_TIMES_US if name in measured else ():
            mean, p01, _ = measured[name][time]
            rows.append((name, '-', f'{mean:.2f}', f'{p01:.2f}', '-', f'{mean:.2f}', '0.0', '-', f'{time:,}'))
    return rows


def duels(page):
    lines, tally = conclusions.duel(page.groups, 'critic', 'ppo')
    page.conclude('GDM against PPO', [conclusions.claim(tally)] + lines)
    for first, second in (('critic', 'sac'), ('pathwise', 'ppo'), ('pathwise', 'critic')):
        lines, _ = conclusions.duel(page.groups, first, second)
        page.conclude(' against '.join(plans.ALGORITHMS[a].label for a in (first, second)), lines)
    page.conclude('Feasible decode against penalty', conclusions.decode_or_penalty(page.groups))


def ablations(page):
    present = [name for name in plans.VARIANTS if conclusions.variant(page.groups, name)]
    absent = [name for name in plans.VARIANTS if name not in present]
    if not present:
        return
    page.add(Heading('Ablations'))
    page.say(_ABLATIONS)
    _variants_table(page, present)
    if absent:
        page.say('Not measured, for want of the flag or of time: {absent}.', absent=', '.join(absent))
    _steps_figure(page, [name for name in present if name.startswith('T=')])
    _samples_table(page)
    page.conclude('Ablations of the pathwise GDM',
                  conclusions.of_variants(page.groups) + conclusions.of_samples(page.groups))


def _variants_table(page, present):
    header = ('variant', 'steps', 'mean', '1st percentile', 'minimum', 'train, CPU s')
    rows = []
    for name in present:
        _, steps, mean, p01, least, _, _, seconds, _ = _final_row('pathwise', conclusions.variant(page.groups, name))
        rows.append((name, steps, mean, p01, least, seconds))
    page.add(Table(header, rows))
    page.write_csv('ablations', header, rows)


def _steps_figure(page, names):
    lines = []
    for label, figure in (('mean', lambda r: r.mean()), ('1st percentile', lambda r: r.p01())):
        points = [(float(name[2:]), results.estimate([figure(r) for r in conclusions.variant(page.groups, name)]))
                  for name in names]
        lines.append(Line(label, figures.shortfall(points)))
    axes = Axes('screening, pathwise GDM', 'denoising steps T', 'shortfall from the optimum, %', log_y=True,
                legend='top right')
    page.figure('denoising_steps', axes, lines, f'Quality by T. {page.seeds()} Command, with --steps=T: '
                f'`{page.command("screening", "pathwise", plans.BASE_VARIANT)}`')


def _samples_table(page):
    base = conclusions.variant(page.groups, plans.BASE_VARIANT)
    if not base:
        return
    header = ('best of N samples', 'mean', '1st percentile', 'minimum')
    rows = [(str(n), _estimate(base, lambda r: r.mean(n), 3), _estimate(base, lambda r: r.p01(n), 3),
             _estimate(base, lambda r: r.least(n), 3)) for n in plans.SAMPLES]
    page.add(Table(header, rows))
    page.write_csv('samples', header, rows)
