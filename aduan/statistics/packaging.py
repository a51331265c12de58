"""Tables as files: CSV, Parquet, and a Frictionless data package that names them.

The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from aduan.statistics.published import FIGURES, PACKAGE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

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


@contextmanager
def parquet_engine() -> Iterator[DuckDBPyConnection]:
    """Writes Parquet; to begin one takes longer than a small table, so a snapshot has one for all."""
    import duckdb  # not at the top: pages import this package and write no file

    with duckdb.connect(config=OFFLINE) as engine:
        yield engine


def as_parquet(table: Table, text: bytes, *, engine: DuckDBPyConnection) -> bytes:
    """The table's CSV as Parquet: `integer` columns of 64 bits, all others text, empty fields null."""
    kinds = {column.name: "BIGINT" if column.kind == "integer" else "VARCHAR" for column in table.columns}
    with TemporaryDirectory(prefix="aduan-parquet-") as folder:
        source, target = Path(folder, "table.csv"), Path(folder, "table.parquet")
        source.write_bytes(text)
        engine.read_csv(
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
    with parquet_engine() as engine:
        for table in tables:
            csv_name, parquet_name = f"{table.name}.csv", f"{table.name}.parquet"
            files[csv_name] = text = as_csv(table)
            files[parquet_name] = as_parquet(table, text, engine=engine)
            described = _resource(csv_name, "csv", "text/csv", text) | {"encoding": "utf-8"} | _about(table)
            resources.append(described)
            parquet = files[parquet_name]
            resources.append(_resource(parquet_name, "parquet", "application/vnd.apache.parquet", parquet))
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


def _about(table: Table) -> dict[str, Any]:
    """What a Frictionless package says of the rows of a CSV file."""
    fields = [
        {"name": column.name, "type": column.kind, "description": column.meaning} for column in table.columns
    ]
    return {
        "description": table.meaning,
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _resource(name: str, kind: str, media: str, body: bytes) -> dict[str, Any]:
    return {
        "name": name.replace(".", "-").replace("_", "-"),
        "path": name,
        "format": kind,
        "mediatype": media,
        "bytes": len(body),
        "hash": f"sha256:{_sha256(body)}",
    }
