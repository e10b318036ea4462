"""Validators on this machine's loopback: a CometBFT engine each, and a ledger application beside it.

Nothing listens anywhere but on 127.0.0.1, and whatever was started ends with this process, also if it is killed.
"""

import base64
import ctypes
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[4]
ENGINE_VERSION = '0.38.'
PR_SET_PDEATHSIG = 1
KVSTORE = 'kvstore'  # The engine's own example, which runs inside it.


class ChainError(Exception):
    """The chain cannot be started, or does not do in time what it has to."""


def find_engine():
    """The path of cometbft v0.38: on PATH, or where scripts/install-cometbft puts it; None if there is none."""
    for candidate in (shutil.which('cometbft'), ROOT / 'build/tools/bin/cometbft'):
        if candidate and os.access(candidate, os.X_OK):
            version = subprocess.run([candidate, 'version'], capture_output=True, text=True, timeout=20, check=False)
            if version.stdout.strip().startswith(ENGINE_VERSION):
                return str(candidate)
    return None


def free_ports(count):
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(('127.0.0.1', 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """A child that writes to a log file of its own, and that a Ctrl-C at the terminal does not reach."""

    def __init__(self, command, log):
        self.log = log
        with open(log, 'ab') as output:
            self._popen = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=subprocess.STDOUT, start_new_session=True,
                                           preexec_fn=_end_with_parent)

    @property
    def pid(self):
        return self._popen.pid

    def is_running(self):
        return self._popen.poll() is None

    def send(self, number):
        if self.is_running():
            self._popen.send_signal(number)

    def kill(self):
        self.send(signal.SIGKILL)
        self._popen.wait(10)

    def stop(self, seconds=10.0):
        """Asks it to end, wakes it in case it was paused, and kills it if it does not end in time; its exit status."""
        self.send(signal.SIGTERM)
        self.send(signal.SIGCONT)
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


def set_options(text, options):
    """config.toml with other values: {(section, key): value}; the section '' is the part before the first."""
    section, lines, missing = '', [], set(options)
    for line in text.splitlines():
        if heading := re.fullmatch(r'\[([a-z0-9_]+)\]', line.strip()):
            section = heading.group(1)
        elif (assigned := re.match(r'([a-z_-]+) = ', line)) and (section, assigned.group(1)) in options:
            key = (section, assigned.group(1))
            line = f'{key[1]} = {json.dumps(options[key])}'
            missing.discard(key)
        lines.append(line)
    if missing:
        raise ChainError(f'config.toml has no {sorted(missing)}')
    return '\n'.join(lines) + '\n'


@dataclasses.dataclass(frozen=True)
class Settings:
    """What all nodes of a chain share."""
    engine: str           # Program.
    chain_id: str
    app_state: object     # Of genesis.json.
    # The command of node's application, or KVSTORE. Gets the node.
    application: object
    timeout_commit: str = '200ms'
    timeout_propose: str = '3s'  # How long an absent proposer is waited for.
    empty_block_interval: str = '1s'
    mempool: int = 5000


class Node:
    """A validator: its engine's folder, its application's, their processes."""

    def __init__(self, settings, index, folder, sockets, rpc_port, p2p_port):
        self.settings = settings
        self.index = index
        self.home = folder / f'node{index}'
        self.ledger = self.home / 'ledger.db'
        self.socket = sockets / f'{index}.sock'
        self.rpc_port = rpc_port
        self.p2p_port = p2p_port
        self.engine = None
        self.application = None

    @property
    def rpc_address(self):
        return f'127.0.0.1:{self.rpc_port}'

    @property
    def _has_application(self):
        return self.settings.application != KVSTORE

    def id(self):
        shown = subprocess.run([self.settings.engine, 'show-node-id', '--home', self.home], capture_output=True,
                               text=True, timeout=20, check=True)
        return shown.stdout.strip()

    def configure(self, peers):
        """Writes the engine's configuration; it takes effect when the engine is started."""
        path = self.home / 'config/config.toml'
        settings = self.settings
        path.write_text(set_options(path.read_text(), {
            ('', 'proxy_app'): f'unix://{self.socket}' if self._has_application else KVSTORE,
            ('', 'log_level'): 'error',
            ('rpc', 'laddr'): f'tcp://{self.rpc_address}',
            ('p2p', 'laddr'): f'tcp://127.0.0.1:{self.p2p_port}',
            ('p2p', 'persistent_peers'): ','.join(peers),
            ('p2p', 'pex'): False,
            ('p2p', 'persistent_peers_max_dial_period'): '1s',
            ('mempool', 'size'): settings.mempool,
            ('mempool', 'cache_size'): 2 * settings.mempool,
            ('consensus', 'timeout_commit'): settings.timeout_commit,
            ('consensus', 'timeout_propose'): settings.timeout_propose,
            ('consensus', 'create_empty_blocks'): True,
            ('consensus', 'create_empty_blocks_interval'): settings.empty_block_interval,
            ('tx_index', 'indexer'): 'null',
        }))

    def start_application(self):
        if self._has_application:
            self.application = Process(self.settings.application(self), self.home / 'application.log')

    def start_engine(self):
        self.engine = Process([self.settings.engine, 'start', '--home', self.home], self.home / 'engine.log')

    def start(self, seconds=10.0):
        """The application first: an engine that finds nobody on the socket tries again only seconds later."""
        self.start_application()
        deadline = time.monotonic() + seconds
        while self._has_application and not self._is_listening():
            if time.monotonic() > deadline or not self.application.is_running():
                raise ChainError(f'node {self.index}: its application does not listen:\n{self.last_words()}')
            time.sleep(0.02)
        self.start_engine()

    def _is_listening(self):
        # Those of one that was killed lie there until the next is up.
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket)) == 0

    def processes(self):
        return [process for process in (self.engine, self.application) if process is not None]

    def is_running(self):
        return all(process.is_running() for process in self.processes())

    def send(self, number):
        for process in self.processes():
            process.send(number)

    def kill(self):
        for process in self.processes():
            process.kill()

    def stop(self):
        """The engine first, so that the application is not left in the middle of a block."""
        for process in self.processes():
            process.stop()

    def call(self, method, timeout=5.0, **parameters):
        """The result of an RPC; ChainError if there is none."""
        body = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': parameters}).encode()
        request = urllib.request.Request(f'http://{self.rpc_address}/', body, {'Content-Type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                response = json.load(answer)
        except (OSError, urllib.error.URLError, ValueError) as error:
            raise ChainError(f'node {self.index}: {method}: {error}') from error
        if 'error' in response:
            raise ChainError(f'node {self.index}: {method}: {response["error"]}')
        return response['result']

    def height(self):
        """Of the newest block; 0 if the engine does not answer."""
        try:
            return int(self.call('status')['sync_info']['latest_block_height'])
        except ChainError:
            return 0

    def header(self, height):
        return self.call('block', height=str(height))['block']['header']

    def last_words(self, lines=10):
        """Of both logs, for a message."""
        words = []
        for process in self.processes():
            tail = process.log.read_text(errors='replace').splitlines()[-lines:]
            words += [f'--- {process.log}', *tail]
        return '\n'.join(words)


class Chain:
    """So many validators, which know each other. To be used in a with statement, whose end stops all."""

    def __init__(self, settings, folder, validators=4):
        self.settings = settings
        self.folder = pathlib.Path(folder)
        # The path of a socket may have 107 bytes, fewer than folders do.
        self._sockets = tempfile.TemporaryDirectory(prefix='giot-chain-')
        ports = free_ports(2 * validators)
        self.nodes = [Node(settings, i, self.folder, pathlib.Path(self._sockets.name), ports[2 * i], ports[2 * i + 1])
                      for i in range(validators)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self._sockets.cleanup()

    def create(self):
        """Makes the folders of a new chain."""
        subprocess.run([self.settings.engine, 'testnet', '--v', str(len(self.nodes)), '--o', self.folder,
                        '--populate-persistent-peers=false', '--starting-ip-address', '127.0.0.1'],
                       check=True, capture_output=True, timeout=60)
        for node in self.nodes:
            path = node.home / 'config/genesis.json'
            genesis = json.loads(path.read_text())
            genesis['chain_id'] = self.settings.chain_id
            genesis['app_state'] = self.settings.app_state
            path.write_text(json.dumps(genesis, indent=2))
            node.configure(self.peers_of(node))

    def peers_of(self, node):
        return [f'{other.id()}@127.0.0.1:{other.p2p_port}' for other in self.nodes if other is not node]

    def start(self, seconds=30.0):
        """Starts all, and waits for a block of each."""
        for node in self.nodes:
            node.start()
        self.wait_for_height(1, seconds)

    def stop(self):
        for node in self.nodes:
            for process in node.processes():
                process.send(signal.SIGTERM)
                process.send(signal.SIGCONT)
        for node in self.nodes:
            node.stop()

    def wait_for_height(self, height, seconds, nodes=None):
        """Until each of them (all) has that block."""
        for node in nodes or self.nodes:
            self.wait_until(lambda node=node: node.height() >= height, seconds,
                            f'node {node.index} has no block {height}', nodes=[node])

    def wait_until(self, condition, seconds, what, nodes=None):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise ChainError('\n'.join([f'{what} after {seconds:.0f} s',
                                            *(node.last_words() for node in nodes or self.nodes)]))
            time.sleep(0.05)


def app_state_of(envelope):
    """What genesis.json has as app_state: the base64 of a Genesis envelope (server/ledger/cometbft/application.h)."""
    return base64.b64encode(pathlib.Path(envelope).read_bytes()).decode()
