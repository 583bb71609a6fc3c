"""Charts as SVG drawn here, each with the rows of its table twin: no script, no style attribute, nothing from elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 200, 44, 30, 12


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its table twin: `header` names the columns of `rows`."""

    svg: Markup
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]


def draw_similarity(similarities: np.ndarray) -> Chart:
    """Return the histogram of the spans' similarity (0..1) in steps of 0.05, from 0.5 or the lowest step that holds one."""
    counts, edges = np.histogram(similarities, bins=np.linspace(0.0, 1.0, 21))
    first = min(int(np.flatnonzero(counts)[0]) if counts.any() else 10, 10)
    labels = [f"{edges[i]:.2f} to {edges[i + 1]:.2f}" for i in range(first, 20)]
    ticks = [f"{edges[i]:.2f}" for i in range(first, 20)]
    bars = [(int(n), 0) for n in counts[first:]]
    svg = _draw_bars(bars, ticks, labels, ("spans", ""), "Spans by similarity")
    rows = [(label, f"{n:,}") for label, (n, _) in zip(labels, bars, strict=True)]
    return Chart(svg, ("similarity", "spans"), rows)


def draw_dates(firsts: Sequence[datetime.datetime], common: Sequence[bool]) -> Chart:
    """Return the families by the date of their earliest member, those marked as common apart; a bar a day, month or year."""
    days = (max(firsts) - min(firsts)).days if firsts else 0
    unit = "day" if days <= 45 else "month" if days <= 5 * 366 else "year"
    steps = _steps(min(firsts), max(firsts), unit) if firsts else []
    place = {step: number for number, step in enumerate(steps)}
    bars = np.zeros((len(steps), 2), np.int64)
    for first, marked in zip(firsts, common, strict=True):
        bars[place[_step(first, unit)], int(marked)] += 1
    pairs = [(int(a), int(b)) for a, b in bars]
    svg = _draw_bars(pairs, steps, steps, ("families", "of them marked as common"), f"Families by {unit} of their earliest member")
    return Chart(svg, (unit, "families", "marked as common"), [(s, f"{a + b:,}", f"{b:,}") for s, (a, b) in zip(steps, pairs, strict=True) if a + b])


def _step(moment: datetime.datetime, unit: str) -> str:
    """Return the label of the day, month or year a moment falls in."""
    return moment.strftime("%Y-%m-%d")[: {"day": 10, "month": 7, "year": 4}[unit]]


def _steps(first: datetime.datetime, last: datetime.datetime, unit: str) -> list[str]:
    """Return all steps from first to last, empty ones included, so that the axis is in proportion."""
    if unit == "year":
        return [f"{year:04d}" for year in range(first.year, last.year + 1)]
    if unit == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]
    return [_step(first + datetime.timedelta(days=n), unit) for n in range((last.date() - first.date()).days + 1)]


def _draw_bars(bars: list[tuple[int, int]], ticks: list[str], labels: list[str], names: tuple[str, str], title: str) -> Markup:
    """Return bars of two parts, one on the other; the label of a bar and its counts are its tooltip."""
    top = max((a + b for a, b in bars), default=0)
    plot_width, plot_height = _WIDTH - _LEFT - 8, _HEIGHT - _BOTTOM - _TOP
    step = plot_width / max(1, len(bars))
    every = max(1, -(-len(bars) // max(1, int(plot_width // (9 + 7 * max(map(len, ticks), default=1))))))
    parts = [_draw_axis(top, plot_height)]
    for number, ((a, b), tick, label) in enumerate(zip(bars, ticks, labels, strict=True)):
        width = min(48.0, max(1.0, step - min(3.0, step * 0.2)))
        left = _LEFT + number * step
        x = left + (step - width) / 2
        text = f"{label}: {a + b:,} {names[0]}" + (f", {b:,} {names[1]}" if names[1] else "")
        tall_a, tall_b = (plot_height * n / top if top else 0.0 for n in (a, b))
        base = _TOP + plot_height
        parts.append(
            f"<g><title>{escape(text)}</title>"
            f'<rect class="hit" x="{left:.1f}" y="{_TOP}" width="{step:.1f}" height="{plot_height}"/>'
            + (f'<rect class="bar" x="{x:.1f}" y="{base - tall_a:.1f}" width="{width:.1f}" height="{tall_a:.1f}"/>' if a else "")
            + (f'<rect class="bar common" x="{x:.1f}" y="{base - tall_a - tall_b:.1f}" width="{width:.1f}" height="{tall_b:.1f}"/>' if b else "")
            + "</g>"
        )
        if number % every == 0:
            parts.append(f'<text class="tick" x="{x + width / 2:.1f}" y="{_HEIGHT - 10}" text-anchor="middle">{escape(tick)}</text>')
    return Markup(f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}; the table below has the same figures">{"".join(parts)}</svg>')


def _draw_axis(top: int, plot_height: int) -> str:
    """Return the value axis: lines at round counts, the highest at or below `top`."""
    parts = []
    for value in _round_values(top):
        y = _TOP + plot_height * (1 - value / top if top else 1)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 8}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>')
    return "".join(parts)


def _round_values(top: int) -> list[int]:
    """Return zero and up to four round values up to `top`."""
    step = 1
    while top / step > 4:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, top + 1, step)) if top else [0]
