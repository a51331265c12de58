/* Numbers that could be held appear on an open page within seconds. Without this file a reload shows them.
   The request says that it polls: it must not keep the session of an empty chair open. */

const SECONDS = 15;

async function renew() {
  const shown = document.getElementById("hold-lane");
  if (!shown || document.hidden || shown.contains(document.activeElement)) return;
  const answer = await fetch(shown.dataset.poll, { headers: { "X-Polling": "1" }, redirect: "error" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("hold-lane");
  if (!fresh || fresh.innerHTML === shown.innerHTML) return;
  const before = new Set([...shown.querySelectorAll("a.case-number")].map((link) => link.href));
  const added = [...fresh.querySelectorAll("a.case-number")].filter((link) => !before.has(link.href));
  shown.replaceWith(document.adoptNode(fresh));
  const status = document.getElementById("hold-status");
  if (status && added.length) status.textContent = status.dataset.text.replace("…", added[0].textContent.trim());
}

setInterval(() => { renew().catch(() => { /* the next one tries again */ }); }, SECONDS * 1000);
