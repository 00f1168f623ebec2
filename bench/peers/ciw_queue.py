"""Lanes before desks in ciw; run by the Python of its own environment.

Usage: ciw_queue.py RATES DESKS VEHICLES SEED, rates a minute with commas, the first lane goes
first; services take a minute in the mean, exponentially. Prints JSON: seconds of building and
running, and the waits of each lane in the order of arrival.
"""

from __future__ import annotations

import json
import sys
import time

import ciw


def main(rates: list[float], desks: int, vehicles: int, seed: int) -> None:
    """Simulate, and print what came of it."""
    ciw.seed(seed)
    started = time.perf_counter()
    lanes = [f"Lane {n}" for n in range(len(rates))]
    network = ciw.create_network(
        arrival_distributions={
            lane: [ciw.dists.Exponential(rate)] for lane, rate in zip(lanes, rates, strict=True)
        },
        service_distributions={lane: [ciw.dists.Exponential(1.0)] for lane in lanes},
        priority_classes={lane: rank for rank, lane in enumerate(lanes)},
        number_of_servers=[desks],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(vehicles, method="Finish")
    records = simulation.get_all_records()
    seconds = time.perf_counter() - started
    records.sort(key=lambda record: record.arrival_date)
    waits = [
        [record.waiting_time for record in records if record.customer_class == lane]
        for lane in lanes
    ]
    print(json.dumps({"seconds": seconds, "waits": waits}))


if __name__ == "__main__":
    main([float(rate) for rate in sys.argv[1].split(",")], *map(int, sys.argv[2:5]))
