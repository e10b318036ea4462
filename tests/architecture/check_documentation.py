#!/usr/bin/env python3
"""Checks what the documentation says about the tree.

usage: check_documentation.py ROOT

Links lead somewhere, scripts that are named exist and can be run, scripts parse,
and the folders of ARCHITECTURE.md are those of layers.txt, in its order.
"""

import os
import pathlib
import re
import subprocess
import sys

import check_layers

LINK = re.compile(r'\]\(([^)#:\s]+)(?:#[^)]*)?\)')
SCRIPT = re.compile(r'(?<![\w./-])((?:scripts|\.ci)/[a-z-]+)')
FOLDER_ROW = re.compile(r'^\| `([a-z/]+)/` \|', re.MULTILINE)


def documents(root):
    return sorted(root.glob('*.md')) + sorted((root / 'docs').rglob('*.md'))


def check_links(root):
    for document in documents(root):
        for target in LINK.findall(document.read_text(encoding='utf-8')):
            if not (document.parent / target).exists():
                yield f'{document.relative_to(root)}: link to {target}, which does not exist'


def check_scripts(root):
    for document in documents(root):
        for script in sorted(set(SCRIPT.findall(document.read_text(encoding='utf-8')))):
            path = root / script
            if not path.is_file() or not os.access(path, os.X_OK):
                yield f'{document.relative_to(root)}: {script} is not a program'
    for script in sorted((root / 'scripts').iterdir()) + [root / '.ci/run']:
        if subprocess.run(['bash', '-n', script], capture_output=True, check=False).returncode != 0:
            yield f'{script.relative_to(root)}: bash cannot parse it'


def check_folders(root):
    layers = check_layers.Layers((root / 'tests/architecture/layers.txt').read_text(encoding='utf-8'))
    product = [f for f in layers.allowed if not f.startswith(('cmake', 'tests', 'bench'))]
    listed = FOLDER_ROW.findall((root / 'ARCHITECTURE.md').read_text(encoding='utf-8'))
    if listed[:len(product)] != product:
        yield f'ARCHITECTURE.md lists {listed[:len(product)]}, layers.txt {product}'
    for folder in listed:
        if not (root / folder).is_dir():
            yield f'ARCHITECTURE.md: {folder}/ does not exist'


def main(arguments):
    root = pathlib.Path(arguments[0])
    found = [*check_links(root), *check_scripts(root), *check_folders(root)]
    for line in found:
        print(line)
    print(f'{len(found)} problems')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
