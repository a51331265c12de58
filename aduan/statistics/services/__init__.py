"""What happens to public figures: counted, released, packaged once a day."""

from aduan.statistics.services.snapshots import make_snapshot

__all__ = ["make_snapshot"]
