"""Makes statistic.json, for the tests in src/statistic/: by statsmodels and scipy, and where they have no such
statistic by numpy from single respondents, of whom the tests see the sums only."""

import contextlib
import json
import sys

import numpy as np
from ipfn import ipfn
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (confint_proportions_2indep, proportion_confint, proportions_ztest)
from statsmodels.stats.weightstats import DescrStatsW

rng = np.random.default_rng(20261125)


def plain(value):
    """Numbers of numpy as numbers of Python."""
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(it) for it in value]
    return value.item() if isinstance(value, np.generic) else value


def clopper_pearson():
    for x, n in [(0, 10), (7, 10), (10, 10), (7, 50), (97, 100), (390, 400), (975, 1000), (1, 1), (0, 1),
                 (9746, 10000), (8713, 10000), (1, 99999), (99999, 100000), (57204, 500000)]:
        low, high = proportion_confint(x, n, alpha=0.05, method="beta")
        yield {"x": x, "n": n, "low": 0.0 if x == 0 else low, "high": 1.0 if x == n else high}


def mean_index():
    for counts in [[90, 60, 30, 20], [388, 10, 1, 1], [1, 0, 1], [2, 5], [10, 20, 40, 20, 10], [0, 0, 7, 1], [5000, 4000, 800, 200]]:
        points = np.repeat(np.linspace(100, 0, len(counts)), counts)
        low, high = DescrStatsW(points).tconfint_mean()
        yield {"counts": counts, "mean": points.mean(), "sd": points.std(ddof=1), "low": max(low, 0), "high": min(high, 100)}


def kish():
    for weighted in [[(10, 1.0)], [(10, 5.0), (90, 50 / 90)], [(3, 0.2), (40, 1.5), (7, 4.0), (5, 0.0)]]:
        weights = np.repeat([w for _, w in weighted], [n for n, _ in weighted])
        weights = weights[weights > 0]
        yield {"weighted": weighted, "deff": 1 + (weights.std() / weights.mean()) ** 2,
               "n_eff": weights.sum() ** 2 / (weights ** 2).sum()}


def widened():
    """400 respondents under a design effect of 4 tell as much as 100."""
    for x in [400, 390, 376, 200, 4, 0]:
        low, high = proportion_confint(x / 4, 100, alpha=0.05, method="wilson")
        yield {"x": x, "low": max(low, 0.0), "high": min(high, 1.0)}


def clustering():
    for areas in [[(39, 40), (28, 40), (31, 40), (35, 40)], [(9, 10), (55, 80), (20, 20), (1, 2), (140, 160)],
                  [(5, 10), (5, 10), (6, 10)], [(1, 30), (0, 40), (2, 25)]]:
        groups = [np.repeat([1.0, 0.0], [x, n - x]) for x, n in areas]
        # The F test of one-way ANOVA is MSB / MSW.
        f = stats.f_oneway(*groups).statistic
        sizes = np.array([n for _, n in areas], dtype=float)
        m0 = (sizes.sum() - (sizes ** 2).sum() / sizes.sum()) / (len(sizes) - 1)
        icc = (f - 1) / (f + m0 - 1)
        mean_size = np.repeat(sizes, sizes.astype(int)).mean()
        yield {"areas": areas, "icc": icc, "mean_size": mean_size, "deff": max(1.0, 1 + (mean_size - 1) * icc)}


def raking():
    for n, rows, columns in [([[30, 50], [70, 50]], [0.5, 0.5], [0.4, 0.6]),
                             ([[12, 40, 9], [33, 5, 21]], [0.48, 0.52], [0.2, 0.5, 0.3]),
                             ([[100, 0, 7], [3, 60, 2], [9, 11, 80]], [0.2, 0.3, 0.5], [0.6, 0.1, 0.3])]:
        n = np.array(n, dtype=float)
        total = n.sum()
        margins = [np.array(rows) * total, np.array(columns) * total]
        with contextlib.redirect_stdout(sys.stderr):  # it prints that it is done
            fitted = ipfn.ipfn(n.copy(), margins, [[0], [1]], convergence_rate=1e-14, max_iteration=20000,
                               rate_tolerance=0.0).iteration()
        weights = np.divide(fitted, n, out=np.zeros_like(n), where=n > 0)
        yield {"n": n.astype(int).ravel(), "rows": rows, "columns": columns,
               "weights": weights.ravel()}


def post_stratified():
    for n, x, population in [([10, 90], [9, 60], [500, 500]), ([40, 30, 130], [39, 21, 130], [1200, 700, 3100]),
                             ([25, 25], [25, 25], [3, 1])]:
        shares = np.array(population) / sum(population)
        weights = np.repeat(shares / (np.array(n) / sum(n)), n)
        answers = np.concatenate([np.repeat([1.0, 0.0], [x, n - x]) for x, n in zip(x, n)])
        rate = DescrStatsW(answers, weights=weights).mean
        n_eff = weights.sum() ** 2 / (weights ** 2).sum()
        low, high = proportion_confint(rate * n_eff, n_eff, alpha=0.05, method="wilson")
        yield {"strata": list(zip(n, x)), "shares": shares, "rate": rate, "n_eff": n_eff, "low": low, "high": min(high, 1.0)}


def difference():
    for (x1, n1), (x2, n2) in [((390, 400), (376, 400)), ((7, 10), (3, 12)), ((0, 20), (5, 40)), ((30, 30), (11, 12)),
                               ((8713, 10000), (8500, 9500)), ((1, 300), (299, 300))]:
        z, p = proportions_ztest([x1, x2], [n1, n2])
        low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        yield {"areas": [(x1, n1), (x2, n2)], "z": z, "p": p, "low": low, "high": high}


