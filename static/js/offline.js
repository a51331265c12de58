// Registers the worker that keeps the form on this device, and takes over what was shared while there was no line:
// files as if chosen, text as if pasted. A file is kept until it has arrived or was removed, for a week at most.
const form = document.getElementById("report");
const input = document.getElementById("id_evidence");
const pasted = document.getElementById("pasted");
const WEEK = 7 * 24 * 3600 * 1000;
const waiting = new Map(); // name of a file -> where it is kept

async function takeOver(kept) {
  const carrier = new DataTransfer();
  for (const request of await kept.keys()) {
    const found = await kept.match(request);
    const name = decodeURIComponent(found.headers.get("X-Name") || "");
    if (Date.now() - Number(found.headers.get("X-At")) > WEEK) await kept.delete(request);
    else if (!name) paste(await found.text());
    else {
      carrier.items.add(new File([await found.blob()], name, { type: found.headers.get("Content-Type") }));
      waiting.set(name, request);
    }
  }
  if (!carrier.files.length) return;
  input.files = carrier.files;
  input.dispatchEvent(new Event("change"));
}

function paste(text) {
  pasted.value = text;
  pasted.closest("details").open = true;
  pasted.dispatchEvent(new Event("input", { bubbles: true }));
  window.addEventListener("online", () => pasted.dispatchEvent(new Event("input", { bubbles: true })), { once: true });
}

function arrived(kept) {
  for (const [name, request] of waiting) {
    const item = form.querySelector(`#files [data-name="${CSS.escape(name)}"]`);
    if (item && !item.querySelector("[name=staged]")) continue;
    waiting.delete(name);
    kept.delete(request);
  }
}

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register(form.dataset.keeper).catch(() => {}));
  const kept = await caches.open("aduan.shared");
  await takeOver(kept);
  form.addEventListener("report:files", () => arrived(kept));
}
