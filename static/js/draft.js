// Keeps what was typed on this device until it is sent, for a week at most. Files that were received by the server
// are kept as their tokens, which live a day.
const form = document.getElementById("report");
const note = document.getElementById("draft-found");
const NAME = "aduan.draft";
const WEEK = 7 * 24 * 3600 * 1000;
const FILES_LIVE = 110 * 60 * 1000;
const LEFT_OUT = new Set(["csrfmiddlewaretoken", "altcha", "website", "evidence", "action", "drop", "chosen"]);
let timer = 0;
let touched = false;

function read() {
  try {
    const draft = JSON.parse(localStorage.getItem(NAME));
    if (draft && Date.now() - draft.at < WEEK && draft.fields && Array.isArray(draft.files)) return draft;
    localStorage.removeItem(NAME);
    return null;
  } catch {
    return null;
  }
}

function save() {
  if (form.dataset.sent) return;
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (LEFT_OUT.has(name) || name === "staged" || typeof value !== "string") continue;
    fields[name] = value;
  }
  const files = [...form.querySelectorAll("#files [name=staged]")].map((input) => {
    const item = input.closest("li");
    return { token: input.value, name: item.dataset.name, size: Number(item.dataset.size || 0), at: Number(item.dataset.at || Date.now()) };
  });
  const typed = Object.entries(fields).some(([name, value]) => value && !["key", "zone"].includes(name)) || files.length;
  try {
    if (typed) localStorage.setItem(NAME, JSON.stringify({ at: Date.now(), fields, files }));
  } catch {
    // A full or closed storage: the form itself still holds everything.
  }
}

function fill(fields) {
  for (const [name, value] of Object.entries(fields)) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (control.type === "radio") control.checked = control.value === value;
      else if (control.type === "checkbox") control.checked = true;
      else if (control.type !== "file" && (!control.options || [...control.options].some((one) => one.value === value))) control.value = value;
    }
  }
  form.querySelectorAll("details").forEach((one) => {
    if ([...one.querySelectorAll("input")].some((input) => input.value)) one.open = true;
  });
}

// A number that the address brings begins another complaint: the draft about a different one is only named.
function isAnother(fields) {
  const given = form.elements.number.value;
  return Boolean(given && fields.number && fields.number !== given);
}

function restore() {
  const draft = read();
  if (!draft || form.dataset.fresh !== "yes") return;
  note.hidden = false;
  if (isAnother(draft.fields)) {
    note.querySelector("[data-draft-open]").hidden = false;
    return;
  }
  fill(draft.fields);
  const alive = draft.files.filter((file) => Date.now() - file.at < FILES_LIVE);
  note.querySelector("[data-files-gone]").hidden = alive.length === draft.files.length;
  form.dispatchEvent(new CustomEvent("report:restored", { detail: alive }));
}

note.querySelector("[data-draft-delete]").addEventListener("click", () => {
  form.dataset.sent = "forgotten"; // leaving must not save it again
  localStorage.removeItem(NAME);
  if (window.caches) caches.delete("aduan.shared");
  location.assign(form.getAttribute("action"));
});
// Who comes back to a form that was sent reads so, instead of meeting what is left of it.
function wasSent() {
  const receipt = history.state && history.state.sent;
  if (!receipt) return false;
  const sent = document.getElementById("was-sent");
  sent.querySelector("[data-receipt]").href = receipt;
  sent.hidden = false;
  note.hidden = true;
  form.hidden = true;
  form.dataset.sent = "yes";
  return true;
}

form.addEventListener("input", () => {
  touched = true;
  clearTimeout(timer);
  timer = setTimeout(save, 300);
});
for (const kind of ["report:files", "report:errors", "report:refused"]) form.addEventListener(kind, save);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) wasSent();
});
window.addEventListener("pagehide", () => {
  if (touched) save();
});
if (!wasSent()) restore();
if (!form.dataset.sent && form.dataset.fresh === "yes" && form.querySelector("#files [name=staged]")) save(); // what was shared
