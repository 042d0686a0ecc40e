#!/usr/bin/env python3
"""Computes the figures of a comparison once more, by plain iteration over the export, and says what differs.

recompute.py --reports REPORTS.jsonl --export EXPORT.jsonl --comparison COMPARE.json --matching IDS.jsonl [--timeline TIMELINE.json]

COMPARE.json is what `findings compare … --by X --format json` prints, IDS.jsonl what the search in `find_matching` of its
`whole` finds. Shares no code with the program: quantiles are found by bisection of integrals, chances by shuffling with
another generator. Ends with 1 if a number differs, and prints how many were compared.
"""
import argparse, collections, itertools, json, math, random, sys

compared, wrong = 0, []


def same(what, ours, theirs, within=1e-6):
    global compared
    compared += 1
    if (ours is None) != (theirs is None) or (ours is not None and abs(ours - theirs) > within * max(1, abs(ours))):
        wrong.append(f"{what}: {ours} here, {theirs} there")


def beta_quantile(part, a, b):
    """By bisection of the regularised incomplete beta function (Lentz's continued fraction)."""
    def fraction(x, a, b):
        tiny, c, d = 1e-300, 1.0, 1.0 - (a + b) * x / (a + 1.0)
        d = 1.0 / (d if abs(d) > tiny else tiny)
        h = d
        for m in range(1, 5000):
            for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                              -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
                d = 1.0 + numerator * d
                d = 1.0 / (d if abs(d) > tiny else tiny)
                c = 1.0 + numerator / c
                c = c if abs(c) > tiny else tiny
                h *= c * d
            if abs(c * d - 1.0) < 1e-15:
                break
        return h

    def below(x):
        if x <= 0 or x >= 1:
            return float(x >= 1)
        front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
        if x < (a + 1) / (a + b + 2):
            return front * fraction(x, a, b) / a
        return 1 - front * fraction(1 - x, b, a) / b

    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < part else (low, middle)
    return (low + high) / 2


def student_quantile(freedom):
    """The 97.5% quantile, by Simpson's rule."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    def below(x, steps=2000):
        h = x / steps
        inner = sum((4 if i % 2 else 2) * density(i * h) for i in range(1, steps))
        return 0.5 + h / 3 * (density(0) + inner + density(x))

    low, high = 0.0, 60.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < 0.975 else (low, middle)
    return (low + high) / 2


STUDENT = {}


def interval(count, out_of, offs):
    """Low, high, effective size, and whether there are too few; `offs` has each cluster's residual."""
    clusters, fewer = len(offs), min(count, out_of - count)
    too_few = clusters < 5 or fewer < (20 if clusters < 100 else 10)
    if clusters < 5 or fewer < 5:
        return None, None, None, too_few
    share = count / out_of
    variance = clusters / (clusters - 1) * sum(off * off for off in offs) / out_of ** 2
    effect = variance / (share * (1 - share) / out_of)
    effect += 0.4 * max(0, effect - 1)
    if clusters not in STUDENT:
        STUDENT[clusters] = student_quantile(clusters - 1)
    size = out_of * min(1, (1.959963984540054 / STUDENT[clusters]) ** 2 / effect)
    x = share * size
    return 100 * beta_quantile(0.025, x, size - x + 1), 100 * beta_quantile(0.975, x + 1, size - x), size, too_few


def check_share(what, share, count, out_of, offs):
    same(what + " count", count, share["count"])
    same(what + " of", out_of, share["out_of"])
    low, high, size, too_few = interval(count, out_of, offs) if out_of else (None, None, None, False)
    same(what + " low", low, share["low"], 1e-5)
    same(what + " high", high, share["high"], 1e-5)
    same(what + " effective", size, share["effective"], 1e-5)
    same(what + " too few", float(too_few), float(share["too_few"]))


def ratio(clusters):
    share = sum(m for m, _ in clusters) / max(1, sum(n for _, n in clusters))
    return [m - share * n for m, n in clusters]


