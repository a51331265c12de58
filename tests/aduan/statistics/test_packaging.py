"""The files of a snapshot hold the same rows, whichever kind a reader takes."""

import duckdb
import pytest

from aduan.statistics.packaging import as_csv, as_parquet, parquet_engine
from aduan.statistics.published import COUNT, Cell, Column, Table

ROWS: list[tuple[Cell, ...]] = [
    ("2026-10", 'A sentence, with "quotes"\nand a second line', None, 12),
    ("2026-10", "0812 as text keeps its zero", "007", 10),
    ("2026-11", "ümlaut 🎉 '; DROP TABLE strata", "NULL", 9_007_199_254_740_993),
]


@pytest.fixture
def table():
    texts = [Column(name, "string", "") for name in ("month", "remark", "code")]
    return Table("remarks", "", (*texts, COUNT), ROWS)


def parquet(table: Table) -> bytes:
    with parquet_engine() as engine:
        return as_parquet(table, as_csv(table), engine=engine)


def test_parquet_holds_the_rows_of_the_csv_in_their_order_and_kinds(table, tmp_path):
    file = tmp_path / "remarks.parquet"
    file.write_bytes(parquet(table))
    read = duckdb.read_parquet(str(file))

    assert read.fetchall() == ROWS
    assert [str(kind) for kind in read.types] == ["VARCHAR", "VARCHAR", "VARCHAR", "BIGINT"]


def test_the_same_rows_give_the_same_bytes(table):
    """Whatever the engine wrote before: a snapshot that is made again may begin at another table."""
    other = Table("other", "", (COUNT,), [(number,) for number in range(1000)])
    with parquet_engine() as engine:
        as_parquet(other, as_csv(other), engine=engine)
        assert as_parquet(table, as_csv(table), engine=engine) == parquet(table)


def test_a_table_without_rows_keeps_its_columns(table, tmp_path):
    table.rows = []
    file = tmp_path / "empty.parquet"
    file.write_bytes(parquet(table))
    read = duckdb.read_parquet(str(file))

    assert (read.fetchall(), read.columns) == ([], ["month", "remark", "code", "count"])
