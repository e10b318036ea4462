"""The servers that the benchmarks of this folder measure, the load on them, and what the programs have in common."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 60


class Server:
    """A child process that writes its port to a file."""

    def __init__(self, name, command, scratch):
        self.name = name
        self.port_file = scratch / f'{name}.port'
        self.port_file.unlink(missing_ok=True)
        self.log = open(scratch / f'{name}.log', 'w', encoding='utf-8')
        self.process = subprocess.Popen([*command, f'--port_file={self.port_file}'], stdout=self.log, stderr=self.log)
        try:
            self.address = f'127.0.0.1:{self.wait_for_port()}'
        except RuntimeError:
            self.stop()
            raise

    def wait_for_port(self):
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            text = self.port_file.read_text() if self.port_file.exists() else ''
            if text.endswith('\n') or text.isdigit():
                return int(text)
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise RuntimeError(f'{self.name} did not start: {pathlib.Path(self.log.name).read_text()[-2000:]}')

    def memory_kib(self, field):
        """A size in /proc/PID/status: VmRSS, what is resident, or VmHWM, the most that was."""
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith(f'{field}:'):
                return int(line.split()[1])
        raise RuntimeError(f'no {field}')

    def forget_peak(self):
        """From now on VmHWM is the most since now."""
        pathlib.Path(f'/proc/{self.process.pid}/clear_refs').write_text('5')

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()


class Load:
    """A run of the load generator; it fails where a single call does."""

    def __init__(self, command, description, limit_s):
        self.description = description
        self.limit_s = limit_s
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def is_running(self):
        return self.process.poll() is None

    def result(self):
        out, errors = self.process.communicate(timeout=self.limit_s)
        if self.process.returncode != 0:
            raise RuntimeError(f'{self.description}: {out}{errors}')
        return json.loads(out)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.is_running():
            self.process.kill()
        self.process.__exit__(*error)  # Waits, closes the pipes.


class Programs:
    def __init__(self, options, scratch, server_flags=()):
        self.folder = options.build / 'bench/serving'
        self.commands = {
            'echo': [self.folder / 'giot-bench-echo', '--listen=127.0.0.1:0'],
            'generate': [options.build / 'server/giot-server', '--listen=127.0.0.1:0', f'--model_root={options.models}',
                         '--log_level=warning', *server_flags],
        }
        self.scratch = scratch

    def start(self, program, name=None):
        """A server under a name of its own, by default the program's."""
        return Server(name or program, self.commands[program], self.scratch)

    def begin_load(self, server, method=None, **flags):
        """By default the method is the server's name."""
        method = method or server.name
        command = [self.folder / 'giot-bench-load', f'--server={server.address}', f'--method={method}',
                   *(f'--{flag}={value}' for flag, value in flags.items())]
        limit_s = 120 + float(str(flags.get('time', '10s')).rstrip('s'))
        return Load(command, f'{method} of {server.name}', limit_s)

    def load(self, server, method=None, **flags):
        with self.begin_load(server, method, **flags) as load:
            return load.result()


def argument_parser(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, default=ROOT / 'build/release')
    parser.add_argument('--models', type=pathlib.Path, default=ROOT / 'models/released')
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--json', type=pathlib.Path, help='also write the figures there')
    return parser


def markdown(header, rows):
    lines = [header, ('---',) * len(header), *rows]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)


def report(name, options, measure):
    """Prints the text of (figures, text) = measure(scratch folder); the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            figures, text = measure(pathlib.Path(scratch))
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            print(f'bench/serving/{name}: {error}', file=sys.stderr)
            return 1
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + '\n', encoding='utf-8')
    print(text)
    return 0