def correlation(parts):
    n, m = sum(p[0] for p in parts), sum(p[1] for p in parts)
    share = m / n if n else 0
    pairs = sum(a * (a - 1) for a, _ in parts)
    if len(parts) < 2 or not pairs or not 0 < share < 1:
        return share, 0.0
    excess = len(parts) / (len(parts) - 1) * sum((b - a * share) ** 2 for a, b in parts) - share * (1 - share) * n
    return share, min(1, max(0, excess / (share * (1 - share) * pairs)))


def chi_square_above(x, freedom):
    """The chance of a larger value: the integral of the density by Simpson's rule, from 0 in roots."""
    steps, end = 4000, math.sqrt(x)
    h = end / steps
    norm = 2 / (2 ** (freedom / 2) * math.gamma(freedom / 2))

    def density(r):
        return norm * (r ** (freedom - 1)) * math.exp(-r * r / 2) if r or freedom == 1 else 0.0

    inner = sum((4 if i % 2 else 2) * density(i * h) for i in range(1, steps))
    return 1 - h / 3 * (density(0) + inner + density(end))


def strata(reports, counts, by):
    """The stratum of each report, by id."""
    if by == "framework":
        return {r: 0 for r in counts}
    result = {}
    kinds = sorted({(reports[r]["framework"], reports[r]["visit"] is not None) for r in counts})
    for kind in kinds:
        own = [r for r in counts if (reports[r]["framework"], reports[r]["visit"] is not None) == kind]
        years = collections.defaultdict(list)
        for r in own:
            date = date_of(reports[r])
            years[int(date[:4]) if date else 9999].append(r)
        bands = []
        for year in sorted(years):
            if bands and len(bands[-1]) < 12:
                bands[-1] = bands[-1] + years[year]
            else:
                bands.append(list(years[year]))
        if len(bands) > 1 and len(bands[-1]) < 12:
            last = bands.pop()
            bands[-1] = bands[-1] + last
        if len(bands) > 1:
            share, _ = correlation([counts[r] for r in own])
            off = 0.0
            if by != "year" and 0 < share < 1:
                for band in bands:
                    parts = [counts[r] for r in band]
                    _, rho = correlation(parts)
                    variance = sum(n * share * (1 - share) * (1 + rho * (n - 1)) for n, _ in parts)
                    o = sum(m for _, m in parts) - share * sum(n for n, _ in parts)
                    off += o * o / variance if variance else 0
            if by == "year" or not 0 < share < 1 or chi_square_above(off, len(bands) - 1) >= 0.05:
                bands = [own]
        for number, band in enumerate(bands):
            for r in band:
                result[r] = (kind, number)
    return result


def date_of(report):
    return report["inspection_start"] or report["published"]


