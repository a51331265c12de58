// One part of the form at a time, with the phone's own Back going one part back. Shows errors where they belong.
const form = document.getElementById("report");
const parts = [...form.querySelectorAll(".part")];
const marks = [...document.querySelectorAll("#steps a")];
const summary = { node: null };
let now = 0;
let from = ""; // the address of the row in the summary whose value is being changed

// Who changes one thing goes from it straight back to the summary, to the row they came from.
function change(hash) {
  from = hash;
  form.classList.toggle("changing", hash !== "");
}

function show(index, { focus = true, remember = true } = {}) {
  now = Math.max(0, Math.min(index, parts.length - 1));
  parts.forEach((part, at) => part.classList.toggle("current", at === now));
  marks.forEach((mark, at) => {
    mark.parentElement.className = at < now ? "done" : at === now ? "now" : "";
    if (at === now) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  });
  const line = document.getElementById("step-line");
  if (line && marks[now]) line.textContent = `${line.dataset.words.replace("{n}", now + 1).replace("{all}", parts.length)} · ${marks[now].textContent.replace(/^[0-9]+\. /, "")}`;
  if (remember) history.pushState({ part: now }, "", `#${parts[now].id}`);
  if (focus) {
    const heading = parts[now].querySelector("h2");
    if (heading) heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  if (now === parts.length - 1) form.dispatchEvent(new CustomEvent("report:check"));
}

function partOf(node) {
  return parts.findIndex((part) => part.contains(node));
}

function mark(name, texts) {
  const box = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!box) return null;
  const control = box.querySelector("input:not([type=hidden]), select, textarea");
  if (texts.length) box.hidden = false;
  box.classList.toggle("field-invalid", texts.length > 0);
  box.querySelector("[data-error]").textContent = texts.join(" ");
  if (control && control.type !== "radio") {
    control.classList.toggle("is-invalid", texts.length > 0);
    if (texts.length) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  const error = box.querySelector("[data-error]").id;
  const described = control && (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== error);
  if (control) control.setAttribute("aria-describedby", [...described, ...(texts.length ? [error] : [])].join(" "));
  return box;
}

function clear() {
  form.querySelectorAll(".field-invalid[data-field]").forEach((box) => mark(box.dataset.field, []));
  if (summary.node) summary.node.remove();
  const served = document.getElementById("error-summary");
  if (served) served.remove();
}

function summarise(errors, boxes) {
  const node = document.createElement("div");
  node.className = "notice tone-bad error-summary";
  node.tabIndex = -1;
  node.setAttribute("role", "alert");
  const list = document.createElement("ul");
  for (const [name, texts] of Object.entries(errors)) {
    const item = document.createElement("li");
    const box = boxes.get(name);
    const target = box && box.querySelector("input:not([type=hidden]), select, textarea");
    if (target) {
      const link = document.createElement("a");
      link.href = `#${target.id}`;
      link.textContent = texts.join(" ");
      item.append(link);
    } else item.textContent = texts.join(" ");
    list.append(item);
  }
  node.append(list);
  summary.node = node;
  form.before(node);
  return node;
}

form.addEventListener("report:errors", ({ detail }) => {
  clear();
  const boxes = new Map(Object.entries(detail).map(([name, texts]) => [name, mark(name, texts)]));
  const node = summarise(detail, boxes);
  const first = [...boxes.values()].filter(Boolean).map(partOf).sort()[0];
  if (first !== undefined && first >= 0) {
    change(from || "#summary");
    show(first, { focus: false });
  }
  node.focus();
  node.scrollIntoView({ block: "start" });
});

// An error goes as soon as its field is touched again: in the field, in the list above, and in the one of the server.
form.addEventListener("input", (event) => {
  const box = event.target.closest("[data-field].field-invalid");
  if (!box) return;
  mark(box.dataset.field, []);
  const ids = [...box.querySelectorAll("input, select, textarea")].map((one) => `#${one.id}`);
  for (const node of [summary.node, document.getElementById("error-summary")]) {
    if (!node) continue;
    for (const link of node.querySelectorAll("a")) if (ids.includes(link.hash)) link.closest("li").remove();
    if (!node.querySelector("li")) node.remove();
  }
});

// A link to a field inside a hidden part (error summary, coach) opens that part first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target || !form.contains(target)) return;
  event.preventDefault();
  if (link.closest("#summary")) change(link.hash);
  const at = parts.includes(target) ? parts.indexOf(target) : partOf(target);
  if (at !== now) show(at, { focus: parts.includes(target) });
  if (parts.includes(target)) return;
  const details = target.closest("details");
  if (details) details.open = true;
  target.focus();
  target.scrollIntoView({ block: "center" });
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const step = Number(button.dataset.step);
  if (step > 0 && !(complete(parts[now]) && sound(parts[now]))) return;
  if (from && step > 0) {
    show(parts.length - 1);
    return;
  }
  show(step > 0 && form.dataset.taken ? nextOpen(now + 1) : now + step);
});

