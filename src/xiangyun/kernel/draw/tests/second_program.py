"""A draw repeated from its record, made from docs/reference/draw.md alone.

It imports nothing of the platform: whoever doubts a draw writes one like it, in any language.
"""

import json
from hashlib import sha256

USED: dict[str, int] = {}


def sha(text):
    return sha256(text.encode()).hexdigest()


def number(seed, label, below):
    while True:
        USED[label] = USED.get(label, 0) + 1
        ticket = int(sha(f"{seed}/{label}/{USED[label]}"), 16)
        if ticket < 2**256 - 2**256 % below:
            return ticket % below


def select(record, frame):
    order, out = record["order"], []
    digest = sha(json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    parts = digest, record["reveal"]["secret"], sha(record["reveal"]["beacon"]["value"])
    seed = sha("".join(f"{part}\n" for part in ("xiangyun-draw-1", *parts)))
    USED.clear()
    for stratum in order["strata"]:
        label, found = f"object/{stratum['stratum']}", 0
        pool = [line.split(",") for line in frame.splitlines()[1:]]
        pool = [cells for cells in pool if cells[1] == stratum["stratum"] and int(cells[3])]
        whole, _, part = stratum["take"].rstrip("%").partition(".")
        share = -(-len(pool) * int(whole + part) // (100 * 10 ** len(part)))
        wanted = min(len(pool), share if "%" in stratum["take"] else int(whole))
        while wanted and pool:
            total, gone, hit = sum(int(cells[3]) for cells in pool), 0, set()
            while wanted and 2 * gone < total:
                at, i = number(seed, label, total), 0
                while at >= int(pool[i][3]):
                    at, i = at - int(pool[i][3]), i + 1
                if i not in hit:
                    hit.add(i)
                    code, _, place, weight, visits, cap = pool[i]
                    over = cap != "" and int(visits or 0) >= int(cap)
                    gone, found, wanted = gone + int(weight), found + 1, wanted - (not over)
                    state = "skipped" if over else "drawn"
                    out.append([stratum["stratum"], found, USED[label], code, state, place])
            pool = [cells for i, cells in enumerate(pool) if i not in hit]
    return seed, out


def assign(record, inspectors, seed, out):
    people = sorted(line.split(",") for line in inspectors.splitlines()[1:])
    left = {person[0]: int(person[3]) for person in people}
    rows = [(row, [], [], []) for row in out]

    def send(line, team, wanted):
        (_, _, _, code, _, place), going, struck, short = line
        pool = [p for p in people if p[1] == team and place.startswith(p[2]) and left[p[0]]]
        pool = [p for p in pool if f"{team}/{p[0]}" not in going + struck]
        while wanted and pool:
            chosen = pool.pop(number(seed, f"inspector/{code}/{team}", len(pool)))
            sent = code not in chosen[4].split()
            (going if sent else struck).append(f"{team}/{chosen[0]}")
            left[chosen[0]], wanted = left[chosen[0]] - sent, wanted - sent
        short += [team] if wanted and team not in short else []

    for line in rows:
        for team in record["order"]["teams"] if line[0][4] == "drawn" else ():
            send(line, team["team"], team["inspectors"])
    for recusal in record["recusals"]:
        for line in rows:
            for one in [each for each in line[1] if line[0][3] == recusal["object"]]:
                if one.split("/")[1] == recusal["inspector"]:
                    line[1].remove(one)
                    line[2].append(one)
                    left[recusal["inspector"]] += 1
                    send(line, one.split("/")[0], 1)
    return rows


def result(record, frame, inspectors):
    text = "stratum,number,ticket,object,state,inspectors,struck,short\n"
    for row, *people in assign(record, inspectors, *select(record, frame)):
        text += ",".join([*map(str, row[:5]), *map(" ".join, people)]) + "\n"
    return text
