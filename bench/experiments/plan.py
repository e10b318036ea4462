"""What is run: algorithms, markets, variants, seeds, and how many steps each run takes."""

import dataclasses
import json

MARKETS = ('screening', 'screening_raw', 'uncertain', 'freshness')
HARD_MARKETS = ('uncertain', 'freshness')  # Without a closed form.
ABLATION_WEIGHT = 0.5  # Time of a run of an ablation, over that of another.
SAMPLES = (1, 4, 16)   # N.
VALIDATIONS = 12       # Points of a learning curve.


@dataclasses.dataclass(frozen=True)
class Algorithm:
    """How an algorithm is trained: the defaults of its header in trainer/learning."""
    label: str
    iterations: int
    batch: int
    lr: float
    warmup: int
    ema: float
    clip_norm: float = 1.0
    steps: int = 3            # T.
    simulated_first: int = 0  # Markets simulated before the first step, and by each step.
    simulated: int = 0

    def flags(self, iterations):
        """Flags of a run of so many steps; warm-up and average shrink with a short one."""
        warmup = min(self.warmup, iterations // 20)
        ema = round(max(0.0, min(self.ema, 1 - 10 / iterations)), 4)
        return {'iterations': iterations, 'batch': self.batch, 'lr': self.lr, 'warmup': warmup, 'ema': ema,
                'clip_norm': self.clip_norm, 'steps': self.steps}

    def simulated_by(self, iteration):
        return self.simulated_first + iteration * self.simulated


ALGORITHMS = {
    'pathwise': Algorithm('GDM, pathwise', 8000, 128, 2e-3, 100, 0.998, simulated=128),
    'critic': Algorithm('GDM, critic', 4000, 512, 1e-3, 100, 0.995, steps=6, simulated_first=4096, simulated=128),
    'ppo': Algorithm('PPO', 250, 512, 1e-3, 5, 0.8, clip_norm=0.5, simulated=4096),
    'sac': Algorithm('SAC', 7000, 256, 1e-3, 100, 0.995, simulated_first=4096, simulated=64),
    'supervised': Algorithm('GDM, supervised', 8000, 128, 2e-3, 100, 0.998),
}
# For runs of seconds, found by trial on screening, seed 1: small batches and high rates get there sooner.
SHORT_RUNS = {'critic': {'batch': 128, 'lr': 2e-3, 'steps': 3}, 'ppo': {'lr': 2e-3}, 'sac': {'batch': 128, 'lr': 2e-3}}
BASE_VARIANT = 'T=3'
VARIANTS = {
    **{f'T={steps}': {'steps': steps} for steps in range(1, 7)},
    'without phi': {'virtual_cost_features': 'false'},
    'hard clamp': {'projected_clamp': 'false'},
}


def pairs():
    """Each market with each algorithm that can learn it: solutions to imitate exist where there is a closed form."""
    return [(market, algorithm) for market in MARKETS for algorithm in ALGORITHMS
            if algorithm != 'supervised' or market not in HARD_MARKETS]


@dataclasses.dataclass(frozen=True)
class Run:
    """One training."""
    study: str  # 'algorithms' or 'ablations'.
    market: str
    algorithm: str
    variant: str  # '' but for ablations.
    seed: int

    @property
    def name(self):
        parts = [self.market, self.algorithm, self.variant.replace(' ', '_').replace('=', ''), f's{self.seed}']
        return self.study + '/' + '-'.join(part for part in parts if part)

    @property
    def group(self):
        """What runs of other seeds share."""
        return self.study, self.market, self.algorithm, self.variant


@dataclasses.dataclass(frozen=True)
class Plan:
    """How much is run. `iterations` has an entry a 'market/algorithm', and 'ablations'; `settings` what differs from
    ALGORITHMS, {algorithm: {field: value}}."""
    seeds: int
    held_out: int          # Markets that a finished run is judged on.
    validation: int        # Markets of a point of a learning curve.
    changed_markets: int   # Of the studies on misspecified and shifted markets.
    anytime_markets: int
    seconds_a_run: float   # CPU seconds that the iterations were meant for; 0: as many as the defaults say.
    iterations: dict
    settings: dict = dataclasses.field(default_factory=dict)

    def algorithm(self, name):
        return dataclasses.replace(ALGORITHMS[name], **self.settings.get(name, {}))

    def runs(self, known_flags):
        """All trainings, seed by seed, less variants whose flag the trainer does not have."""
        variants = [name for name, flags in VARIANTS.items() if set(flags) <= known_flags]
        return [run for seed in range(1, self.seeds + 1) for run in
                [Run('algorithms', market, algorithm, '', seed) for market, algorithm in pairs()] +
                [Run('ablations', 'screening', 'pathwise', variant, seed) for variant in variants]]

    def iterations_of(self, run):
        return self.iterations['ablations' if run.study == 'ablations' else f'{run.market}/{run.algorithm}']

    def flags(self, run):
        """Arguments of `giot-trainer train` but for the folder."""
        iterations = self.iterations_of(run)
        every = max(1, iterations // VALIDATIONS)
        values = {'market': run.market, 'algorithm': run.algorithm, 'seed': run.seed,
                  **self.algorithm(run.algorithm).flags(iterations), **VARIANTS.get(run.variant, {}),
                  'validation_markets': self.validation, 'log_every': every, 'validate_every': every,
                  'checkpoint_every': iterations, 'keep_checkpoints': 1, 'markets': 100}
        return [f'--{name}={value}' for name, value in values.items()]

    def save(self, path):
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1) + '\n', encoding='utf-8')


def load(path):
    return Plan(**json.loads(path.read_text(encoding='utf-8')))


def quick():
    """Shows in a minute or two that everything works; the models are poor."""
    steps = {'pathwise': 24, 'critic': 4, 'ppo': 1, 'sac': 8, 'supervised': 24}
    iterations = {f'{market}/{algorithm}': steps[algorithm] for market, algorithm in pairs()}
    return Plan(2, 50, 20, 50, 3, 0.0, {**iterations, 'ablations': 12})


def full():
    """As many steps as each algorithm's defaults say: about a day of one core."""
    iterations = {f'{market}/{algorithm}': ALGORITHMS[algorithm].iterations for market, algorithm in pairs()}
    return Plan(5, 1000, 500, 2000, 200, 0.0, {**iterations, 'ablations': ALGORITHMS['pathwise'].iterations})


def sized(minutes, seconds_a_step, seeds=5):
    """What `minutes` of one core allow, the same CPU time for every run of the algorithms.

    `seconds_a_step` has an entry a 'market/algorithm'.
    """
    weight = seeds * (len(pairs()) + ABLATION_WEIGHT * len(VARIANTS))
    # Anytime and changed markets; starting and judging every run.
    fixed = 150 + 2.0 * seeds * (len(pairs()) + len(VARIANTS))
    seconds = max(2.0, (60 * minutes - fixed) / weight)
    iterations = {name: max(1, round(seconds / step)) for name, step in seconds_a_step.items()}
    ablations = max(1, round(ABLATION_WEIGHT * seconds / seconds_a_step['screening/pathwise']))
    return Plan(seeds, 1000, 200, 2000, 100, round(seconds, 2), {**iterations, 'ablations': ablations}, SHORT_RUNS)
