#!/usr/bin/env python3
"""Makes plans.bin: which numbers of the world's numbering plans are given out and how each is grouped, as one automaton over digits.

    python3 patterns/phones/make.py METADATA.BIN > patterns/phones/plans.bin

METADATA.BIN is src/generated/metadata/metadata.bin of the crate rlibphonenumber, in the version that Cargo.lock names
(libphonenumber's metadata, Apache-2.0, as the protocol buffers of its resources/phonemetadata.proto). A test compares what
the automaton says with what the crate says; it fails when the crate is updated and this has not been run again.

The file: the number of countries, of states and of groupings (u16 each, little endian); a row a country, in order of their
codes: code (u16), first state (u16), flags (u8; 1: what is dialled before a national number is more than a fixed prefix),
length of that prefix (u8), its digits (6 bytes, zeros behind); a row a grouping: how many groups of digits such numbers are
written in within the country, with what is dialled before them, and how long each is (8 bytes, zeros behind); a byte a
state, 0 if no number ends there, else the number of its grouping, from 1; and for each state the ten states that its digits
lead to (u16 each; 0: no number goes on so).
"""

import re
import struct
import sys

TYPES = [5, 4, 6, 8, 7, 21, 25, 28, 2, 3]  # premium, toll-free, shared, VoIP, personal, pager, UAN, voicemail, fixed, mobile


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """The fields of a message, by number: lists of integers and bytes."""
    out, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            sys.exit(f"wire type {kind} is not expected in the metadata")
        out.setdefault(key >> 3, []).append(value)
    return out


class Nfa:
    """A pattern over digits as states with edges: a set of digits and a next state, or an empty edge."""

    def __init__(self, pattern):
        self.edges, self.empty = [], []
        self.text, self.at = pattern, 0
        self.start, self.end = self.alternatives()
        if self.at != len(pattern):
            sys.exit(f"cannot read the pattern {pattern} at {self.at}")

    def state(self):
        self.edges.append([])
        self.empty.append([])
        return len(self.edges) - 1

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def alternatives(self):
        start, end = self.state(), self.state()
        while True:
            a, b = self.sequence()
            self.empty[start].append(a)
            self.empty[b].append(end)
            if self.peek() != "|":
                return start, end
            self.at += 1

    def sequence(self):
        start = end = self.state()
        while self.peek() not in ("", "|", ")"):
            begin = self.at
            a, b = self.atom()
            behind = self.at
            low, high = self.times()
            after = self.at
            for n in range(high):
                if n:
                    self.at = begin
                    a, b = self.atom()
                    assert self.at == behind
                if n >= low:
                    self.empty[a].append(b)
                self.empty[end].append(a)
                end = b
            if high == 0:
                sys.exit("a part that stands no times")
            self.at = after
        return start, end

    def times(self):
        if self.peek() == "?":
            self.at += 1
            return 0, 1
        if self.peek() != "{":
            return 1, 1
        close = self.text.index("}", self.at)
        low, _, high = self.text[self.at + 1:close].partition(",")
        self.at = close + 1
        return int(low), int(high or low)

    def atom(self):
        c = self.peek()
        if c == "(":
            self.at += 3 if self.text.startswith("(?:", self.at) else 1
            pair = self.alternatives()
            assert self.peek() == ")", self.text
            self.at += 1
            # A copy of the ends, so that repeating adds no edge into the group.
            a, b = self.state(), self.state()
            self.empty[a].append(pair[0])
            self.empty[pair[1]].append(b)
            return a, b
        if c == "[":
            close = self.text.index("]", self.at)
            digits, inner = set(), self.text[self.at + 1:close]
            self.at = close + 1
            i = 0
            while i < len(inner):
                if i + 2 < len(inner) and inner[i + 1] == "-":
                    digits.update(range(int(inner[i]), int(inner[i + 2]) + 1))
                    i += 3
                else:
                    digits.add(int(inner[i]))
                    i += 1
        elif self.text.startswith("\\d", self.at):
            self.at += 2
            digits = set(range(10))
        elif c.isdigit():
            self.at += 1
            digits = {int(c)}
        else:
            sys.exit(f"cannot read {c!r} in the pattern {self.text}")
        a, b = self.state(), self.state()
        self.edges[a].append((frozenset(digits), b))
        return a, b

    def closed(self, states):
        seen, todo = set(states), list(states)
        while todo:
            for n in self.empty[todo.pop()]:
                if n not in seen:
                    seen.add(n)
                    todo.append(n)
        return frozenset(s for s in seen if self.edges[s] or s == self.end)

    def first(self):
        return self.closed([self.start])

    def step(self, states, digit):
        return self.closed([n for s in states for digits, n in self.edges[s] if digit in digits])


