"""What happens to public figures: counted, released, packaged once a day."""

from aduan.statistics.services.naming import name_snapshots
from aduan.statistics.services.remarks import announce_rows, own_row, publish_figures, write_remark
from aduan.statistics.services.snapshots import make_snapshot
from aduan.statistics.services.warnings import end_warning, release_warning, write_warning

__all__ = [
    "announce_rows",
    "end_warning",
    "make_snapshot",
    "name_snapshots",
    "own_row",
    "publish_figures",
    "release_warning",
    "write_remark",
    "write_warning",
]
