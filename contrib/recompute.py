"""Recomputes every public figure of Aduan Nomor from the published files alone.

python recompute.py FOLDER     # a folder with the CSV files and figures.json; needs pandas only
"""

import json
import sys
from pathlib import Path

import pandas as pd

folder = Path(*sys.argv[1:2])
published = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
read = {path.stem: pd.read_csv(path, keep_default_na=False) for path in folder.glob("*.csv")}
spans, corrections, strata = read["spans"], read["corrections"], read["strata"]
figures = {}
# Totals: spans of days and later corrections, by stratum, of all strata together, by month, week and in all.
months = spans.groupby("dataset")["month"].unique()
for row in strata.itertuples():
    for month in [*months.get(row.dataset, []), "all"]:
        figures[f"{row.dataset}.{row.stratum}.{month}.total"] = "<10"
spans["week"] = pd.to_datetime(spans["last_day"]).dt.strftime("%G-W%V") if len(spans) else ""
key = ["dataset", "stratum", "month"]
counts = pd.concat([spans.assign(n=spans["count"]), corrections.assign(n=corrections["change"])])[[*key, "n"]]
counts = pd.concat([counts, counts.assign(stratum="all")])
counts = pd.concat([counts, counts.assign(month="all")])
daily = spans[spans["dataset"].isin(["complaints", "decisions"])]
weeks = daily.assign(month=daily["week"], n=daily["count"])
for name, n in pd.concat([counts, weeks]).groupby(key)["n"].sum().items():
    figures[".".join(name) + ".total"] = int(n)


def percentile(rows, percent):
    # "12-24" counts as 24, and an open class such as "1440-" as 1440 behind all others.
    ends = rows["hours"].str.extract(r"(\d+)-(\d*)").apply(pd.to_numeric)
    rows = rows.assign(bound=ends[1].fillna(ends[0] + 1_000_000).astype(int)).sort_values("bound")
    reached = rows["count"].cumsum() * 100 >= rows["count"].sum() * percent
    found = int(rows["bound"][reached].iloc[0])
    return str(found) if found < 1_000_000 else f">{found - 1_000_000}"


# Splits of each month: every column of every combination; percentiles from the classes of hours.
for name in ("complaints", "decisions", "answers", "listings", "objections", "wrong_blocks"):
    rows = read[name]
    rows = pd.concat([rows, rows.assign(stratum="all")])
    for (month, stratum), some in rows.groupby(["month", "stratum"]):
        for column in some.columns.difference(["month", "stratum", "count", "hours_blocked"]):
            for value, n in some.groupby(column)["count"].sum().items():
                figures[f"{name}.{stratum}.{month}.{column}.{value}"] = int(n)
        if "hours_blocked" in some:
            figures[f"{name}.{stratum}.{month}.hours_blocked"] = int(some["hours_blocked"].sum())
        timed = some[~some["hours"].isin(["none", "*"])] if "hours" in some else some.head(0)
        for percent in (50, 95) if len(timed) else ():
            figures[f"{name}.{stratum}.{month}.p{percent}"] = percentile(timed, percent)
for row in read["open_cases"].itertuples():
    figures[f"open_cases.{row.age}"] = int(row.cases) if row.cases != "" else "<10"
wrong = sorted(name for name in {*figures, *published} if figures.get(name) != published.get(name))
sys.stdout.write(f"{len(published)} published, {len(figures)} recomputed, {len(wrong)} differ\n")
sys.stdout.writelines(f"{name}\n" for name in wrong[:20])
sys.exit(bool(wrong))
