// Says what was understood while the number is typed, and finds numbers in a pasted message.
const form = document.getElementById("report");
const field = document.getElementById("id_number");
const shown = document.getElementById("understood");
const contents = document.getElementById("contents");
const pasted = document.getElementById("pasted");
const narrative = document.getElementById("id_narrative");
const LONG = 40;
let timer = 0;
let asked = 0;

function element(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

function chip(one) {
  const node = element("span", "number-chip");
  node.append(element("strong", "", one.number));
  for (const text of [one.operator, one.kind]) if (text) node.append(" ", element("span", "", `· ${text}`));
  return node;
}

function offer(found) {
  const list = element("ul", "offers");
  for (const one of found) {
    const item = element("li");
    const button = element("button", "btn btn-outline-primary btn-sm", shown.dataset.choose);
    button.type = "button";
    button.setAttribute("aria-label", `${shown.dataset.choose} ${one.number}`);
    button.addEventListener("click", () => {
      // The desk compares what was typed with what was chosen.
      form.elements.typed.value = field.value.trim() || pasted.value.trim();
      form.elements.typed_for.value = one.number;
      field.value = one.number;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    item.append(chip(one), " ", button);
    list.append(item);
  }
  return list;
}

// Links and accounts of a pasted message: each is offered for its field, and nothing is filled in unasked.
function offerFor(id, values, label) {
  const target = document.getElementById(id);
  if (!target || !values || !values.length || target.value.trim()) return;
  const list = element("ul", "offers");
  for (const value of values) {
    const item = element("li");
    const button = element("button", "btn btn-outline-primary btn-sm", shown.dataset.choose);
    button.type = "button";
    button.setAttribute("aria-label", `${shown.dataset.choose} ${value}`);
    button.addEventListener("click", () => {
      target.value = value;
      target.dispatchEvent(new Event("input", { bubbles: true }));
      const folded = target.closest("details");
      if (folded) folded.open = true;
      list.previousElementSibling.remove();
      list.remove();
    });
    item.append(element("strong", "text-break", value), " ", button);
    list.append(item);
  }
  contents.append(element("p", "mb-1 mt-2", label), list);
}

function say(answer, number = "") {
  shown.replaceChildren();
  field.dataset.refused = answer.error ? number : "";
  field.dataset.refusal = answer.error || "";
  if (answer.number) {
    shown.append(chip(answer));
    shown.append(" ", element("span", "soft", shown.dataset.ask));
    if (answer.tone !== "neutral") {
      // This kind of number is not simply blocked: say so now, not at the end.
      const notice = element("div", `notice mt-2 tone-${answer.tone}`);
      notice.append(element("p", "", answer.word));
      shown.append(notice);
    }
  } else if (answer.error) {
    shown.append(element("p", "invalid-feedback", answer.error));
  }
  if (answer.found && answer.found.length) shown.append(element("p", "mb-1", answer.number ? "" : shown.dataset.found), offer(answer.found));
  else if (answer.found && !answer.error) shown.append(element("p", "soft", shown.dataset.none));
  if (!answer.links) return;
  contents.replaceChildren();
  offerFor("id_link", answer.links, contents.dataset.links);
  offerFor("id_bank_account", answer.payment_accounts, contents.dataset.accounts);
}

async function ask(body) {
  const turn = ++asked;
  try {
    const response = await fetch(form.dataset.understand, { method: "POST", body: new URLSearchParams(body) });
    if (response.ok && turn === asked) say(await response.json(), body.number);
  } catch {
    // No line: the server looks at the number when the form arrives.
  }
}

function soon(act, wait) {
  clearTimeout(timer);
  timer = setTimeout(act, wait);
}

function look() {
  const number = field.value.trim();
  const channel = form.querySelector("input[name=channel]:checked");
  if (number.length < 3) return shown.replaceChildren();
  return ask({ number, channel: channel ? channel.value : "" });
}

field.addEventListener("input", () => soon(look, 350));
field.addEventListener("paste", (event) => {
  const text = event.clipboardData ? event.clipboardData.getData("text") : "";
  if (text.length <= LONG && !text.includes("\n")) return;
  event.preventDefault();
  take(text);
});
form.addEventListener("report:restored", look);

function take(text) {
  if (!text.trim()) return;
  if (!narrative.value.trim()) {
    narrative.value = text.slice(0, narrative.maxLength);
    narrative.dispatchEvent(new Event("input", { bubbles: true }));
  }
  ask({ text });
}
