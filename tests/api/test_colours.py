"""Whoever sees little can read the desk: contrast of every pair of colours that the pages put together, in both schemes."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "api" / "static"
TEXT, EDGE = 4.5, 3.0
"""WCAG 2.2: 1.4.3 for words, 1.4.11 for what controls and states are known by."""

WORDS = (
    "ink/ground ink/sheet quiet/ground quiet/sheet accent/ground accent/sheet accent-deep/sheet on-accent/accent "
    "on-accent/accent-deep good/good-ground bad/bad-ground bad/sheet note/note-ground ground/ink ink/good-ground quiet/good-ground "
    "accent/good-ground ink/own quiet/own accent/own bad/own note/own ink/bot quiet/bot ink/note-ground bad/note-ground "
    "accent/note-ground ink/mark "
)
MARKS = (
    "edge/sheet edge/ground accent/ground accent/sheet note-edge/note-ground note-edge/ground urgent/sheet good/sheet"
)


def colours(scheme: str) -> dict[str, str]:
    """Return the custom properties of the shared style and of the conversations', as a browser in that scheme has them."""
    found: dict[str, str] = {}
    for name in ("paint.css", "talks.css"):
        text = (STATIC / name).read_text("utf-8")
        dark = re.search(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", text, re.DOTALL)
        light = re.search(r"^:root \{(.*?)\}", text, re.DOTALL | re.MULTILINE)
        assert dark is not None
        assert light is not None
        for block in (light[1], *([dark[1]] if scheme == "dark" else [])):
            found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    return found


def lightness(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_as_far_apart_as_can_be():
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(WORDS, TEXT), (MARKS, EDGE)])
def test_what_stands_on_a_colour_can_be_read(scheme: str, pairs: str, least: float):
    known = colours(scheme)
    ratios = {pair: round(contrast(*(known[name] for name in pair.split("/"))), 2) for pair in pairs.split()}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < least} == {}