// What an offer filled in is not asked again: the next part is the first that still lacks something.
const ASKED_ONCE = new Set(["part-number", "part-what", "part-story"]);
function nextOpen(from) {
  let at = from;
  while (ASKED_ONCE.has(parts[at].id) && settled(parts[at])) at += 1;
  return at;
}

function settled(part) {
  // A picture tells the story; the last step says what would still make it stronger.
  if (part.id === "part-story") return Boolean(part.querySelector("textarea").value.trim() || form.querySelector("#files [name=staged]"));
  return lacking(part).length === 0;
}

// Enter in a one-line field means "continue", not "send".
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) return;
  event.preventDefault();
  const next = parts[now].querySelector("[data-step='1']");
  if (next) next.click();
});

function lacking(part) {
  return [...part.querySelectorAll("[data-needed]")].filter((box) => {
    const controls = [...box.querySelectorAll("input, select")];
    return controls[0].type === "radio" ? !controls.some((one) => one.checked) : !controls[0].value.trim();
  });
}

function complete(part) {
  const missing = lacking(part);
  part.querySelectorAll("[data-needed]").forEach((box) => mark(box.dataset.field, missing.includes(box) ? [box.dataset.needed] : []));
  if (!missing.length) return true;
  const first = missing[0].querySelector("input, select");
  first.focus();
  return false;
}

// A number that was answered with an error while it was typed is not taken along.
function sound(part) {
  const field = part.querySelector("#id_number");
  if (!field || !field.dataset.refused || field.dataset.refused !== field.value.trim()) return true;
  mark("number", [field.dataset.refusal]);
  field.focus();
  return false;
}

form.addEventListener("report:checked", () => {
  const row = from && [...document.querySelectorAll("#summary a")].find((one) => one.hash === from);
  const place = row || document.querySelector("#summary h2");
  change("");
  thumbnails();
  place.focus({ preventScroll: true });
  if (row) row.scrollIntoView({ block: "center" });
});

// The small pictures of the chosen files stand in the summary too.
function thumbnails() {
  for (const shown of document.querySelectorAll("#summary [data-file]")) {
    const canvas = form.querySelector(`#files [data-name="${CSS.escape(shown.dataset.file)}"] canvas`);
    if (!canvas) continue;
    const copy = canvas.cloneNode();
    copy.getContext("2d").drawImage(canvas, 0, 0);
    shown.prepend(copy);
  }
}

window.addEventListener("popstate", (event) => {
  if (event.state && Number.isInteger(event.state.part)) show(event.state.part, { remember: false });
});

// The first page leads to the pasted message and to the typed number, by the address.
function asked() {
  if (location.hash === "#paste") document.getElementById("paste").open = true;
  return location.hash === "#part-number" ? partOf(document.getElementById("id_number")) : 0;
}

if (marks.length) {
  history.replaceState({ ...history.state, part: 0 }, "");
  const served = form.querySelector(".field-invalid");
  const start = served ? partOf(served) : asked();
  show(start, { focus: false, remember: start > 0 });
  const errors = document.getElementById("error-summary");
  if (errors) errors.focus();
  document.documentElement.dataset.steps = "ready";
}
