"""Four validators with a ledger application each on this machine's loopback, for a while; scripts/testnet runs this."""

import argparse
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import local_chain


class Ended(Exception):
    """By a signal."""


def parse(arguments):
    parser = argparse.ArgumentParser(prog='scripts/testnet', description=__doc__)
    parser.add_argument('--seconds', type=int, default=60, help='how long it runs (60)')
    parser.add_argument('--validators', type=int, default=4, help='how many (4)')
    parser.add_argument('--folder', type=pathlib.Path, help='an empty one, kept; else a temporary one')
    parser.add_argument('--chain_id', default='testnet.example/ledger', help='the chain')
    parser.add_argument('--genesis', type=pathlib.Path,
                        help="an envelope of Genesis of that chain; else keys are made, and Genesis with them")
    parser.add_argument('--without', type=int, action='append', default=[], metavar='I',
                        help='leave the application of validator I to you, e.g. a giot-server on its socket')
    parser.add_argument('--programs', type=pathlib.Path, required=True, help='build folder')
    options = parser.parse_args(arguments)
    if not 1 <= options.seconds <= 86_400:
        parser.error('--seconds: want 1 to 86400')
    if not 1 <= options.validators <= 16:
        parser.error('--validators: want 1 to 16')
    return options


def make_keys(options, folder):
    keys = folder / 'keys'
    keys.mkdir(mode=0o700)
    subprocess.run([options.programs / 'bench/ledger/giot-bench-cometbft', f'--make_genesis={keys}',
                    f'--chain_id={options.chain_id}'], check=True, timeout=60)
    return keys


def describe(chain, options, keys):
    print(f'chain id: {options.chain_id}')
    for node in chain.nodes:
        print(f'validator {node.index}: RPC http://{node.rpc_address}, ABCI socket {node.socket}, folder {node.home}')
    if keys is not None:
        print('keys: ' + ', '.join(str(path) for path in sorted(keys.glob('*.key'))))
        print(f'genesis: {keys / "genesis.envelope"}')
    print(f'It stops by itself in {options.seconds} s, or upon Ctrl-C.', flush=True)


def supervise(chain, seconds):
    """Until the time is up. A validator of which the engine or the application has ended is stopped as a whole."""
    deadline = time.monotonic() + seconds
    running = set(chain.nodes)
    while time.monotonic() < deadline and running:
        for node in [node for node in running if not node.is_running()]:
            print(f'validator {node.index} has ended:\n{node.last_words()}', file=sys.stderr)
            node.stop()
            running.remove(node)
        time.sleep(min(0.2, max(0.0, deadline - time.monotonic())))
    return len(running) == len(chain.nodes)


def run(options, folder):
    engine = local_chain.find_engine()
    if engine is None:
        raise local_chain.ChainError('no cometbft v0.38; scripts/setup --with-cometbft installs it')
    if any(folder.iterdir()):
        raise local_chain.ChainError(f'--folder: want an empty one, got {folder}')
    keys = make_keys(options, folder) if options.genesis is None else None
    program = options.programs / 'server/ledger/cometbft/giot-ledger-node'

    def application(node):
        return [program, f'--ledger={node.ledger}', f'--chain_id={options.chain_id}', f'--abci_socket={node.socket}']

    settings = local_chain.Settings(engine=engine, chain_id=options.chain_id, application=application,
                                    app_state=local_chain.app_state_of(options.genesis or keys / 'genesis.envelope'))
    with local_chain.Chain(settings, folder, options.validators) as chain:
        chain.create()
        for node in chain.nodes:
            if node.index not in options.without:
                node.start_application()
            node.start_engine()
        describe(chain, options, keys)
        return supervise(chain, options.seconds)


def end(*_):
    raise Ended


def main(arguments):
    options = parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    try:
        if options.folder is None:
            with tempfile.TemporaryDirectory(prefix='giot-testnet-') as folder:
                return 0 if run(options, pathlib.Path(folder)) else 1
        options.folder.mkdir(parents=True, exist_ok=True)
        return 0 if run(options, options.folder.resolve()) else 1
    except Ended:
        return 0
    except (local_chain.ChainError, subprocess.SubprocessError, OSError) as error:
        print(f'scripts/testnet: {error}', file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
