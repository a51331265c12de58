// Asks the server to look over the form and sends it; tries a few times more with the same key when the line is cut.
// What happens stands beside the button that was pressed, and in it.
import { TRIES, answerOf, passing, pauseOf, sentence } from "./answers.js";

const form = document.getElementById("report");
const status = document.getElementById("sending");
const summary = document.getElementById("summary");
const words = status.dataset;
let stop = null;

function sendButton() {
  return summary.querySelector("button[name=action][value=send]");
}

function say(text, { way = "", act = null, tone = "tone-info" } = {}) {
  const button = sendButton();
  if (button) button.closest("p").after(status); // where the thumb is
  else summary.before(status);
  status.replaceChildren();
  if (!text) return;
  const notice = document.createElement("div");
  notice.className = `notice mt-3 ${tone}`;
  const line = document.createElement("p");
  line.textContent = text;
  notice.append(line);
  if (act) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-outline-primary btn-sm";
    again.textContent = way || words.wordsRetry;
    again.addEventListener("click", act);
    notice.append(again);
  }
  status.append(notice);
}

function label(text) {
  const button = sendButton();
  if (!button) return;
  button.dataset.label = button.dataset.label || button.textContent;
  button.textContent = text || button.dataset.label;
  button.disabled = Boolean(text);
}

// --- Proof of work: begins with the first touch, is ready long before the form is. -----------------------------------
function prove() {
  return fetch(form.dataset.challenge)
    .then((response) => response.json())
    .then((challenge) => new Promise((done, failed) => {
      const worker = new Worker(form.dataset.worker);
      worker.onmessage = ({ data }) => {
        worker.terminate();
        if (!data || data.error) failed(new Error("unsolved"));
        else done(btoa(JSON.stringify({ challenge, solution: data })));
      };
      worker.onerror = failed;
      worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, counterMode: "uint32", timeout: 90000 });
    }))
    .then((payload) => { form.elements.altcha.value = payload; })
    .catch(() => {}); // without it the form still goes out, under a lower limit
}
let proof = null;
form.addEventListener("input", () => { proof = proof || prove(); }, { once: true });

// --- Asking and sending ----------------------------------------------------------------------------------------------
async function post(action) {
  const result = await ask(action);
  if (result.code !== 403 || !result.answer || !result.answer.token) return result;
  form.elements.csrfmiddlewaretoken.value = result.answer.token; // the cookie ended while the form was open
  return ask(action);
}

async function ask(action) {
  const body = new FormData(form);
  body.delete("evidence");
  body.set("action", action);
  const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
  return answerOf(response);
}

function wait(milliseconds) {
  return new Promise((done) => {
    stop = done;
    if (milliseconds) setTimeout(done, milliseconds);
    window.addEventListener("online", done, { once: true });
  });
}

function problem({ code, answer, after }) {
  if (answer && answer.key) form.elements.key.value = answer.key;
  const general = answer && answer.errors && answer.errors.__all__;
  if (general && Object.keys(answer.errors).length === 1) {
    say(general.join(" "), { tone: "tone-attention", act: () => again() });
    form.dispatchEvent(new CustomEvent("report:refused"));
    return;
  }
  if (answer && answer.errors) {
    say("");
    form.dispatchEvent(new CustomEvent("report:errors", { detail: named(answer.errors) }));
    return;
  }
  const reload = code === 403;
  say(sentence(words, { code, after }), {
    tone: code === 429 ? "tone-attention" : "tone-bad",
    way: reload ? words.wordsReload : "",
    act: reload ? () => location.reload() : () => again(),
  });
}

function named(errors) {
  const { __all__: general, ...fields } = errors;
  return general ? { ...fields, general } : fields;
}

// A few tries by ourselves, further and further apart; then it is the person's turn, as when the server says what to do.
async function keepTrying(action, finish) {
  for (let turn = 0; ; turn += 1) {
    const result = await post(action).catch(() => ({ code: 0, answer: null, after: 0 }));
    if (!passing(result.code) || (result.answer && result.answer.errors)) return finish(result);
    const last = turn + 1 >= TRIES;
    const text = last ? words.wordsGaveUp : sentence(words, result);
    say(text, { tone: result.code ? "tone-bad" : "tone-attention", act: () => stop && stop() });
    await wait(last ? 0 : Math.max(result.after, pauseOf(turn)));
    if (last) turn = -1;
  }
}

let again = () => {};
let turn = 0;
form.addEventListener("report:check", async () => {
  const mine = ++turn;
  summary.replaceChildren();
  again = () => form.dispatchEvent(new CustomEvent("report:check"));
  say(words.wordsChecking);
  await keepTrying("check", (result) => {
    if (mine !== turn) return;
    if (result.code !== 200 || !result.answer) {
      problem(result);
      return;
    }
    say("");
    const page = new DOMParser().parseFromString(result.answer.html, "text/html");
    summary.replaceChildren(...page.body.childNodes);
    form.dispatchEvent(new CustomEvent("report:checked"));
  });
});

let sending = false;
form.addEventListener("submit", async (event) => {
  if (event.submitter && event.submitter.name === "language") {
    if (!form.dataset.busy) form.elements.evidence.value = ""; // the files are there already
    return;
  }
  event.preventDefault();
  if (sending) return;
  sending = true;
  again = () => form.requestSubmit(sendButton());
  label(words.wordsSending);
  if (form.dataset.busy) say(words.wordsFiles, { way: words.wordsWithoutFiles, act: () => form.dispatchEvent(new CustomEvent("report:without")) });
  while (form.dataset.busy) await wait(500);
  say(words.wordsSending);
  await Promise.race([proof, new Promise((done) => { setTimeout(done, 6000); })]);
  await keepTrying("send", (result) => {
    if (result.code === 201 && result.answer) {
      form.dataset.sent = "yes";
      label(words.wordsSent);
      history.replaceState({ ...history.state, sent: result.answer.receipt }, ""); // for who comes back to this page
      location.assign(result.answer.location);
      return;
    }
    sending = false;
    label("");
    problem(result);
  });
});
