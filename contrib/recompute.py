"""Recomputes every public figure of Aduan Nomor from the published files: recompute.py FOLDER (pandas)."""

import json
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd

folder = Path(*sys.argv[1:2])
published = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
kinds = defaultdict(lambda: str, dict.fromkeys(["count", "change", "hours_blocked"], "int64"))  # else text
read = {path.stem: pd.read_csv(path, keep_default_na=False, dtype=kinds) for path in folder.glob("*.csv")}
spans, corrections, strata, opened = map(read.pop, ("spans", "corrections", "strata", "open_cases"))
months = spans.groupby("dataset")["month"].unique()
names = [(row, month) for row in strata.itertuples() for month in [*months.get(row.dataset, []), "all"]]
few = {"answers": "*", "referrals": "*"}  # fewer than ten, or what hides these; of all others "<10"
figures = defaultdict(int)
figures |= {f"{row.dataset}.{row.stratum}.{one}.total": few.get(row.dataset, "<10") for row, one in names}
key = ["dataset", "stratum", "month"]
counts = pd.concat([spans, corrections.rename(columns={"change": "count"})])[[*key, "count"]]
counts = pd.concat([counts, counts.assign(stratum="all")])
for name, day in spans[spans["first_day"].str[:7] < spans["month"]].groupby(key)["first_day"].min().items():
    figures[".".join(name) + ".since"] = day[:7]
weeks = spans[spans["dataset"].isin(["complaints", "decisions", "holds"])]
weeks = weeks.assign(month=pd.to_datetime(weeks["last_day"]).dt.strftime("%G-W%V") if len(weeks) else "")
for name, n in pd.concat([counts, counts.assign(month="all"), weeks]).groupby(key)["count"].sum().items():
    figures[".".join(name) + ".total"] = int(n)


def share(part, whole):  # rounded down
    return f"{int(part) * 1000 // int(whole) / 10:.1f}"


def percentile(rows, percent):  # an open class such as "1440-" comes after all others, "*" after these
    ends = rows["hours"].str.extract(r"(\d+)-(\d*)").apply(pd.to_numeric)
    bounds = ends[1].fillna(ends[0] + 1_000_000).fillna(2_000_000).astype(int)
    rows = rows.assign(bound=bounds).sort_values("bound")
    found = int(rows["bound"][rows["count"].cumsum() * 100 >= rows["count"].sum() * percent].iloc[0])
    return str(found) if found < 1_000_000 else f">{found - 1_000_000}" if found < 2_000_000 else "*"


acts = [f"decisions.{one}.all" for one in strata["stratum"][strata["dataset"] == "decisions"]]
if "<10" not in (sums := [figures[f"{act}.total"] for act in acts]):
    figures |= {f"{act}.share": share(n, sum(sums)) for act, n in zip(acts, sums, strict=True)}
for name, rows in read.items():
    both = pd.concat([rows, rows.assign(stratum="all")]) if "stratum" in rows else rows.head(0)
    for (month, stratum), some in both.groupby(["month", "stratum"]) if len(both) else ():
        before = f"{name}.{stratum}.{month}"
        for column in some.columns.difference(["month", "stratum", "count", "hours_blocked"]):
            for value, n in some.groupby(column)["count"].sum().items():
                figures[f"{before}.{column}.{value}"] = int(n)
                figures[f"{before}.{column}.{value}.share"] = share(n, some["count"].sum())
        for one in (before, f"{name}.{stratum}.all") if "hours_blocked" in some else ():
            figures[f"{one}.hours_blocked"] += int(some["hours_blocked"].sum())
        some = some.rename(columns={"listed": "hours"})
        timed = some.query("hours != 'none'") if "hours" in some else ()
        for percent in (50, 95) if len(timed) else ():
            figures[f"{before}.p{percent}"] = percentile(timed, percent)
        due = some.query("promise != 'none'") if "promise" in some else ()
        if len(due):  # what was folded away ("other", "*") may have missed
            kept = due["count"][due["promise"] == "kept"].sum()
            sure = due["promise"].isin(["kept", "missed"]).all()
            least = ">=" * (not sure) + share(kept, due["count"].sum())
            figures[f"{before}.kept_share"] = least if sure or kept else "*"
figures |= {f"open_cases.{age}": "<10" if n == "" else int(n) for age, n in opened.to_numpy()}
wrong = sorted(name for name in {*figures, *published} if figures.get(name) != published.get(name))
sys.stdout.write(f"{len(published)} published, {len(figures)} recomputed, {len(wrong)} differ\n")
sys.exit("\n".join(wrong[:20]) or 0)
