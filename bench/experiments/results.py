"""What finished runs and studies say, as numbers."""

import collections
import csv
import dataclasses
import json

import intervals
import plan as plans
import training


@dataclasses.dataclass(frozen=True)
class Result:
    """A finished run. Shares are of the reference of its market, 1 being the reference."""
    run: plans.Run
    curve: list        # [(iteration, validation mean)]; of the upper bound where the optimum is not known.
    iterations: int
    cpu_seconds: float
    shares: dict       # {N: [share a market]}
    feasible: list     # [0 or 1 a market]
    inference_us: float

    def mean(self, samples=1):
        return intervals.mean(self.shares[samples])

    def p01(self, samples=1):
        return intervals.quantile(self.shares[samples], 0.01)

    def least(self, samples=1):
        return min(self.shares[samples])

    def infeasible(self):
        return 1 - intervals.mean(self.feasible)

    def posted(self):
        """The mean if a menu that is not feasible, which nobody may post, is worth nothing."""
        return intervals.mean([share * feasible for share, feasible in zip(self.shares[1], self.feasible)])


def _curve(path):
    rows = [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    return [(row['iteration'], row['validation_mean']) for row in rows if 'validation_mean' in row]


def load(folder, run):
    """The result of a run; None unless it is finished and judged."""
    judged = folder / 'judged.json'
    if not training.finished(folder) or not judged.exists():
        return None
    summary = training.summary(folder)
    judgement = json.loads(judged.read_text(encoding='utf-8'))
    shares = {int(samples): values for samples, values in judgement['shares'].items()}
    return Result(run, _curve(folder / 'metrics.jsonl'), summary['iteration'], summary['cpu_seconds'], shares,
                  judgement['feasible'], judgement['inference_us'])


def load_all(lab, plan):
    """{group: [Result of each seed]}, and the runs that are missing."""
    groups, missing = collections.defaultdict(list), []
    for run in plan.runs(lab.known_flags()):
        result = load(lab.folder(run), run)
        if result is None:
            missing.append(run)
        else:
            groups[run.group].append(result)
    return dict(groups), missing


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A mean over seeds or markets, with its bootstrap interval."""
    mean: float
    low: float
    high: float

    def percent(self, digits=2):
        return f'{100 * self.mean:.{digits}f} [{100 * self.low:.{digits}f}, {100 * self.high:.{digits}f}]'


def estimate(values):
    return Estimate(intervals.mean(values), *intervals.bootstrap_interval(values))


def difference(first, second):
    return Estimate(intervals.mean(first) - intervals.mean(second), *intervals.difference_interval(first, second))


def seed_curves(results, simulated):
    """[(x, share)] a seed; x in simulated markets, or else in CPU seconds."""
    curves = []
    for result in results:
        algorithm = plans.ALGORITHMS[result.run.algorithm]
        second = result.cpu_seconds / result.iterations
        curves.append([(algorithm.simulated_by(iteration) if simulated else iteration * second, share)
                       for iteration, share in result.curve])
    return curves


def mean_curve(results, simulated):
    """[(x, Estimate over seeds)]"""
    return [(intervals.mean([x for x, _ in points]), estimate([share for _, share in points]))
            for points in zip(*seed_curves(results, simulated))]


def read_csv(path):
    with open(path, encoding='utf-8') as stream:
        return list(csv.DictReader(stream))


@dataclasses.dataclass(frozen=True)
class Misspecified:
    """Menus for a wrong p, by spread: the share of the optimum (an Estimate) on markets without a budget; on those with
    one how many overspend it by more than a millionth, and by what share of it these do on average."""
    shares: dict
    overspending: dict
    overspent: dict


def misspecified(path, method):
    """The study's result for `method`, 'policy' or 'exact'."""
    free, pay = collections.defaultdict(list), collections.defaultdict(list)
    for row in read_csv(path):
        spread = float(row['spread'])
        if row['budgeted'] == '1':
            pay[spread].append(float(row[f'{method}_pay']))
        else:
            free[spread].append(float(row[f'{method}_share']))
    over = {spread: [value - 1 for value in values if value > 1 + 1e-6] for spread, values in pay.items()}
    return Misspecified({spread: estimate(values) for spread, values in free.items()},
                        {spread: len(over[spread]) / len(values) for spread, values in pay.items()},
                        {spread: intervals.mean(values) if values else 0.0 for spread, values in over.items()})


@dataclasses.dataclass(frozen=True)
class ShiftResult:
    """A policy on shifted markets; Estimates are None where there are no such markets."""
    all: Estimate
    caught: float  # Share of markets that the ranges refuse.
    inside: Estimate
    outside: Estimate
    least: float
    least_inside: float


def shifted(path):
    """{shift: ShiftResult}"""
    rows = collections.defaultdict(list)
    for row in read_csv(path):
        rows[row['shift']].append((float(row['share']), row['outside'] == '1'))
    return {shift: _shift_result(values) for shift, values in rows.items()}


def _shift_result(values):
    shares = [share for share, _ in values]
    inside = [share for share, is_outside in values if not is_outside]
    outside = [share for share, is_outside in values if is_outside]
    return ShiftResult(estimate(shares), len(outside) / len(shares), estimate(inside) if inside else None,
                       estimate(outside) if outside else None, min(shares), min(inside) if inside else float('nan'))


def anytime(path):
    """{method: {time_us: (mean, p01, answered)}}, as percentages."""
    curves = collections.defaultdict(dict)
    for row in read_csv(path):
        curves[row['method']][int(row['time_us'])] = tuple(
            float(row[f'{name}_percent']) for name in ('mean', 'p01', 'answered'))
    return dict(curves)
