"""Lanes before desks in ciw; run by the Python of its own environment.

Usage: ciw_queue.py DESKS FILE. The file holds, as JSON, for each lane its vehicles in order: when
each comes, and how long it is served; the first lane goes first. Prints JSON: seconds of building
and running, and the waits of each lane in the order of arrival.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise

import ciw


def main(desks: int, came: list[list[list[float]]]) -> None:
    """Simulate, and print what came of it."""
    started = time.perf_counter()
    lanes = [f"Lane {n}" for n in range(len(came))]
    gaps = {
        lane: [b - a for a, b in pairwise([0.0, *(at for at, _ in each)])]
        for lane, each in zip(lanes, came, strict=True)
    }
    network = ciw.create_network(
        arrival_distributions={  # nobody comes after the last; without that it begins anew
            lane: [ciw.dists.Sequential([*between, float("inf")])] for lane, between in gaps.items()
        },
        service_distributions={
            lane: [ciw.dists.Sequential([service for _, service in each])]
            for lane, each in zip(lanes, came, strict=True)
        },
        priority_classes={lane: rank for rank, lane in enumerate(lanes)},
        number_of_servers=[desks],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(sum(map(len, came)), method="Finish")
    records = simulation.get_all_records()
    seconds = time.perf_counter() - started
    records.sort(key=lambda record: record.arrival_date)
    waits = [
        [record.waiting_time for record in records if record.customer_class == lane]
        for lane in lanes
    ]
    print(json.dumps({"seconds": seconds, "waits": waits}))


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        main(int(sys.argv[1]), json.load(file))
