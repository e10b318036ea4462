"""PNG figures by gnuplot: lines with intervals as bands."""

import dataclasses
import subprocess

_SIZE = '760,440'


@dataclasses.dataclass(frozen=True)
class Line:
    label: str
    points: list  # [(x, mean, low, high)]


@dataclasses.dataclass(frozen=True)
class Axes:
    title: str
    x: str
    y: str
    log_x: bool = False
    log_y: bool = False
    legend: str = 'bottom right'


def shortfall(points):
    """[(x, Estimate)] as what is missing to 100 %, for a logarithmic axis."""
    least = 1e-4
    return [(x, *(max(least, 100 * (1 - share)) for share in (e.mean, e.high, e.low))) for x, e in points]


def percent(points):
    return [(x, 100 * e.mean, 100 * e.low, 100 * e.high) for x, e in points]


def _script(name, axes, lines):
    yield f'set terminal png truecolor size {_SIZE} noenhanced'
    yield f"set output '{name}.png'"
    yield 'set grid'
    yield f'set key {axes.legend}'
    yield f"set title '{axes.title}'"
    yield f"set xlabel '{axes.x}'"
    yield f"set ylabel '{axes.y}'"
    scales = ('x' if axes.log_x else '') + ('y' if axes.log_y else '')
    if scales:
        yield f'set logscale {scales}'
    for index, line in enumerate(lines):
        yield f'$d{index} << END'
        yield from (' '.join(f'{number:.7g}' for number in point) for point in line.points)
        yield 'END'
    bands = [f"$d{index} using 1:3:4 with filledcurves linecolor {index + 1} fillstyle transparent solid 0.18 notitle"
             for index in range(len(lines))]
    means = [f"$d{index} using 1:2 with linespoints linewidth 2 linecolor {index + 1} title '{line.label}'"
             for index, line in enumerate(lines)]
    yield 'plot ' + ', '.join(bands + means)


def draw(folder, name, axes, lines):
    """Writes NAME.gp and NAME.png into `folder`, and returns the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f'{name}.gp').write_text('\n'.join(_script(name, axes, lines)) + '\n', encoding='utf-8')
    subprocess.run(['gnuplot', f'{name}.gp'], cwd=folder, check=True)
    return folder / f'{name}.png'
