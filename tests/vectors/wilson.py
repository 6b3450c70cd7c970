"""Makes wilson.json: Wilson score intervals by statsmodels, for the tests of statistic/proportion.rs."""

import json

from statsmodels.stats.proportion import proportion_confint

PAIRS = [(0, 10), (7, 10), (10, 10), (7, 50), (97, 100), (390, 400), (975, 1000), (1, 1), (0, 1), (5, 5),
         (4, 5), (487, 500), (9746, 10000), (8713, 10000), (1, 99999), (99999, 100000)]

rows = []
for x, n in PAIRS:
    low, high = proportion_confint(x, n, alpha=0.05, method="wilson")
    rows.append({"x": x, "n": n, "low": float(low), "high": float(high)})
print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
