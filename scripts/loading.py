"""How soon a phone on a slow line shows the running portal: `make up`, then `python -m scripts.loading`.

1.6 Mbit/s, 150 ms, a processor four times slower than the machine's, nothing in the cache; the median, the
quickest and the slowest of some visits, with the machine's load.
"""

from __future__ import annotations

import os
import statistics
import sys
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from devserver.pytest_plugin import chromium
from scripts.screens import URL

VISITS = 7
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
LARGEST = """() => new Promise((done) => {
  let at = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) at = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(at), 1000);
})"""


def largest_paint(browser: Browser, path: str) -> float:
    """Seconds from the first request to the last largest paint of one first visit."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID", has_touch=True)
    page = context.new_page()
    session: Any = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(URL + path)
    page.wait_for_load_state("networkidle")
    at = float(page.evaluate(LARGEST))
    context.close()
    return at / 1000


def main(paths: list[str]) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for path in paths or ["/", "/lapor/"]:
            times = sorted(largest_paint(browser, path) for _visit in range(VISITS))
            low, middle, high = times[0], statistics.median(times), times[-1]
            print(f"{path}: {middle:.1f} s ({low:.1f}–{high:.1f}), load {os.getloadavg()[0]:.0f}")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
