"""A page in the making: its conclusion, its body, and the figures and CSV files beside it."""

import csv
import shlex

import figures
import plan as plans
from document import Bullets, Figure, Heading, Text


class Page:
    """Collects blocks; draws into OUT/figures and writes OUT/csv as it goes."""

    def __init__(self, out, plan, groups):
        self.plan = plan
        self.groups = groups
        self.figures = out / 'figures'
        self.csv = out / 'csv'
        self.csv.mkdir(parents=True, exist_ok=True)
        self.conclusion = []
        self.body = []

    def add(self, *blocks):
        self.body.extend(blocks)

    def say(self, text, **values):
        """A paragraph, however its source is broken into lines."""
        self.add(Text(' '.join(text.format(**values).split())))

    def conclude(self, title, lines):
        if lines:
            self.conclusion += [Heading(title, 3), Bullets(lines)]

    def write_csv(self, name, header, rows):
        with open(self.csv / f'{name}.csv', 'w', encoding='utf-8', newline='') as stream:
            csv.writer(stream).writerows([header, *rows])

    def figure(self, name, axes, lines, caption):
        self.add(Figure(figures.draw(self.figures, name, axes, lines), caption))

    def seeds(self):
        return f'Seeds 1 to {self.plan.seeds}; bands are 95 % bootstrap intervals of the mean over seeds.'

    def command(self, market, algorithm, variant=''):
        """The training command of a group of runs, as one writes it."""
        study = 'ablations' if variant else 'algorithms'
        flags = self.plan.flags(plans.Run(study, market, algorithm, variant, 1))
        shown = [flag for flag in flags if not flag.startswith('--seed')]
        return shlex.join(['giot-trainer', 'train', '--run_dir=DIR', '--seed=SEED', *shown])
