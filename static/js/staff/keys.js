/* The keyboard of the desk. Every key only does what a visible link, button or <details> on the page does:
   data-key="p" on a link or button presses it, on a form sends it, on a <details> opens it and goes to its first field.
   Lists that j and k walk carry data-walk; their items data-item. Without this file everything works by mouse and Tab. */

const typing = (node) => node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function press(target) {
  if (target instanceof HTMLDetailsElement) {
    for (const other of document.querySelectorAll("details[data-key][open]")) if (other !== target) other.open = false;
    target.open = true;
    target.scrollIntoView({ block: "nearest" });
    (target.querySelector("[data-first]") ?? target.querySelector("input:not([type=hidden]), textarea, button"))?.focus();
  } else if (target instanceof HTMLFormElement) {
    target.requestSubmit();
  } else if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
}

const items = () => [...document.querySelectorAll("[data-walk] [data-item]")];
const marked = () => document.querySelector("[data-item].marked");

function mark(item) {
  marked()?.classList.remove("marked");
  if (!item) return;
  item.classList.add("marked");
  item.scrollIntoView({ block: "nearest" });
  item.querySelector("a[href], summary, button")?.focus({ preventScroll: true });
}

function walk(step) {
  const all = items();
  const at = all.indexOf(marked());
  mark(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
}

/* The reasons of the panel that is open, or of a page that is one form. */
function pick(number) {
  const shown = [...document.querySelectorAll("[data-reasons]")].find((reasons) => reasons.closest("details")?.open ?? true);
  const choice = shown?.querySelectorAll("input[type=radio]")[number - 1];
  if (!choice) return false;
  choice.checked = true;
  choice.focus();
  return true;
}

/* As a click on its button would; where there are several, the person chooses. */
function send(form) {
  const buttons = form.querySelectorAll("[type=submit], button:not([type])");
  if (buttons.length > 1) buttons[0].focus();
  else form.requestSubmit(buttons[0]);
}

function dialogOf(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/* A letter as Shift says it: Caps Lock left on must not turn "next case" into "next signature". */
function keyOf(event) {
  if (!event.getModifierState("CapsLock") || !/^[a-z]$/i.test(event.key)) return event.key;
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey) {
    const form = target.closest("form") ?? document.querySelector("details[data-key][open] form");
    if (event.key === "Enter" && form) { event.preventDefault(); send(form); }
    return;
  }
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-key][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    else if (typing(target)) target.blur();
    return;
  }
  if (typing(target)) return;
  const key = keyOf(event);
  if (event.repeat && key !== "j" && key !== "k") return; // a key held down walks a list, and acts once
  if (key === "?") dialogOf("keys-dialog");
  else if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "o") marked()?.querySelector("a[href]")?.click();
  else if (key === "x" && marked()?.querySelector("input[type=checkbox]")) marked().querySelector("input[type=checkbox]").click();
  else if (/^[1-9]$/.test(key) && pick(Number(key))) { /* picked */ }
  else {
    const wanted = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!wanted) return;
    press(wanted);
  }
  event.preventDefault();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) { event.preventDefault(); dialogOf("keys-dialog"); }
  for (const menu of document.querySelectorAll("details.desk-more[open]")) if (!menu.contains(event.target)) menu.open = false;
});

/* "Mark all" and the count of marked rows, for bulk work. */
const boxes = [...document.querySelectorAll("[data-item] input[type=checkbox]")];
const tell = document.querySelector("[data-marked-count]");
function count() {
  if (tell) tell.textContent = String(boxes.filter((box) => box.checked).length);
}
for (const box of boxes) box.addEventListener("change", count);
document.querySelector("[data-mark-all]")?.addEventListener("change", (event) => {
  for (const box of boxes) box.checked = event.target.checked;
  count();
});
count();

/* One decision is sent once, however often Enter is pressed. */
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
document.documentElement.dataset.keys = "ready";
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