class Desc:
    """A kind of number: its pattern and its lengths."""

    def __init__(self, message):
        desc = fields(message[0]) if message else {}
        pattern = desc.get(2, [b""])[0].decode()
        # Written as ^(?:…)$ in the metadata of this crate.
        if pattern.startswith("^(?:") and pattern.endswith(")$"):
            pattern = pattern[4:-2]
        self.nfa = Nfa(pattern) if pattern else None
        lengths = []
        for value in desc.get(9, []):
            if isinstance(value, bytes):
                at = 0
                while at < len(value):
                    n, at = varint(value, at)
                    lengths.append(n)
            else:
                lengths.append(value)
        self.lengths = set(lengths)

    def first(self):
        return self.nfa.first() if self.nfa else frozenset()

    def step(self, states, digit):
        return self.nfa.step(states, digit) if states else states

    def ends(self, states, length):
        return self.nfa is not None and self.nfa.end in states and (not self.lengths or length in self.lengths)


def bare(pattern):
    """A pattern without the anchors that the metadata of this crate has around it."""
    return pattern[4:].rstrip("$").removesuffix(")") if pattern.startswith("^(?:") else pattern


class Format:
    """How numbers that begin in some way and have some length are written within the country."""

    def __init__(self, message):
        self.pattern = re.compile(bare(message[1][0].decode()))
        # The last of them says most: the crate asks that one alone.
        leading = bare(message.get(3, [b""])[-1].decode())
        self.leading = Nfa(leading) if leading else None
        self.text = message[2][0].decode()
        rule = message.get(4, [b""])[0].decode()
        if rule:
            self.text = re.sub(r"\$\d", lambda first: rule.replace("$1", first[0]), self.text, count=1)

    def first(self):
        return self.reached((self.leading is None, self.leading.first() if self.leading else frozenset()))

    def step(self, state, digit):
        done, states = state
        return state if done or not states else self.reached((False, self.leading.step(states, digit)))

    def reached(self, state):
        done, states = state
        done = done or self.leading.end in states
        return done, frozenset() if done else states

    def groups(self, length):
        """The lengths of the groups of such a number; None: it has another length. Patterns tell digits apart by their place alone."""
        found = self.pattern.fullmatch("5" * length)
        if found is None:
            return None
        text = re.sub(r"\$(\d)", lambda group: found[int(group[1])], self.text)
        return tuple(len(digits) for digits in re.findall(r"\d+", text))


class Formats:
    def __init__(self, messages):
        self.all = [Format(fields(m)) for m in messages]
        if any(re.search(r"[^\\d(){},0-9]", f.pattern.pattern) for f in self.all):
            sys.exit("a format that asks for more than lengths")

    def first(self):
        return tuple(f.first() for f in self.all)

    def step(self, states, digit):
        return tuple(f.step(s, digit) for f, s in zip(self.all, states))

    def groups(self, states, length):
        """Of the formats that fit the first counts; where none does, the digits stand in one group."""
        fits = (f.groups(length) for f, (done, _) in zip(self.all, states) if done)
        return next((groups for groups in fits if groups is not None), (length,))


