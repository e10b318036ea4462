"""Runs the trainings of a plan as processes of giot-trainer, and judges them; finished ones are kept and reused."""

import concurrent.futures
import json
import re
import subprocess
import time

import plan as plans

# PPO leaves a rollout early where it has moved too far, which a few steps say little about.
CALIBRATION_STEPS = {'pathwise': 60, 'critic': 30, 'ppo': 8, 'sac': 50, 'supervised': 60}


class OutOfTime(Exception):
    """The time that this call may take is over; another call goes on."""


class Laboratory:
    """Where programs are, where runs go, and until when new work may begin."""

    def __init__(self, root, build, out, parallel=1, minutes=None):
        self.root = root
        self.build = build
        self.out = out
        self.parallel = parallel
        self.deadline = None if minutes is None else time.monotonic() + 60 * minutes

    @property
    def trainer(self):
        return self.build / 'trainer/giot-trainer'

    def program(self, name):
        return self.build / 'bench/experiments' / name

    def check_time(self):
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    def known_flags(self):
        text = subprocess.run([self.trainer, '--help'], capture_output=True, text=True, check=False).stdout
        return set(re.findall(r'--(\w+)', text))

    def folder(self, run):
        return self.out / 'runs' / run.name


def summary(folder):
    """What summary.json says, {} where there is none."""
    path = folder / 'summary.json'
    return json.loads(path.read_text(encoding='utf-8')) if path.exists() else {}


def finished(folder):
    return summary(folder).get('state') == 'completed'


def _train(lab, folder, flags):
    """Trains in `folder`, resumes what was stopped there, or keeps what is finished. ValueError for other flags."""
    record = folder / 'command.json'
    if record.exists() and json.loads(record.read_text(encoding='utf-8')) != flags:
        raise ValueError(f'{folder} holds a run of other flags; name another --out, or the --plan of that run')
    if finished(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(flags) + '\n', encoding='utf-8')
    command = [lab.trainer, 'train', f'--run_dir={folder}', *flags]
    if (folder / 'config.flags').exists():
        command.append('--resume')
    with open(folder / 'train.log', 'a', encoding='utf-8') as log:
        subprocess.run(command, stdout=log, stderr=log, check=True)


def _judge(lab, run, held_out):
    target = lab.folder(run) / 'judged.json'
    if target.exists():
        return
    samples = plans.SAMPLES if run.variant == plans.BASE_VARIANT else (1,)
    command = [lab.program('judge_run'), f'--run_dir={lab.folder(run)}', f'--held_out={held_out}',
               f'--references={lab.root}/bench/anytime/references', f'--samples={",".join(map(str, samples))}']
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    target.write_text(text, encoding='utf-8')


def train_all(lab, plan):
    """Every run of the plan, trained and judged. OutOfTime where another call must go on."""
    runs = plan.runs(lab.known_flags())
    done = 0

    def work(run):
        nonlocal done
        lab.check_time()
        _train(lab, lab.folder(run), plan.flags(run))
        _judge(lab, run, plan.held_out)
        done += 1
        print(f'{done}/{len(runs)}  {run.name}', flush=True)

    with concurrent.futures.ThreadPoolExecutor(lab.parallel) as pool:
        futures = [pool.submit(work, run) for run in runs]
        for future in futures:
            future.result()


def calibrate(lab):
    """CPU seconds of one step, for each 'market/algorithm'."""
    seconds = {}
    for market, algorithm in plans.pairs():
        steps = CALIBRATION_STEPS[algorithm]
        folder = lab.out / 'calibration' / f'{market}-{algorithm}'
        probe = plans.Plan(1, 1, 10, 0, 0, 0.0, {f'{market}/{algorithm}': steps}, plans.SHORT_RUNS)
        flags = probe.flags(plans.Run('algorithms', market, algorithm, '', 1))
        _train(lab, folder, flags + [f'--validate_every={steps}'])
        seconds[f'{market}/{algorithm}'] = summary(folder)['cpu_seconds'] / steps
    return seconds


def measure_changed(lab, name, bundle, markets):
    """Prints the study `name` ('misspecified' or 'shifted') of a bundle into a file, and returns that."""
    target = lab.out / f'{name}.csv'
    if not target.exists():
        lab.check_time()
        text = subprocess.run([lab.program(name), f'--bundle={bundle}', f'--markets={markets}'], capture_output=True,
                              text=True, check=True).stdout
        target.write_text(text, encoding='utf-8')
    return target


def measure_anytime(lab, bundles, markets):
    """Curves of solvers, and of policies whose bundles there are, over time: FAMILY.csv and FAMILY.png."""
    folder = lab.out / 'anytime'
    if all((folder / f'{family}.png').exists() for family in plans.HARD_MARKETS):
        return folder
    lab.check_time()
    command = [lab.root / 'bench/anytime/run', '--build', lab.build, '--bundles', bundles, '--markets', str(markets),
               '--cpu-time', '--out', folder]
    # It ends with 1 where a bar does not hold, which is a result as well.
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if not all((folder / f'{family}.png').exists() for family in plans.HARD_MARKETS):
        raise RuntimeError('bench/anytime/run wrote no figures; run it by hand to see why')
    return folder
