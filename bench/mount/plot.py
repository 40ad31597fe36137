#!/usr/bin/env python3
"""Draws a result of compare.py as SVG: for each work, every file system's rate as a part of the best rate of that row.

    bench/mount/plot.py bench/results/DATE.json > DATE.svg
"""
import html, json, sys

COLOURS = {"securevault": "#1a5fb4", "gocryptfs": "#99c1f1", "securefs": "#8ff0a4", "encfs": "#f9f06b", "cryfs": "#ffbe6f", "passthrough": "#9a9996", "disk": "#deddda"}
LEFT, WIDTH, BAR, GAP, TOP = 250, 640, 9, 12, 60


def draw(report):
    names = [name for name in COLOURS if name in report["median"] and name != "disk"]
    works = list(report["median"][names[0]])
    row = len(names) * BAR + GAP
    height = TOP + len(works) * row + 20
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 90} {height}" font-family="sans-serif" font-size="11">',
             f'<rect width="{LEFT + WIDTH + 90}" height="{height}" fill="#ffffff"/>',
             f'<text x="10" y="18" font-size="13">{html.escape(report["machine"])}, {report["date"]}; part of the best rate of each row</text>']
    for i, name in enumerate(names):
        parts.append(f'<rect x="{10 + i * 110}" y="30" width="10" height="10" fill="{COLOURS[name]}"/><text x="{25 + i * 110}" y="39">{name}</text>')
    for i, work in enumerate(works):
        parts += draw_row(report, work, names, TOP + i * row)
    return "\n".join([*parts, "</svg>", ""])


def draw_row(report, work, names, top):
    best = max(report["median"][name][work] for name in names)
    parts = [f'<text x="{LEFT - 8}" y="{top + len(names) * BAR / 2 + 4}" text-anchor="end">{html.escape(work)}</text>']
    for i, name in enumerate(names):
        value = report["median"][name][work]
        length = WIDTH * value / best
        y = top + i * BAR
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 1}" fill="{COLOURS[name]}"><title>{name}: {value:,.0f}</title></rect>')
        if name == "securevault":
            parts.append(f'<text x="{LEFT + length + 4:.1f}" y="{y + BAR - 1}" font-size="9">{value:,.0f}</text>')
    return parts


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(draw(json.load(file)), end="")
