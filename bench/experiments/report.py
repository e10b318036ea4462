"""The page of a plan's results."""

import market_sections
import plan as plans
import training_sections
from document import Code, Heading, Text
from page import Page

_INTRODUCTION = ('Written by `bench/experiments/run --publish docs`, all of it from the numbers; `bench/experiments/run '
                 '--plan bench/experiments/published.json` repeats the trainings step for step. Machine: that of '
                 'docs/benchmarks.md, a core of which other jobs were using as well; times are CPU times.')


def _setting(plan, groups, missing):
    taken = [result.cpu_seconds for (study, *_), results in groups.items() if study == 'algorithms'
             for result in results]
    how = (f'Every run of the algorithms has the steps that were to take {plan.seconds_a_run:g} CPU seconds of one core, '
           f'by a few steps timed beforehand; they took {min(taken):.0f} to {max(taken):.0f} s'
           if plan.seconds_a_run and taken else 'Every run takes the steps of its plan')
    settings = '; '.join(f'{name} ' + ', '.join(f'{field} {value:g}' for field, value in fields.items())
                         for name, fields in plan.settings.items())
    text = (f'{how}, each algorithm with the settings of its header in trainer/learning'
            f'{", but for " + settings if settings else ""}; the ablations take {plan.iterations["ablations"]} steps. '
            f'With {plan.seeds} seeds a bootstrap interval is somewhat too short: read one that barely excludes 0 as a '
            'hint. A comparison at equally many simulated markets takes the learning curves, where the algorithm that '
            'simulates more is still in the middle of its schedule.')
    gap = f'{len(missing)} runs are missing: this page is not complete.'
    return [Text(_INTRODUCTION), Text(text)] + ([Text(gap)] if missing else [])


def _commands(page):
    page.add(Heading('Commands'))
    page.say('Each training, for SEED of 1 to {seeds}; `bench/experiments/run` with the plan of this page runs them '
             'all.', seeds=page.plan.seeds)
    lines = [page.command(market, algorithm) for market, algorithm in plans.pairs()]
    page.add(Code('\n'.join(lines + [page.command('screening', 'pathwise', name) for name in plans.VARIANTS])))


def build(out, plan, groups, missing, studies):
    """All blocks, conclusion first. `studies` has the files 'misspecified' and 'shifted' and the folder 'anytime'."""
    page = Page(out, plan, groups)
    training_sections.duels(page)
    training_sections.curves(page)
    training_sections.final_tables(page, studies['anytime'])
    training_sections.ablations(page)
    market_sections.anytime(page, studies['anytime'])
    market_sections.misspecified(page, studies['misspecified'])
    market_sections.shifted(page, studies['shifted'])
    _commands(page)
    return _setting(plan, groups, missing) + [Heading('Conclusion')] + page.conclusion + page.body
