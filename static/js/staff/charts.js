/* Draws each [data-chart] from the table that data-chart names: the table is the truth, the picture repeats it.
   Chart.js is the vendored file, loaded before this one. */

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--an-${name}`).trim();
const drawn = new Map();
const COLOURS = ["brand", "accent", "line-strong"];

function numbers(table, most) {
  const rows = [...table.tBodies[0].rows].slice(0, most);
  const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim())
    .filter((_head, index) => rows[0].cells[index + 1].dataset.value !== undefined);
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: heads.map((label, index) => ({
      label,
      data: rows.map((row) => { const raw = row.cells[index + 1].dataset.value ?? ""; return raw === "" ? null : Number(raw); }),
    })),
  };
}

function draw(place) {
  const table = document.getElementById(place.dataset.chart);
  if (!table || !table.tBodies[0].rows.length) return;
  const kind = place.dataset.kind ?? "line";
  const { labels, series } = numbers(table, Number(place.dataset.most) || Infinity);
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", table.caption?.textContent.trim() ?? "");
  drawn.get(place)?.destroy();
  if (kind === "bars") place.style.height = `${Math.max(labels.length * 2.5 + 4, 12)}rem`; // three bars a label, each to be seen
  place.replaceChildren(canvas);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  drawn.set(place, new window.Chart(canvas, {
    type: kind === "bars" ? "bar" : "line",
    data: {
      labels: labels.map((label) => (label.length > 28 ? `${label.slice(0, 27)}…` : label)),
      datasets: series.map((one, index) => ({
        ...one, borderColor: colour(COLOURS[index]), backgroundColor: colour(COLOURS[index]), borderWidth: 2, pointRadius: 0, pointHitRadius: 12,
        borderDash: index === 1 ? [6, 3] : index === 2 ? [2, 3] : [], stepped: "middle", maxBarThickness: 12,
      })),
    },
    options: {
      indexAxis: kind === "bars" ? "y" : "x", animation: still ? false : { duration: 250 }, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { display: series.length > 1, position: "bottom", labels: { color: colour("ink"), boxWidth: 22, boxHeight: 2 } } },
      scales: {
        x: { beginAtZero: true, grid: { color: colour("line"), display: kind === "bars" }, ticks: { color: colour("ink-soft"), maxRotation: 0, autoSkipPadding: 16 } },
        y: { beginAtZero: true, grid: { color: colour("line"), display: kind !== "bars" }, ticks: { color: colour("ink-soft"), precision: 0, autoSkip: kind !== "bars" } },
      },
    },
  }));
}

function drawAll() {
  for (const place of document.querySelectorAll("[data-chart]")) draw(place);
}
drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
