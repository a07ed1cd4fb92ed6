"""Vectorscan (as PyPI's `hyperscan` brings it) as a peer for benches/compare: how many lines of FILE match any PATTERN.

Block mode over 1 MiB at a time, cut at a line end; no flags, so that patterns are bytes, classes and \\b ASCII. It measures itself and
prints JSON: Python's start-up and compiling the patterns are not counted against it. What is: a call into Python for each match.
"""

import json
import sys
import time
from importlib.metadata import version

import hyperscan


def main(path, patterns):
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile([p.encode() for p in patterns], ids=range(len(patterns)), elements=len(patterns), flags=[0] * len(patterns))
    engine = database.info().decode().split()[1]
    block, lines, line_end = b"", 0, 0

    # Several ends are reported for one match, and several matches may stand in one line: each line counts once.
    def on_match(_id, _start, end, _flags, _context):
        nonlocal lines, line_end
        if end > line_end:
            newline = block.find(b"\n", end)
            line_end = len(block) if newline < 0 else newline
            lines += 1

    cpu, wall = time.process_time(), time.perf_counter()
    with open(path, "rb") as file:
        while block := file.read(1 << 20) + file.readline():
            line_end = 0
            database.scan(block, match_event_handler=on_match)
        total = file.tell()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    about = f"Vectorscan {engine} (PyPI hyperscan {version('hyperscan')})"
    print(json.dumps({"version": about, "bytes": total, "cpu": cpu, "wall": wall, "lines": lines}))


main(sys.argv[1], sys.argv[2:])
