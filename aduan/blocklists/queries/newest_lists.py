"""The newest published list of each operator in a series, as SQL for statements that go on from there."""

from __future__ import annotations

from aduan.blocklists.models import ListSeries


def newest_lists(series: ListSeries) -> str:
    """Columns id, operator_id, published_at."""
    return f"""
        SELECT DISTINCT ON (operator_id) id, operator_id, published_at FROM blocklists_blocklist
        WHERE series = '{series.value}' AND state = 'published' ORDER BY operator_id, sequence DESC
    """  # noqa: S608 - the name of a series
