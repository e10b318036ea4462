"""Four validators under load, which are killed, paused, cut off and restarted in turn, two at once, and one from nothing.

usage: four_nodes_test.py --programs BUILD_FOLDER --scratch FOLDER [--rounds N]

Asserts that the others go on, that who was away catches up, that two of four halt and nobody forks, that
all four have the same block and app hash at every height, and that each ledger in the end holds all that any of them
has acknowledged. The applications are giot-test-driver-node, which also verify receipts and proofs. Exit status 77:
skipped, since there is no engine (but in CI that is a failure).
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import local_chain
from local_chain import ChainError

CHAIN_ID = 'test.example/four-nodes'
RATE = 15             # Deposits a second and node.
PROGRESS = 3          # Blocks that show that a chain goes on.
SECONDS = 40.0        # For anything that has to happen.
HALTED_SECONDS = 4.0  # How long two of four are watched.
SKIPPED = 77


class FourNodes:
    """The chain, and what is done to it."""

    def __init__(self, programs, scratch):
        self.bench = programs / 'bench/ledger/giot-bench-cometbft'
        self.node_program = programs / 'tests/server/ledger/cometbft/giot-test-driver-node'
        self.scratch = scratch
        self.keys = scratch / 'keys'
        self.keys.mkdir()
        subprocess.run([self.bench, f'--make_genesis={self.keys}', f'--chain_id={CHAIN_ID}'], check=True, timeout=60)
        self.settings = local_chain.Settings(
            engine=local_chain.find_engine(), chain_id=CHAIN_ID, application=self.application, timeout_propose='1s',
            app_state=local_chain.app_state_of(self.keys / 'genesis.envelope'))
        self.chain = local_chain.Chain(self.settings, scratch / 'chain')

    def acknowledged(self, node):
        return self.scratch / f'acknowledged-{node.index}'

    def application(self, node):
        return [self.node_program, f'--ledger={node.ledger}', f'--chain_id={CHAIN_ID}', f'--abci_socket={node.socket}',
                f'--rpc={node.rpc_address}', f'--checkpoint_key={self.keys / "checkpoint.key"}',
                f'--mint={self.keys / "mint.key"}', f'--rate={RATE}', f'--acknowledged={self.acknowledged(node)}']

    def others(self, *nodes):
        return [node for node in self.chain.nodes if node not in nodes]

    def expect_progress(self, nodes):
        highest = max(node.height() for node in nodes)
        self.chain.wait_for_height(highest + PROGRESS, SECONDS, nodes)

    def expect_catching_up(self, node):
        highest = max(other.height() for other in self.others(node))
        self.chain.wait_for_height(highest + PROGRESS, SECONDS, [node])

    def kill(self, node):
        node.kill()
        self.expect_progress(self.others(node))
        node.start()
        self.expect_catching_up(node)

    def pause(self, node):
        node.send(signal.SIGSTOP)
        self.expect_progress(self.others(node))
        node.send(signal.SIGCONT)
        self.expect_catching_up(node)

    def cut_off(self, node):
        """Its engine knows nobody, and listens where nobody looks for it."""
        node.stop()
        port = node.p2p_port
        (node.p2p_port,) = local_chain.free_ports(1)
        node.configure([])
        node.start()
        self.chain.wait_until(lambda: node.height() > 0, SECONDS, f'node {node.index} does not answer', [node])
        alone = node.height()
        self.expect_progress(self.others(node))
        if node.height() != alone:
            raise ChainError(f'node {node.index} went on alone, from {alone} to {node.height()}')
        node.stop()
        node.p2p_port = port
        node.configure(self.chain.peers_of(node))
        node.start()
        self.expect_catching_up(node)

    def restart(self, node):
        node.stop()
        self.expect_progress(self.others(node))
        node.start()
        self.expect_catching_up(node)

    def kill_application(self, node):
        """Its engine cannot go on without; both are started anew, as whoever supervises them does."""
        node.application.kill()
        self.expect_progress(self.others(node))
        node.engine.stop()
        node.start()
        self.expect_catching_up(node)

    def join_late(self, node):
        """With its keys, but nothing of the chain: it replays all from the others."""
        node.stop()
        subprocess.run([self.settings.engine, 'unsafe-reset-all', '--home', node.home], check=True,
                       capture_output=True, timeout=60)
        for file in node.home.glob('ledger.db*'):
            file.unlink()
        self.expect_progress(self.others(node))
        node.start()
        self.expect_catching_up(node)

    def halt(self, first, second):
        """Two of four are no two thirds. What was on its way when the second died may still be decided."""
        for node in (first, second):
            node.kill()
        alive = self.others(first, second)
        time.sleep(1.0)
        before = [node.height() for node in alive]
        time.sleep(HALTED_SECONDS)
        after = [node.height() for node in alive]
        if before != after:
            raise ChainError(f'two of four went on from {before} to {after}')
        for node in (first, second):
            node.start()
        self.expect_progress(self.chain.nodes)

    def check_headers(self):
        """The same block and the same app hash everywhere; returns up to which height."""
        height = min(node.height() for node in self.chain.nodes)
        for at in range(1, height + 1):
            blocks = [node.call('block', height=str(at)) for node in self.chain.nodes]
            seen = {(block['block_id']['hash'], block['block']['header']['app_hash']) for block in blocks}
            if len(seen) != 1:
                raise ChainError(f'height {at}: {sorted(seen)}')
        return height

    def check_ledgers(self):
        """Every ledger, its process ended, holds what any node acknowledged, and the engines agree; returns how much."""
        together = self.scratch / 'acknowledged'
        lines = []
        for node in self.chain.nodes:
            own = self.acknowledged(node).read_text().splitlines()
            if not own:
                raise ChainError(f'node {node.index} has acknowledged nothing')
            lines += own
        together.write_text('\n'.join(lines) + '\n')
        for node in self.chain.nodes:
            checked = subprocess.run([self.node_program, '--check', f'--ledger={node.ledger}',
                                      f'--chain_id={CHAIN_ID}', f'--acknowledged={together}'],
                                     capture_output=True, text=True, timeout=60, check=False)
            if checked.returncode != 0:
                raise ChainError(f'node {node.index}: {checked.stderr}')
            print(f'node {node.index}: {checked.stdout.strip()}')
        return len(lines)

    def stop(self):
        """In good order: a process that had found something wrong would have ended before, with another status."""
        for node in self.chain.nodes:
            if not node.is_running():
                raise ChainError(f'node {node.index} has ended:\n{node.last_words()}')
        for node in self.chain.nodes:
            node.engine.stop()
        for node in self.chain.nodes:
            status = node.application.stop()
            if status != 0:
                raise ChainError(f'node {node.index}: its application ended with {status}:\n{node.last_words()}')

    def run(self, rounds):
        with self.chain as chain:
            chain.create()
            chain.start()
            deeds = [self.kill, self.pause, self.cut_off, self.restart, self.kill_application, self.join_late]
            for turn in range(max(rounds, 1) * len(deeds)):
                # In the short run each deed once, in the long one each node suffers each.
                node = chain.nodes[(turn + turn // len(deeds)) % len(chain.nodes)]
                self.report(deeds[turn % len(deeds)], node)
            for turn in range(max(rounds, 1)):
                self.report(self.halt, chain.nodes[turn % 4], chain.nodes[(turn + 1) % 4])
            height = self.check_headers()
            self.stop()
            acknowledged = self.check_ledgers()
        print(f'{height} heights agree on four nodes, {acknowledged} acknowledged transactions are on all of them')

    @staticmethod
    def report(deed, *nodes):
        start = time.monotonic()
        deed(*nodes)
        print(f'{deed.__name__} {", ".join(str(node.index) for node in nodes)}: {time.monotonic() - start:.1f} s',
              flush=True)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--programs', type=pathlib.Path, required=True)
    parser.add_argument('--scratch', type=pathlib.Path, required=True)
    parser.add_argument('--rounds', type=int, default=1)
    options = parser.parse_args(arguments)
    if local_chain.find_engine() is None:
        is_wanted = os.environ.get('CI') == 'true'
        print('failed' if is_wanted else 'skipped', end=': ')
        print('no cometbft v0.38, neither on PATH nor in build/tools/bin; scripts/setup --with-cometbft installs it')
        return 1 if is_wanted else SKIPPED
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    try:
        FourNodes(options.programs, options.scratch).run(options.rounds)
    except (ChainError, subprocess.SubprocessError, OSError) as error:
        print(f'failed: {error}')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
