"""Tables as files: CSV, Parquet, and a Frictionless data package that names them.

The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from aduan.statistics.published import FIGURES, PACKAGE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from aduan.statistics.published import Table

LICENCE: Final = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0",
}

# One thread keeps the order of the rows; nothing is fetched from the network.
OFFLINE: Final[dict[str, Any]] = {"threads": 1, "autoinstall_known_extensions": False}


def as_csv(table: Table) -> bytes:
    """UTF-8 with a head; lines end in LF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows(table.rows)
    return text.getvalue().encode()


def as_parquet(table: Table, text: bytes) -> bytes:
    """The table's CSV as Parquet: `integer` columns of 64 bits, all others text, empty fields null."""
    import duckdb  # not at the top: pages import this package and write no file

    kinds = {column.name: "BIGINT" if column.kind == "integer" else "VARCHAR" for column in table.columns}
    with TemporaryDirectory(prefix="aduan-parquet-") as folder:
        source, target = Path(folder, "table.csv"), Path(folder, "table.parquet")
        source.write_bytes(text)
        with duckdb.connect(config=OFFLINE) as database:
            database.read_csv(
                str(source), header=True, auto_detect=False, delimiter=",", quotechar='"', escapechar='"',
                na_values="", columns=kinds,
            ).to_parquet(str(target), compression="zstd")  # fmt: skip
        return target.read_bytes()


def as_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def package_files(
    tables: Iterable[Table], figures: Mapping[str, int | str], *, day: dt.date
) -> dict[str, bytes]:
    """Name → bytes of every file of a snapshot, `datapackage.json` last."""
    files: dict[str, bytes] = {}
    resources: list[dict[str, Any]] = []
    for table in tables:
        files[f"{table.name}.csv"] = text = as_csv(table)
        files[f"{table.name}.parquet"] = as_parquet(table, text)
        schema = {
            "fields": [
                {"name": column.name, "type": column.kind, "description": column.meaning}
                for column in table.columns
            ],
            "missingValues": [""],
        }
        about = {"description": table.meaning, "profile": "tabular-data-resource", "schema": schema}
        for kind, media in (("csv", "text/csv"), ("parquet", "application/vnd.apache.parquet")):
            name = f"{table.name}.{kind}"
            extra = {"encoding": "utf-8", **about} if kind == "csv" else {}
            resources.append(_resource(name, kind, media, files[name]) | extra)
    files[FIGURES] = as_json(figures)
    resources.append(_resource(FIGURES, "json", "application/json", files[FIGURES]))
    files[PACKAGE] = as_json(
        {
            "name": "aduan-nomor-statistics",
            "title": "Aduan Nomor: public figures",
            "profile": "data-package",
            "version": day.isoformat(),
            "licenses": [LICENCE],
            "resources": resources,
        }
    )
    return files


def _resource(name: str, kind: str, media: str, body: bytes) -> dict[str, Any]:
    return {
        "name": name.replace(".", "-").replace("_", "-"),
        "path": name,
        "format": kind,
        "mediatype": media,
        "bytes": len(body),
        "hash": f"sha256:{_sha256(body)}",
    }