def check_comparison(reports, paragraphs, comparison, matching):
    by = comparison["by"][0]

    def value(p):
        r = reports[p["report"]]
        grade = {"Requires improvement to be good": "Requires improvement"}
        if by == "year":
            date = date_of(r)
            return date[:4] if date else None
        if by in ("grade", "overall"):
            held = p["grade"] if by == "grade" else r["overall"]
            return held and grade.get(held["label"], held["label"])
        return p[by] if by in ("kind", "theme") else (r["id"] if by == "report" else r[by])

    groups, whole = collections.defaultdict(dict), {}
    for p in paragraphs:
        if p["kind"] in ("boilerplate", "context"):
            continue
        for counts in (groups[value(p)], whole):
            n, m = counts.get(p["report"], (0, 0))
            counts[p["report"]] = (n + 1, m + (p["id"] in matching))
    known = {r: c for r, c in whole.items() if reports[r]["authority"]}
    if by == "authority":
        groups.pop(None, None)
        same("groups without a name", 0, sum(g["values"][0] is None for g in comparison["groups"]))
    same("groups", len(groups), len(comparison["groups"]))

    of = strata(reports, whole, by)
    parts = collections.defaultdict(list)
    every = groups if by != "authority" else {**groups, None: {r: c for r, c in whole.items() if r not in known}}
    for value_, counts in every.items():
        for r, c in counts.items():
            parts[of[r]].append(c)
    rates = {s: correlation(ps) for s, ps in parts.items()}
    overall = sum(m for _, m in whole.values()) / sum(n for n, _ in whole.values())
    points = {p["value"]: p for p in (comparison["funnel"] or {"points": []})["points"]}

    for group in comparison["groups"] + [comparison["whole"]]:
        name = group["values"][0] if group["values"] else "(all)"
        counts = groups[name] if group["values"] else whole
        clusters = [(m, n) for n, m in counts.values()]
        m, n = sum(c[0] for c in clusters), sum(c[1] for c in clusters)
        check_share(f"{name} paragraphs", group["paragraphs"], m, n, ratio(clusters))
        authorities = collections.defaultdict(lambda: [0, 0])
        for r, (_, own) in counts.items():
            held = authorities[reports[r]["authority"] or r]
            held[0] += own > 0
            held[1] += 1
        reported = [tuple(held) for held in authorities.values()]
        check_share(f"{name} reports", group["reports"], sum(r[0] for r in reported), len(counts), ratio(reported))
        if not group["values"]:
            continue
        standard = group["standardised"]
        expected = sum(c[0] * rates[of[r]][0] for r, c in counts.items())
        if standard:
            same(f"{name} expected", expected, standard["expected"])
            same(f"{name} ratio", m / expected if expected else None, standard["ratio"])
            same(f"{name} standardised", 100 * overall * m / expected if expected else None, standard["percent"])
            offs = [c[1] - (m / expected if expected else 0) * c[0] * rates[of[r]][0] for r, c in counts.items()]
            low, high, _, _ = interval(m, n, offs)
            scale = overall * n / expected if expected else None
            same(f"{name} standardised low", low and low * scale, standard["low"], 1e-5)
            same(f"{name} standardised high", high and high * scale, standard["high"], 1e-5)
        point = points.get(name)
        own = collections.Counter(of[r] for r in counts)
        free = sum(c for s, c in own.items() if c < len(parts[s]))
        if not point or comparison["funnel"]["method"] != "adjusted":
            continue
        same(f"{name} shuffled", float(free < 8), float(point["is_shuffled"]))
        if free < 8 and expected:
            chances = shuffled(counts, of, parts, rates, m / expected)
            place(name, point, chances)
    check_sentence(reports, known, comparison)


def shuffled(counts, of, parts, rates, found, draws=4000):
    """The chances to be as high and as low as a ratio, and how far they may be off by the draws alone."""
    random.seed(1)
    wanted = collections.Counter(of[r] for r in counts)
    high = low = 0
    for _ in range(draws):
        m = e = 0.0
        for stratum, number in wanted.items():
            for n, own in random.sample(parts[stratum], number):
                m, e = m + own, e + n * rates[stratum][0]
        drawn = m / e if e else 1
        high += drawn >= found - 1e-9
        low += drawn <= found + 1e-9
    return [(c + 1) / (draws + 1) for c in (high, low)]


def place(name, point, chances):
    """A place holds where the chance is on its side of the limit, or within four standard errors of it."""
    global compared
    compared += 1
    high, low = chances

    def beyond(chance, limit):
        return chance <= limit + 4 * math.sqrt(limit / 4000)

    def within(chance, limit):
        return chance > limit - 4 * math.sqrt(limit / 4000)

    right = {
        "within": within(high, 0.025) and within(low, 0.025),
        "above95": beyond(high, 0.025) and within(high, 0.001),
        "below95": beyond(low, 0.025) and within(low, 0.001),
        "above998": beyond(high, 0.001),
        "below998": beyond(low, 0.001),
    }[point["place"]]
    if not right:
        wrong.append(f"{name} is {point['place']}: chances here {high:.4f} {low:.4f}")


