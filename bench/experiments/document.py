"""A page of headings, text, tables and figures, as HTML in one file or as Markdown."""

import base64
import dataclasses
import html
import pathlib
import re


@dataclasses.dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclasses.dataclass(frozen=True)
class Text:
    text: str


@dataclasses.dataclass(frozen=True)
class Bullets:
    items: list


@dataclasses.dataclass(frozen=True)
class Code:
    text: str


@dataclasses.dataclass(frozen=True)
class Table:
    header: tuple
    rows: list


@dataclasses.dataclass(frozen=True)
class Figure:
    path: pathlib.Path
    caption: str


_STYLE = """body { font: 15px/1.5 sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px }
td, th { border: 1px solid #ccc; padding: .25em .6em }
th { background: #f2f2f2; text-align: left } td { text-align: right } td:first-child { text-align: left }
img { max-width: 100% } figcaption, pre { font-size: 12px } pre { background: #f6f6f6; padding: .8em; overflow-x: auto }
figure { margin: 1.5em 0 } code { background: #f2f2f2 }"""


def _inline(text):
    return re.sub(r'`([^`]+)`', r'<code>\1</code>', html.escape(text))


def _html_cells(cells, tag):
    return '<tr>' + ''.join(f'<{tag}>{_inline(cell)}</{tag}>' for cell in cells) + '</tr>'


def _html_block(block):
    if isinstance(block, Heading):
        return f'<h{block.level}>{_inline(block.text)}</h{block.level}>'
    if isinstance(block, Text):
        return f'<p>{_inline(block.text)}</p>'
    if isinstance(block, Bullets):
        return '<ul>' + ''.join(f'<li>{_inline(item)}</li>' for item in block.items) + '</ul>'
    if isinstance(block, Code):
        return f'<pre>{html.escape(block.text)}</pre>'
    if isinstance(block, Table):
        rows = ''.join(_html_cells(row, 'td') for row in block.rows)
        return f'<table>{_html_cells(block.header, "th")}{rows}</table>'
    data = base64.b64encode(block.path.read_bytes()).decode('ascii')
    caption = _inline(block.caption)
    return (f'<figure><img alt="{html.escape(block.path.stem)}" src="data:image/png;base64,{data}">'
            f'<figcaption>{caption}</figcaption></figure>')


def to_html(title, blocks):
    body = '\n'.join(_html_block(block) for block in blocks)
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
            f'<style>{_STYLE}</style></head><body>\n<h1>{html.escape(title)}</h1>\n{body}\n</body></html>\n')


def _markdown_block(block):
    if isinstance(block, Heading):
        return '#' * block.level + ' ' + block.text
    if isinstance(block, Text):
        return block.text
    if isinstance(block, Bullets):
        return '\n'.join(f'- {item}' for item in block.items)
    if isinstance(block, Code):
        return f'```\n{block.text}\n```'
    if isinstance(block, Table):
        lines = [block.header, ('---',) * len(block.header), *block.rows]
        return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)
    return f'![{block.path.stem}](figures/{block.path.name})\n\n{block.caption}'


def to_markdown(title, blocks):
    """The page; its figures are expected in figures/ beside it."""
    return f'# {title}\n\n' + '\n\n'.join(_markdown_block(block) for block in blocks) + '\n'
