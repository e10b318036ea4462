"""What the numbers say, in sentences. A difference counts where its 95 % interval excludes 0."""

import intervals
import plan as plans
import results

UNIT = 'points'


def group(groups, market, algorithm):
    return groups.get(('algorithms', market, algorithm, ''), [])


def variant(groups, name):
    return groups.get(('ablations', 'screening', 'pathwise', name), [])


def verdict(difference):
    """'better', 'worse' or 'undecided'."""
    if difference.low > 0:
        return 'better'
    return 'worse' if difference.high < 0 else 'undecided'


def _points(difference):
    return f'{100 * difference.mean:+.2f} [{100 * difference.low:+.2f}, {100 * difference.high:+.2f}]'


def compare(first, second, figure=lambda result: result.mean()):
    """The difference of a figure between two groups of runs, None where one is missing."""
    if not first or not second:
        return None
    return results.difference([figure(result) for result in first], [figure(result) for result in second])


def compare_at_equal_simulation(first, second):
    """The same for the learning curves, where the one that simulated fewer markets ends."""
    if not first or not second:
        return None
    ours, theirs = (results.seed_curves(runs, simulated=True) for runs in (first, second))
    x = min(ours[0][-1][0], theirs[0][-1][0])
    return results.difference([intervals.at(curve, x) for curve in ours], [intervals.at(curve, x) for curve in theirs])


def _label(algorithm):
    return plans.ALGORITHMS[algorithm].label


def _posted(result):
    return result.posted()


def duel(groups, first, second):
    """Sentences on one algorithm against another, on every market, and how often it is what."""
    lines, tally = [], {'better': [], 'worse': [], 'undecided': []}
    for market in plans.MARKETS:
        ours, theirs = group(groups, market, first), group(groups, market, second)
        mean = compare(ours, theirs)
        if mean is None:
            continue
        tally[verdict(mean)].append(market)
        tail = compare(ours, theirs, lambda result: result.p01())
        equal = compare_at_equal_simulation(ours, theirs)
        lines.append(f'{market}, {_label(first)} minus {_label(second)}: mean {_points(mean)} {UNIT}, {verdict(mean)}; '
                     f'1st percentile {_points(tail)}, {verdict(tail)}; at equally many simulated markets '
                     f'{_points(equal)}, {verdict(equal)}.')
    return lines, tally


def claim(tally):
    """Whether the claim that a GDM learns better contracts than PPO, from rewards alone, stands."""
    parts = [f'{text} {", ".join(tally[key])}' for key, text in
             (('better', 'it holds on'), ('worse', 'the data contradict it on'), ('undecided', 'it is open on'))
             if tally[key]]
    return ('The claim of the source, that a GDM (diffusion policy with critic) designs better contracts than PPO '
            'under the same conditions, here steps that were to take equal CPU time: ' + ('; '.join(parts) or 'not measured') + '.')


def ranking(groups, market):
    rows = sorted(((results.estimate([r.mean() for r in group(groups, market, a)]), a) for a in plans.ALGORITHMS
                   if group(groups, market, a)), key=lambda pair: -pair[0].mean)
    if not rows:
        return []
    order = ', '.join(f'{_label(algorithm)} {share.percent()}' for share, algorithm in rows)
    return [f'{market}, mean in % with interval over seeds, best first: {order}.']


def decode_or_penalty(groups):
    lines = []
    for algorithm in plans.ALGORITHMS:
        decoded, raw = group(groups, 'screening', algorithm), group(groups, 'screening_raw', algorithm)
        gain = compare(decoded, raw, _posted)
        if gain is None:
            continue
        infeasible = 100 * intervals.mean([result.infeasible() for result in raw])
        lines.append(f'{_label(algorithm)}: feasible decode minus penalty {_points(compare(decoded, raw))} {UNIT} of '
                     f'the optimum; with penalties {infeasible:.1f} % of the menus are infeasible, and if those '
                     f'count as nothing, the difference is {_points(gain)}.')
    return lines


def of_variants(groups):
    """Each variant of the pathwise GDM against the base."""
    base = variant(groups, plans.BASE_VARIANT)
    lines = []
    for name in plans.VARIANTS:
        mean = compare(variant(groups, name), base)
        if mean is None or name == plans.BASE_VARIANT:
            continue
        tail = compare(variant(groups, name), base, lambda result: result.p01())
        lines.append(f'{name} minus base (T = 3, phi, projected clamp): mean {_points(mean)} {UNIT}, {verdict(mean)}; '
                     f'1st percentile {_points(tail)}, {verdict(tail)}.')
    return lines


def of_samples(groups):
    base = variant(groups, plans.BASE_VARIANT)
    return [f'Best of {samples} minus one sample: mean '
            f'{_points(results.estimate([r.mean(samples) - r.mean(1) for r in base]))} {UNIT}, 1st percentile '
            f'{_points(results.estimate([r.p01(samples) - r.p01(1) for r in base]))}.'
            for samples in plans.SAMPLES[1:] if base]


def _overspending(study, spread):
    share, by = 100 * study.overspending[spread], 100 * study.overspent[spread]
    return f'{share:.0f} % overspend it (by {by:.1f} % on average)'


def of_misspecified(policy, exact):
    """The largest error that costs less than a hundredth, and what the largest costs."""
    cheap = [spread for spread, share in exact.shares.items() if share.mean > 0.99]
    worst = max(exact.shares)
    gap = max(abs(exact.shares[s].mean - policy.shares[s].mean) for s in exact.shares)
    return [f'A wrong p costs the exact menu less than 1 % on average up to s = {max(cheap, default=0):g}; at s = '
            f'{worst:g} its share is {exact.shares[worst].percent()} %, the policy\'s '
            f'{policy.shares[worst].percent()} %. The means of the two differ by {100 * gap:.3f} {UNIT} at most.',
            f'IR and IC hold whatever p is, but a budget may not: at s = {worst:g}, of the markets with one, '
            f'{_overspending(exact, worst)} with the exact menu and {_overspending(policy, worst)} with the policy\'s.']


def of_shifts(shifts):
    lines = []
    for name, shift in shifts.items():
        if name == 'none':
            continue
        inside = ''
        if shift.inside is not None:
            inside = f', {shift.inside.percent(3)} % on those that pass (least {100 * shift.least_inside:.1f} %)'
        lines.append(f'{name}: the ranges refuse {100 * shift.caught:.1f} % of the markets; the policy would reach '
                     f'{shift.all.percent(3)} % on all of them{inside}.')
    return lines


def of_anytime(family, curves, at_us):
    policies = {name: curve for name, curve in curves.items() if name.startswith('policy')}
    solvers = {name: curve[at_us][0] for name, curve in curves.items() if not name.startswith('policy')}
    best = max(solvers, key=solvers.get)
    line = (f'{family}, after {at_us / 1000:g} ms: the best solver is {best} with {solvers[best]:.3f} % of the best '
            'known')
    if not policies:
        return [line + '; no bundle of the family is released yet, so no policy was measured.']
    ours = max(policies, key=lambda name: policies[name][at_us][0])
    return [line + f', the best policy {ours} with {policies[ours][at_us][0]:.3f} %.']
