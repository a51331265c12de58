// Asks the server to look over the form, sends it, and keeps trying with the same key when the line is cut.
const form = document.getElementById("report");
const status = document.getElementById("sending");
const summary = document.getElementById("summary");
const words = status.dataset;
const LONGEST_PAUSE = 30000;
let pause = 2000;
let stop = null;

function say(text, { retry = null, tone = "tone-info" } = {}) {
  status.replaceChildren();
  if (!text) return;
  const notice = document.createElement("div");
  notice.className = `notice ${tone}`;
  const line = document.createElement("p");
  line.textContent = text;
  notice.append(line);
  if (retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-primary btn-sm";
    button.textContent = words.wordsRetry;
    button.addEventListener("click", retry);
    notice.append(button);
  }
  status.append(notice);
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
  const body = new FormData(form);
  body.delete("evidence");
  body.set("action", action);
  const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
  const kind = response.headers.get("Content-Type") || "";
  return { code: response.status, answer: kind.includes("json") ? await response.json() : null };
}

function wait(milliseconds) {
  return new Promise((done) => {
    stop = done;
    setTimeout(done, milliseconds);
    window.addEventListener("online", done, { once: true });
  });
}

function problem(code, answer) {
  if (answer && answer.errors) {
    say("");
    form.dispatchEvent(new CustomEvent("report:errors", { detail: named(answer.errors) }));
    return;
  }
  say(words.wordsBroken, { tone: "tone-bad" });
}

function named(errors) {
  const { __all__: general, ...fields } = errors;
  return general ? { ...fields, general } : fields;
}

async function keepTrying(action, finish) {
  pause = 2000;
  for (;;) {
    try {
      const { code, answer } = await post(action);
      if (code < 500) return finish(code, answer);
      say(words.wordsBroken, { tone: "tone-bad", retry: () => stop && stop() });
    } catch {
      say(words.wordsOffline, { tone: "tone-attention", retry: () => stop && stop() });
    }
    await wait(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

let turn = 0;
form.addEventListener("report:check", async () => {
  const mine = ++turn;
  summary.replaceChildren();
  say(words.wordsChecking);
  await keepTrying("check", (code, answer) => {
    if (mine !== turn) return;
    if (code !== 200 || !answer) {
      problem(code, answer);
      return;
    }
    say("");
    const page = new DOMParser().parseFromString(answer.html, "text/html");
    summary.replaceChildren(...page.body.childNodes);
    const heading = summary.querySelector("h2");
    if (heading) heading.focus({ preventScroll: true });
  });
});

let sending = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  summary.querySelectorAll("button").forEach((button) => { button.disabled = true; });
  while (form.dataset.busy) {
    say(words.wordsFiles);
    await wait(500);
  }
  say(words.wordsSending);
  await Promise.race([proof, new Promise((done) => { setTimeout(done, 6000); })]);
  await keepTrying("send", (code, answer) => {
    sending = false;
    summary.querySelectorAll("button").forEach((button) => { button.disabled = false; });
    if (code === 201 && answer) {
      form.dataset.sent = "yes";
      location.assign(answer.location);
    } else problem(code, answer);
  });
});
