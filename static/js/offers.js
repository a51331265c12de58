// What was read on the pictures, or in a pasted message, is offered: a tap takes a value into its field, another
// tap gives it back. Nothing is taken by itself. The form never waits for it.
const form = document.getElementById("report");
const box = document.getElementById("offers");
const pasted = document.getElementById("pasted");
const drop = document.getElementById("drop");
const input = document.getElementById("id_evidence");
const go = document.getElementById("evidence-continue");
const words = box.dataset;
const PATIENCE = 40000;
const before = new Map(); // what stood in a field before an offer was taken
let asked = "";
let turn = 0;
let timer = 0;

function tokens() {
  return [...form.querySelectorAll("#files [name=staged]")].map((one) => one.value);
}

function controls(name) {
  return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
}

function valueOf(name) {
  const all = controls(name);
  if (all[0] && all[0].type === "radio") return (all.find((one) => one.checked) || { value: "" }).value;
  return all[0] ? all[0].value : "";
}

function put(name, value) {
  for (const control of controls(name)) {
    if (control.type === "radio") control.checked = control.value === value;
    else control.value = value;
    const folded = control.closest("details");
    if (folded && value) folded.open = true;
  }
  const first = controls(name)[0];
  if (first) first.dispatchEvent(new Event("input", { bubbles: true }));
}

function ticked() {
  return [...box.querySelectorAll("[name=take]:checked")];
}

function keep(name) {
  if (!before.has(name)) before.set(name, valueOf(name));
}

// The channel that a number's card names comes with it; a channel that a person chose stays.
function takeAlong({ checked, dataset: { along } }) {
  const card = along && box.querySelector(`[data-for=channel][data-value="${CSS.escape(along)}"]`);
  if (!card || card.checked === checked) return;
  if (checked ? valueOf("channel") : valueOf("channel") !== along) return;
  card.checked = checked;
  card.dispatchEvent(new Event("change", { bubbles: true }));
}

function lastDigits(number) {
  return number.replace(/\D/g, "").slice(-8) || number.trim();
}

// Several numbers of one scam: the typed one, else the first, is complained about; the others are its further
// numbers.
function takeNumbers(target) {
  const numbers = ticked().filter((one) => one.dataset.for === "number").map((one) => one.dataset.value);
  for (const name of ["number", "other_numbers"]) keep(name);
  const first = before.get("number").trim() || numbers[0] || "";
  const further = numbers.filter((one) => lastDigits(one) !== lastDigits(first));
  put("number", first);
  put("other_numbers", [before.get("other_numbers"), ...further].filter(Boolean).join("\n"));
  takeAlong(target);
  if (!numbers.length) for (const name of ["number", "other_numbers"]) before.delete(name);
}

box.addEventListener("change", ({ target }) => {
  if (target.name !== "take") return;
  const name = target.dataset.for;
  if (name === "number") takeNumbers(target);
  else if (target.checked) {
    for (const other of ticked()) if (other !== target && other.dataset.for === name) other.checked = false;
    keep(name);
    put(name, target.dataset.value);
  } else {
    put(name, before.get(name) || "");
    before.delete(name);
  }
  form.dataset.taken = ticked().length ? "yes" : "";
});

function note(text) {
  box.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "soft";
  line.textContent = text;
  box.append(line);
}

function show(html) {
  const kept = new Set(ticked().map((one) => one.value));
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const one of page.querySelectorAll("[name=take]")) if (kept.has(one.value)) one.setAttribute("checked", "");
  box.replaceChildren(...page.body.childNodes);
}

async function ask(body) {
  const response = await fetch(words.read, { method: "POST", body });
  return response.ok ? response.json() : null;
}

async function follow(list) {
  const mine = ++turn;
  const end = Date.now() + PATIENCE;
  const body = new URLSearchParams(list.map((one) => ["staged", one]));
  if (pasted.value.trim()) body.set("text", pasted.value.trim());
  if (!box.querySelector("[name=take]")) note(words.wordsReading);
  for (let pause = 500; Date.now() < end; pause = Math.min(pause * 1.3, 3000)) {
    try {
      const answer = await ask(body);
      if (mine !== turn) return;
      if (answer && (answer.count || !answer.waiting)) {
        if (answer.count || answer.html.trim()) show(answer.html);
        else note(words.wordsNothing);
      }
      if (!answer && !ticked().length) note(words.wordsNothing);
      if (!answer || !answer.waiting) return;
    } catch {
      // No line: the next turn asks again, and the form goes on without it.
    }
    await new Promise((done) => { setTimeout(done, pause); });
    if (mine !== turn) return;
  }
  if (!box.querySelector("[name=take]")) note(words.wordsNothing);
}

function changed() {
  const list = tokens();
  const some = form.querySelector("#files li") !== null;
  drop.classList.toggle("drop-small", some);
  drop.closest(".part").classList.toggle("has-files", some);
  go.hidden = !some && !box.querySelector("[name=take]");
  for (const other of form.querySelectorAll("[data-other-ways]")) other.hidden = some && !pasted.value.trim();
  if (list.join() === asked) return;
  asked = list.join();
  if (list.length) follow(list);
  else {
    turn += 1;
    note("");
  }
}

form.addEventListener("report:files", changed);
form.addEventListener("report:restored", () => setTimeout(changed));

pasted.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const text = pasted.value.trim();
    if (!text) return;
    const body = new URLSearchParams(tokens().map((one) => ["staged", one]));
    body.set("text", text);
    const answer = await ask(body).catch(() => null); // no line, or another page in its place
    if (answer) show(answer.html);
    else if (!ticked().length) note(words.wordsUnreadText);
    go.hidden = false;
  }, 400);
});

// A picture that is dropped or pasted goes the same way as one that was chosen.
function hand(files) {
  if (!files.length) return;
  const carrier = new DataTransfer();
  for (const file of files) carrier.items.add(file);
  input.files = carrier.files;
  input.dispatchEvent(new Event("change"));
}
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") hand([...event.dataTransfer.files]);
  });
}
document.addEventListener("paste", (event) => {
  const files = event.clipboardData ? [...event.clipboardData.files] : [];
  if (!files.length) return;
  event.preventDefault();
  hand(files);
});

changed();
