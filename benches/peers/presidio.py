"""Presidio as a peer for benches/compare: its recognizers of e-mail, phone, IP and card over the first BYTES of FILE, line by line.

The recognizers alone, without a language model, which would take many times as long. It measures itself and prints JSON: imports and
loading are not counted against it.
"""

import json
import sys
import time
from importlib.metadata import version

import tldextract

# By default the list of domain endings is fetched at first use; the copy in the package will do.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

from presidio_analyzer import predefined_recognizers as known  # noqa: E402


def main(path, limit):
    recognizers = [known.EmailRecognizer(), known.PhoneRecognizer(), known.IpRecognizer(), known.CreditCardRecognizer()]
    for recognizer in recognizers:
        recognizer.analyze("ada@example.com 4242", recognizer.supported_entities, None)  # compiles its patterns
    total, lines = 0, []
    with open(path, "rb") as file:
        while total < limit and (line := file.readline()):
            total += len(line)
            lines.append(line.decode("utf-8", "replace"))
    cpu, wall = time.process_time(), time.perf_counter()
    found = sum(len(r.analyze(line, r.supported_entities, None) or []) for line in lines for r in recognizers)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    about = f"Presidio {version('presidio-analyzer')}"
    print(json.dumps({"version": about, "bytes": total, "cpu": cpu, "wall": wall, "found": found}))


main(sys.argv[1], int(sys.argv[2]))
