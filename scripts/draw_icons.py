"""Draw the PNG icons and the Open Graph picture from static/img/logo.svg with a headless Chromium.

`python scripts/draw_icons.py` writes into static/img; the pictures are committed, serving needs no browser.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMG = ROOT / "static" / "img"
LOGO = (IMG / "logo.svg").read_text(encoding="utf-8")
# name → (side in pixels, background, share of the side the logo fills)
ICONS = {
    "icon-192.png": (192, "transparent", 0.94),
    "icon-512.png": (512, "transparent", 0.94),
    "icon-maskable-512.png": (512, "#1c2a5e", 0.8),
    "apple-touch-icon.png": (180, "#1c2a5e", 0.94),
}
OPEN_GRAPH = """
<body style="margin:0;width:1200px;height:630px;background:#1c2a5e;color:#f7f6f1;display:flex;
align-items:center;
gap:72px;padding:0 96px;box-sizing:border-box;font-family:system-ui,'Noto Sans','Liberation Sans',sans-serif">
<div style="width:300px;flex:none">{logo}</div>
<div><p style="font-size:84px;font-weight:700;letter-spacing:-.02em;margin:0 0 20px">Aduan Nomor</p>
<p style="font-size:37px;line-height:1.4;margin:0;color:#c6cff2">Adukan nomor terindikasi penipuan.<br>
Tanpa akun, tanpa KTP.</p></div></body>
"""


def shot(page: Page, html: str, width: int, height: int) -> Image.Image:
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(html)
    return Image.open(io.BytesIO(page.screenshot(omit_background=True)))


def icon(page: Page, side: int, background: str, share: float) -> Image.Image:
    inner = round(side * share)
    html = (
        f'<body style="margin:0;display:grid;place-items:center;height:{side}px;background:{background}">'
        f'<div style="width:{inner}px;line-height:0">{LOGO}</div></body>'
    )
    return shot(page, html, side, side)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (side, background, share) in ICONS.items():
            icon(page, side, background, share).save(IMG / name, optimize=True)
        icon(page, 64, "transparent", 1).save(IMG / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        picture = shot(page, OPEN_GRAPH.format(logo=LOGO), 1200, 630).convert("RGB")
        picture.quantize(64).save(IMG / "open-graph.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
