/* What is typed into a form with data-draft goes to the server a second after the last key, and when the page is left:
   a session that ends, a browser that dies or the key Back lose nothing. Without this file, sent forms are still kept. */

const bar = document.querySelector("[data-draft-address]");
const waiting = new Map();
const sending = new WeakSet();
const unsaved = new Set();
let turns = 0;

/* Which page this is and its how-manieth request: a draft that comes after its form was sent is not kept. */
function sign(event) {
  if (!event.target.dataset.draft) return;
  turns += 1;
  event.formData.set("opened", document.querySelector("[data-opened]").dataset.opened);
  event.formData.set("turn", turns);
}

function bodyOf(form) {
  const body = new FormData(form);
  body.set("step", form.dataset.draft);
  return body;
}

async function save(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  let kept = false;
  try {
    const answer = await fetch(bar.dataset.draftAddress, { method: "POST", body: bodyOf(form), keepalive: true, redirect: "manual" });
    kept = answer.status === 204;
  } catch { /* no network: the line below says so, the next key tries again */ }
  bar.hidden = kept;
  if (!kept) unsaved.add(form);
  else unsaved.delete(form);
}

/* After a log-in in another tab the tokens of this page are old ones: take a new one, then keep what was typed. */
async function again() {
  if (document.visibilityState !== "visible" || !unsaved.size) return;
  const answer = await fetch(bar.dataset.tokenAddress, { redirect: "manual" }).catch(() => null);
  if (answer?.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]");
  for (const token of document.querySelectorAll("[name=csrfmiddlewaretoken]")) token.value = fresh.value;
  for (const form of unsaved) save(form);
}

function soon(event) {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(save, 1000, form));
}

if (bar) {
  document.addEventListener("formdata", sign);
  document.addEventListener("input", soon);
  document.addEventListener("visibilitychange", again);
  window.addEventListener("focus", again);
  document.addEventListener("submit", (event) => { // what is sent is no draft any more, however long the answer takes
    sending.add(event.target);
    clearTimeout(waiting.get(event.target));
  });
  window.addEventListener("pagehide", () => { for (const form of waiting.keys()) if (!sending.has(form)) save(form); });
  window.addEventListener("pageshow", () => { for (const form of document.forms) sending.delete(form); });
}