def check_sentence(reports, known, comparison):
    """Mentions and grades of the same reports."""
    mentions = comparison["mentions"]
    same("inspections", len(known), mentions["inspections"]["out_of"])
    same("inspections that mention it", sum(m > 0 for _, m in known.values()), mentions["inspections"]["count"])
    ours = collections.defaultdict(lambda: [0, 0])
    for r, (_, m) in known.items():
        report = reports[r]
        overall = report["overall"]
        body = next((j["body"] for j in report["judgements"] if overall and j["area"] == overall["area"]), "authority")
        if report["visit"]:
            key = ("visit", None)
        elif overall and body != "lscb":
            label = overall["label"]
            key = ("judged", "Requires improvement" if label == "Requires improvement to be good" else label)
        else:
            key = ("not_judged", None)
        ours[key][0] += m > 0
        ours[key][1] += 1
    theirs = {(j["verdict"], j["label"]): [j["mentioned"]["count"], j["mentioned"]["out_of"]] for j in mentions["judged"]}
    for key in sorted({*ours, *theirs}, key=str):
        own, other = ours.get(key, [0, 0]), theirs.get(key, [0, 0])
        same(f"{key} mention", own[0], other[0])
        same(f"{key} inspections", own[1], other[1])


def check_timeline(reports, paragraphs, timeline, matching):
    counts = {}
    for p in paragraphs:
        if p["kind"] not in ("boilerplate", "context"):
            n, m = counts.get(p["report"], (0, 0))
            counts[p["report"]] = (n + 1, m + (p["id"] in matching))
    kind = lambda r: (reports[r]["framework"], reports[r]["visit"] is not None)
    parts = collections.defaultdict(list)
    for r, c in counts.items():
        parts[kind(r)].append(c)
    rates = {k: correlation(ps) for k, ps in parts.items()}
    offs = []
    for inspection in timeline["inspections"]:
        r, own = inspection["report"], inspection["mentioned"]
        if not own:
            continue
        (n, m), (share, rho) = counts[r], rates[kind(r)]
        same(f"{r} count", m, own["paragraphs"]["count"])
        same(f"{r} of", n, own["paragraphs"]["out_of"])
        same(f"{r} usual", 100 * share, own["usual"])
        variance = n * share * (1 - share) * (1 + rho * (n - 1))
        if inspection["date"]:
            offs.append((m - n * share) / math.sqrt(variance) if variance > 0 else 0.0)
    trend = timeline["trend"]
    same("reports in order", len(offs), trend["reports"])
    if len(offs) < 5 or max(offs) - min(offs) < 1e-9:
        return same("chance", None, trend["chance"])
    with_time = lambda order: sum((at - (len(order) - 1) / 2) * own for at, own in enumerate(order))
    found = with_time(offs)
    same("rising", float(found > 0), float(trend["is_rising"]))
    if len(offs) <= 8:
        orders = list(itertools.permutations(offs))
        same("chance", sum(abs(with_time(o)) >= abs(found) - 1e-9 for o in orders) / len(orders), trend["chance"])
    else:
        random.seed(1)
        drawn = sum(abs(with_time(random.sample(offs, len(offs)))) >= abs(found) - 1e-9 for _ in range(4000)) / 4000
        same("chance", drawn, trend["chance"], 0.04)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("reports", "export", "matching"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--comparison")
    ap.add_argument("--timeline")
    args = ap.parse_args()
    lines = lambda path: [json.loads(line) for line in open(path, encoding="utf-8")]
    reports = {r["id"]: r for r in lines(args.reports)}
    paragraphs, matching = lines(args.export), {p["id"] for p in lines(args.matching)}
    if args.comparison:
        check_comparison(reports, paragraphs, json.load(open(args.comparison, encoding="utf-8")), matching)
    if args.timeline:
        check_timeline(reports, paragraphs, json.load(open(args.timeline, encoding="utf-8")), matching)
    print(f"{compared} numbers compared, {len(wrong)} differ")
    print("\n".join(wrong[:40]))
    sys.exit(bool(wrong) or not compared)


if __name__ == "__main__":
    main()