class Region:
    def __init__(self, message):
        self.code = message[10][0]
        self.name = message[9][0].decode()
        self.main = bool(message.get(22, [0])[0])
        self.descs = [Desc(message.get(n)) for n in [1] + TYPES]
        leading = bare(message.get(23, [b""])[0].decode())
        self.leading = Nfa(leading) if leading else None
        self.prefix = message.get(12, [b""])[0].decode()
        parsing = bare(message.get(15, [b""])[0].decode())
        self.formats = Formats(message.get(19, []))
        self.plain = (parsing or self.prefix) == self.prefix and 16 not in message

    def first(self):
        leading = (False, self.leading.first()) if self.leading else (False, frozenset())
        return self.reached(leading), tuple(d.first() for d in self.descs)

    def reached(self, leading):
        done, states = leading
        return (done or bool(self.leading and self.leading.end in states), states if not done else frozenset())

    def step(self, state, digit):
        (done, states), descs = state
        if self.leading and not done:
            states = self.leading.step(states, digit)
        return (
            self.reached((done, states)),
            tuple(d.step(s, digit) for d, s in zip(self.descs, descs)),
        )

    def known(self, state, length):
        ends = [d.ends(s, length) for d, s in zip(self.descs, state[1])]
        return ends[0] and any(ends[1:])


def valid(regions, states, length):
    """As the crate's is_valid_number: of several regions the first that a number is of decides."""
    if len(regions) == 1:
        return regions[0].known(states[0], length)
    for region, state in zip(regions, states):
        if region.leading:
            if state[0][0]:
                return region.known(state, length)
        elif region.known(state, length):
            return True
    return False


def main():
    collection = fields(open(sys.argv[1], "rb").read())
    countries = {}
    for message in collection[1]:
        region = Region(fields(message))
        regions = countries.setdefault(region.code, [])
        regions.insert(0 if region.main else len(regions), region)

    # By number, from 1; 0: no number ends there.
    groupings = [()]
    table, index = [(0, (0,) * 10)], {(0, (0,) * 10): 0}

    def grouping(groups):
        if groups not in groupings:
            groupings.append(groups)
        return groupings.index(groups)

    def build(regions):
        known, formats = {}, regions[0].formats

        def state(states, written, length):
            alive = any(s for _, descs in states for s in descs)
            if not alive or length > 17:
                return 0
            key = (states, written, length)
            if key in known:
                return known[key]
            after = tuple(
                state(tuple(r.step(s, d) for r, s in zip(regions, states)), formats.step(written, d), length + 1)
                for d in range(10)
            )
            end = grouping(formats.groups(written, length)) if valid(regions, states, length) else 0
            row = (end, after)
            if row not in index:
                index[row] = len(table)
                table.append(row)
            known[key] = index[row]
            return known[key]

        return state(tuple(r.first() for r in regions), formats.first(), 0)

    rows = []
    for code in sorted(countries):
        regions = countries[code]
        flags = 0 if all(r.plain for r in regions) else 1
        prefix = regions[0].prefix.encode()
        if not prefix.isdigit():
            prefix, flags = b"", flags | (1 if prefix else 0)
        rows.append(struct.pack("<HHBB6s", code, build(regions), flags, len(prefix[:6]), prefix[:6]))
    if len(table) > 0xFFFF or len(groupings) > 0x100 or max(map(len, groupings)) > 7:
        sys.exit("more states, groupings or groups than fit")
    out = sys.stdout.buffer
    out.write(struct.pack("<HHH", len(rows), len(table), len(groupings) - 1))
    out.write(b"".join(rows))
    out.write(b"".join(bytes([len(groups), *groups]).ljust(8, b"\0") for groups in groupings[1:]))
    out.write(bytes(end for end, _ in table))
    for _, after in table:
        out.write(struct.pack("<10H", *after))


main()
