"""QR codes as one path, for an SVG on a page and for a drawn receipt."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class QrCode:
    """Square modules: `rows[y][x]` is dark or not, with the quiet zone of four around them."""

    rows: list[list[bool]]

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def path(self) -> str:
        """SVG path data, a module a unit: one run of dark modules is one rectangle."""
        return "".join(
            f"M{start} {y}h{end - start}v1h-{end - start}z"
            for y, row in enumerate(self.rows)
            for start, end in _runs(row)
        )


def qr_code(text: str) -> QrCode:
    """Error correction M: a fold or a stain does not matter."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    return QrCode([[bool(module) for module in row] for row in code.get_matrix()])


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark modules begin and end."""
    edges = [x for x in range(len(row) + 1) if (x < len(row) and row[x]) != (x > 0 and row[x - 1])]
    return list(zip(edges[::2], edges[1::2], strict=True))
