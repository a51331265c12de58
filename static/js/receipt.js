// The complaint is filed: the draft has done its work. Copying and printing are offered where they work.
try {
  localStorage.removeItem("aduan.draft");
} catch {
  // a closed storage holds no draft
}
if (window.caches) caches.delete("aduan.shared");
document.documentElement.dataset.steps = "done"; // tells early.js that this script arrived
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) {
    button.hidden = true;
    continue;
  }
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    document.getElementById("copied").textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
