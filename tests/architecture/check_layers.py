#!/usr/bin/env python3
"""Checks the C++ files of a tree against layers.txt and the rules for headers.

usage: check_layers.py ROOT LAYERS

Prints one line a violation; exit status 1 if there is any.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
STANDARD = re.compile(r'^[a-z0-9_]+$')
PROTO_HEADER = re.compile(r'^(.*?)(\.grpc)?\.pb\.h$')
SOURCES = ('.h', '.cc')
SKIPPED = ('build', 'runs')


class Layers:
    """layers.txt: `groups` of third-party headers, `allowed` names of each folder."""

    def __init__(self, text):
        self.groups = {}
        self.allowed = {}
        for number, line in enumerate(text.splitlines(), start=1):
            line = line.split('#')[0].strip()
            if not line:
                continue
            name, _, rest = line.partition(':')
            name, names = name.strip(), rest.split()
            if name.startswith('group '):
                self.groups[name.split()[1]] = names
                continue
            for used in names:
                if used not in self.groups and used not in self.allowed:
                    raise ValueError(f'layers.txt:{number}: {name} uses {used}, which no earlier line names')
            self.allowed[name] = names

    def folder_of(self, path):
        """The longest folder of ours that holds `path`, or None."""
        parts = path.split('/')[:-1]
        while parts:
            if '/'.join(parts) in self.allowed:
                return '/'.join(parts)
            parts.pop()
        return None

    def group_of(self, header):
        for name, prefixes in self.groups.items():
            if any(header == p or (p.endswith('/') and header.startswith(p)) for p in prefixes):
                return name
        return None


def includes(text):
    for number, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def source_of(root, header):
    """The file in the tree that `header` is, or is made from."""
    proto = PROTO_HEADER.match(header)
    if proto and (root / 'proto' / f'{proto.group(1)}.proto').is_file():
        return f'proto/{proto.group(1)}.proto'
    if proto:
        return f'{proto.group(1)}.proto'
    return header if (root / header).is_file() else f'{header}.in'


def check_include(root, layers, folder, quote, header):
    """What is wrong with `header` in a file of `folder`, or None."""
    if quote == '<' and STANDARD.match(header):
        return None
    group = layers.group_of(header)
    if group:
        return None if group in layers.allowed[folder] else f'{folder} may not use {group} ({header})'
    source = source_of(root, header)
    target = layers.folder_of(source)
    if target is None:
        return f'{header} belongs to no folder or group of layers.txt'
    if quote == '<':
        return f'{header} is ours: include it with quotes'
    if not (root / source).is_file():
        return f'{header} does not exist'
    if target != folder and target not in layers.allowed[folder]:
        return f'{folder} may not include {target} ({header})'
    return None


def check_header(text):
    """What is wrong with the form of a header."""
    code = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith('//')]
    if not code or code[0].strip() != '#pragma once':
        yield 'a header starts with #pragma once'
    if re.search(r'^\s*using\s+namespace\b', text, re.MULTILINE):
        yield 'no using namespace in a header'


def check_own_header_first(root, path, found):
    own = path.with_suffix('.h')
    if path.suffix == '.cc' and (root / own).is_file() and (not found or found[0][2] != own.as_posix()):
        yield f'the first include must be {own}'


def source_files(root):
    for path in sorted(root.rglob('*')):
        relative = path.relative_to(root)
        hidden = any(part.startswith('.') for part in relative.parts)
        if path.suffix in SOURCES and not hidden and relative.parts[0] not in SKIPPED:
            yield relative


def violations(root, layers):
    used = set()
    for path in source_files(root):
        folder = layers.folder_of(path.as_posix())
        if folder is None:
            yield f'{path}: its folder is not in layers.txt'
            continue
        used.add(folder)
        text = (root / path).read_text(encoding='utf-8')
        found = list(includes(text))
        for number, quote, header in found:
            problem = check_include(root, layers, folder, quote, header)
            if problem:
                yield f'{path}:{number}: {problem}'
        form = check_header(text) if path.suffix == '.h' else check_own_header_first(root, path, found)
        for problem in form:
            yield f'{path}: {problem}'
    for folder in layers.allowed:
        if folder not in used and not (root / folder).is_dir():
            yield f'layers.txt: {folder} does not exist'


def main(arguments):
    root, layers_file = (pathlib.Path(a) for a in arguments)
    found = list(violations(root, Layers(layers_file.read_text(encoding='utf-8'))))
    for line in found:
        print(line)
    print(f'{len(found)} violations')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
