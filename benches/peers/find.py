"""A peer for benches/score: lines {"text"} on standard input, a line {"n", "start", "end", "type"} for each finding on standard output, `n` counting
texts from 0, offsets in code points. `find.py NAME --version` tells its version and what it can find.

Each is used as its documentation says, with everything that it finds by patterns; where it has a threshold of its own, at that.
"""

import json
import sys
from importlib.metadata import version

# Countries whose national forms libphonenumber's matcher is asked about, one pass each: the large ones of every continent.
REGIONS = ["US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BR", "IN", "JP", "AU"]


def presidio():
    """Presidio's recognizers without a language model, which it needs for names; phones in its default regions."""
    import tldextract

    # By default the list of domain endings is fetched at first use; the copy in the package will do.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    from presidio_analyzer import predefined_recognizers as known

    names = ["Email", "Phone", "Ip", "CreditCard", "Iban", "UsSsn", "Url", "Mac"]
    recognizers = [getattr(known, n + "Recognizer")() for n in names if hasattr(known, n + "Recognizer")]

    def find(text):
        for recognizer in recognizers:
            for r in recognizer.analyze(text, recognizer.supported_entities, None) or []:
                # Its own decision between weak patterns and none: a tenth and less is a hint that only context would raise.
                if r.score > 0.1:
                    yield r.start, r.end, r.entity_type

    return f"Presidio {version('presidio-analyzer')}", [e for r in recognizers for e in r.supported_entities], find


def datafog():
    """DataFog's own regular expressions, its German ones too."""
    from datafog.engine import scan

    names = {"EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER", "SSN": "US_SSN", "DE_IBAN": "IBAN_CODE", "DOB": "DATE_OF_BIRTH",
             "CREDIT_CARD": "CREDIT_CARD", "IP_ADDRESS": "IP_ADDRESS"}

    def find(text):
        for e in scan(text, engine="regex", locales=["de"]).entities:
            if e.type in names:
                yield e.start, e.end, names[e.type]

    return f"DataFog {version('datafog')}", sorted(set(names.values())), find


def scrubadub():
    """scrubadub's detectors by pattern, for its two English locales."""
    import scrubadub as package

    names = {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "credit_card": "CREDIT_CARD", "url": "URL", "social_security_number": "US_SSN"}
    scrubbers = [package.Scrubber(locale=locale) for locale in ("en_US", "en_GB")]

    def find(text):
        seen = set()
        for scrubber in scrubbers:
            for f in scrubber.iter_filth(text, run_post_processors=False):
                for one in getattr(f, "filths", [f]):
                    if one.type in names:
                        seen.add((one.beg, one.end, names[one.type]))
        return sorted(seen)

    return f"scrubadub {version('scrubadub')}", sorted(set(names.values())), find


def phonenumbers():
    """libphonenumber's matcher in Python, asking for valid numbers; in each region in turn, overlapping ones joined."""
    import phonenumbers as lib

    def find(text):
        spans = sorted({(m.start, m.end) for region in REGIONS for m in lib.PhoneNumberMatcher(text, region)})
        end = -1
        for span in spans:
            if span[0] >= end:
                longest = max(e for s, e in spans if s == span[0])
                yield span[0], longest, "PHONE_NUMBER"
                end = longest

    return f"phonenumbers {version('phonenumbers')}", ["PHONE_NUMBER"], find


def main(name, *rest):
    about, entities, find = {"presidio": presidio, "datafog": datafog, "scrubadub": scrubadub, "phonenumbers": phonenumbers}[name]()
    if rest == ("--version",):
        print(json.dumps({"version": about, "entities": entities}))
        return
    for n, line in enumerate(sys.stdin):
        for start, end, entity in find(json.loads(line)["text"]):
            print(json.dumps({"n": n, "start": start, "end": end, "type": entity}))


main(*sys.argv[1:])
