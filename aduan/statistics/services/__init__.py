"""What happens to public figures: counted, released, packaged once a day."""

from aduan.statistics.services.snapshots import make_snapshot
from aduan.statistics.services.warnings import end_warning, release_warning, write_warning

__all__ = ["end_warning", "make_snapshot", "release_warning", "write_warning"]