def adjustment():
    for p in [[0.01, 0.04, 0.03, 0.005], [0.5], [1.0, 1.0, 0.001], [0.02, 0.02, 0.02, 0.7, 1e-9], list(rng.random(40) ** 3)]:
        yield {"p": p, "holm": multipletests(p, method="holm")[1], "benjamini_hochberg": multipletests(p, method="fdr_bh")[1]}


def against_rest():
    for areas in [[(390, 400), (376, 400), (385, 400)], [(95, 100), (180, 200), (49, 50), (270, 300), (88, 90)]]:
        x, n = np.array(areas).T
        p = [proportions_ztest([a, x.sum() - a], [b, n.sum() - b])[1] for a, b in areas]
        yield {"areas": areas, "p": p, "holm": multipletests(p, method="holm")[1],
               "benjamini_hochberg": multipletests(p, method="fdr_bh")[1]}


def independence():
    for table in [[[390, 10], [376, 24]], [[20, 30, 50], [40, 30, 30]], [[10, 20], [20, 40]], [[9, 1], [3, 8]],
                  [[3, 1, 4], [1, 5, 9]], [[500, 400, 80, 20], [480, 430, 70, 20], [300, 500, 150, 50]]]:
        chi2, p, df, expected = stats.chi2_contingency(table, correction=False)
        few = expected.min() < 5
        exact = bool(few and np.shape(table) == (2, 2))
        p = stats.fisher_exact(table)[1] if exact else None if few else p
        v = stats.contingency.association(table, method="cramer")
        yield {"table": table, "chi2": chi2, "df": df, "v": v, "p": p, "exact": exact}


def fisher():
    for table in [[[3, 1], [1, 3]], [[8, 2], [1, 5]], [[0, 12], [5, 7]], [[10, 10], [10, 10]], [[1, 399], [6, 394]],
                  [[2, 9998], [15, 9985]], [[40, 2], [3, 30]]]:
        yield {"table": table, "p": stats.fisher_exact(table)[1]}


def correlation():
    for table in [[[10, 2, 0], [3, 8, 1], [0, 2, 9]], [[300, 40, 3, 1], [30, 20, 2, 0], [2, 1, 0, 1], [0, 0, 1, 0]],
                  [[5, 6], [7, 2]], [[0, 9, 1], [8, 0, 3]]]:
        table = np.array(table)
        x = np.repeat(np.indices(table.shape)[0].ravel(), table.ravel())
        y = np.repeat(np.indices(table.shape)[1].ravel(), table.ravel())
        it = stats.pearsonr(x, y)
        low, high = it.confidence_interval(0.95)
        yield {"table": table, "r": it.statistic, "low": low, "high": high}


def answers(n, points):
    """Right and wrong answers of respondents who know more or less."""
    ability, difficulty = rng.normal(size=(n, 1)), np.linspace(-1.5, 1.5, len(points))
    return (rng.random((n, len(points))) < 1 / (1 + np.exp(difficulty - 1.5 * ability))).astype(int)


def alpha():
    for points, n in [([1] * 5, 200), ([1, 2, 3], 80), ([1] * 20, 500)]:
        scores = answers(n, points) * points
        variance, k = scores.sum(axis=1).var(), len(points)
        # By the mean covariance of two items, another way to the same figure.
        covariances = np.cov(scores.T, ddof=0)
        it = k * k * covariances[~np.eye(k, dtype=bool)].mean() / variance
        yield {"item_variances": scores.var(axis=0), "variance": variance, "alpha": it, "error": np.sqrt(variance * (1 - it)),
               **alpha_intervals(it, np.sqrt(variance * (1 - it)), n, k)}
    yield {"item_variances": [0.25, 0.25], "variance": 0.1, "alpha": 2 * (1 - 5.0), "error": None,
           **alpha_intervals(-8.0, None, 200, 2)}


def alpha_intervals(alpha, error, n, k):
    """Feldt's, and that of the mean square of errors in his model."""
    people, errors = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * stats.f.ppf(at, people, errors) for at in (0.975, 0.025))
    ends = [None if error is None else error * np.sqrt(errors / stats.chi2.ppf(at, errors)) for at in (0.975, 0.025)]
    return {"n": n, "low": low, "high": high, "error_low": ends[0], "error_high": ends[1]}


def discrimination():
    for points, n in [([1] * 5, 200), ([1, 2, 3], 80), ([1] * 20, 500)]:
        right = answers(n, points)
        score = (right * points).sum(axis=1)
        for item, worth in enumerate(points):
            it = right[:, item]
            yield {"n": n, "right": it.sum(), "points": worth, "scores": score.sum(), "squares": (score ** 2).sum(),
                   "scores_of_right": score[it == 1].sum(), "item_total": stats.pearsonr(it, score).statistic,
                   "item_rest": stats.pearsonr(it, score - it * worth).statistic}


STATISTICS = [clopper_pearson, mean_index, kish, widened, clustering, raking, post_stratified, difference, adjustment,
              against_rest, independence, fisher, correlation, alpha, discrimination]

sections = []
for statistic in STATISTICS:
    rows = ",\n".join(json.dumps(plain(row)) for row in statistic())
    sections.append(f'"{statistic.__name__}": [\n{rows}\n]')
print("{\n" + ",\n".join(sections) + "\n}")
