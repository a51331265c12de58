// Evidence: each file goes on its way as soon as it is chosen, with its progress, and again after a cut line.
// A photo that is beyond the limits is made smaller here, but never so that it cannot be read.
import { TRIES, ordered, passing, pauseOf, sentence } from "./answers.js";

const form = document.getElementById("report");
const box = document.getElementById("evidence");
const input = document.getElementById("id_evidence");
const camera = document.getElementById("camera");
const list = document.getElementById("files");
const words = box.dataset;
const MOST = Number(words.mostFiles);
const LARGEST = Number(words.mostBytes);

function element(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}

function human(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
}

function row(name, size) {
  const item = element("li");
  item.dataset.name = name;
  item.dataset.size = size;
  const canvas = element("canvas", "thumb");
  canvas.width = canvas.height = 96;
  canvas.setAttribute("aria-hidden", "true");
  const middle = element("div", "file-middle");
  const state = element("span", "soft");
  state.setAttribute("role", "status");
  const bar = element("progress");
  bar.max = 100;
  bar.setAttribute("aria-label", name);
  middle.append(element("span", "file-name", name), state, bar);
  const remove = element("button", "btn btn-outline-secondary btn-sm", words.wordsRemove);
  remove.type = "button";
  remove.setAttribute("aria-label", `${words.wordsRemove} ${name}`);
  item.append(canvas, middle, remove);
  list.append(item);
  remove.addEventListener("click", () => {
    item.dispatchEvent(new CustomEvent("removed"));
    item.remove();
    changed();
    input.focus();
  });
  return { item, canvas, state, bar };
}

function changed() {
  form.dataset.busy = list.querySelector("li[data-busy]") ? "yes" : "";
  form.dispatchEvent(new CustomEvent("report:files"));
}

// Who does not want to wait for a line that does not move.
form.addEventListener("report:without", () => {
  for (const item of list.querySelectorAll("li[data-busy]")) {
    item.dispatchEvent(new CustomEvent("removed"));
    item.remove();
  }
  changed();
});

function received(shown, token, at) {
  const hidden = element("input");
  hidden.type = "hidden";
  hidden.name = "staged";
  hidden.value = token;
  shown.item.append(hidden);
  shown.item.dataset.at = at;
  shown.bar.hidden = true;
  const shrunk = shown.item.dataset.shrunk ? ` · ${words.wordsShrunk}` : "";
  shown.state.textContent = `${human(Number(shown.item.dataset.size))} · ${words.wordsKept}${shrunk}`;
}

// What was refused stays to be read, but takes no place of those that may still be chosen.
function refused(shown, text) {
  shown.item.dataset.refused = "yes";
  shown.bar.hidden = true;
  shown.state.className = "invalid-feedback";
  shown.state.textContent = text;
}

async function picture(file) {
  if (!file.type.startsWith("image/") || !window.createImageBitmap) return null;
  try {
    return await createImageBitmap(file);
  } catch {
    return null;
  }
}

function thumbnail(canvas, bitmap) {
  const side = Math.min(bitmap.width, bitmap.height);
  const left = (bitmap.width - side) / 2;
  canvas.getContext("2d").drawImage(bitmap, left, 0, side, side, 0, 0, canvas.width, canvas.height);
}

// A scrolled screenshot may have more pixels than a photo; see aduan/complaints/evidence/limits.py.
function mostPixels(width, height) {
  const long = Math.max(width, height) >= Number(words.longRatio) * Math.min(width, height);
  return Number(long ? words.mostLongPixels : words.mostPixels);
}

// What has to be drawn again anyway is made light enough for a slow line.
const LIGHT = 5 * 1024 * 1024;

// A file within the limits goes as it is. Another is scaled by its area, never below the width of a phone's
// screen: where that is not enough it also goes as it is, and the answer says what to do.
async function smaller(bitmap, file) {
  const area = bitmap.width * bitmap.height;
  const most = mostPixels(bitmap.width, bitmap.height);
  if (area <= most && file.size <= LARGEST) return file;
  const least = Math.min(1, Number(words.leastWidth) / Math.min(bitmap.width, bitmap.height));
  let scale = Math.max(Math.min(1, Math.sqrt(most / area)), least);
  let lightest = file;
  for (const quality of [0.85, 0.7, 0.55]) {
    const blob = await scaled(bitmap, scale, quality);
    if (!blob) break;
    if (blob.size < lightest.size || area > most) lightest = blob;
    if (lightest.size <= LIGHT) break;
    scale = Math.max(scale * 0.75, least);
  }
  return lightest;
}

async function scaled(bitmap, scale, quality) {
  const canvas = element("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
}

function upload(body, shown) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.keep);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) shown.bar.value = (100 * event.loaded) / event.total;
    };
    request.onload = () => done({
      status: request.status, answer: request.response, after: ordered(request.getResponseHeader("Retry-After")),
    });
    request.onerror = () => done({ status: 0 });
    shown.item.addEventListener("removed", () => request.abort());
    request.onabort = () => done({ status: -1 });
    request.send(body);
  });
}

// Work that this browser did (send.js) is what tells it from others behind the same address.
async function worked() {
  for (let turn = 0; turn < 40 && !form.elements.altcha.value; turn += 1) {
    await new Promise((done) => { setTimeout(done, 250); });
  }
  return form.elements.altcha.value;
}

// A few tries by ourselves; after that the form may go without this file, and the person may try again.
async function send(blob, name, shown, turn = 0) {
  const altcha = form.elements.altcha.value;
  const body = new FormData();
  body.append("file", blob, name);
  body.append("altcha", altcha);
  shown.state.className = "soft";
  shown.state.textContent = words.wordsSending;
  shown.bar.hidden = false;
  const { status, answer, after = 0 } = await upload(body, shown);
  if (status === -1 || !shown.item.isConnected) return;
  if (status === 201 && answer) received(shown, answer.token, Date.now());
  else if (status === 429 && turn === 0 && !altcha && await worked()) await send(blob, name, shown, 1);
  else if (passing(status) && turn + 1 < TRIES) {
    shown.state.textContent = words.wordsWaiting;
    await new Promise((done) => {
      window.addEventListener("online", done, { once: true });
      setTimeout(done, Math.max(after, pauseOf(turn)));
    });
    if (shown.item.isConnected) await send(blob, name, shown, turn + 1);
  } else {
    // A sentence of the server says what to do with this very file; a broken line leaves it good for later.
    refused(shown, answer && answer.error ? answer.error : `${sentence(words, { code: status, after })} ${words.wordsWithout}`);
    if (passing(status) || status === 429) offerAgain(blob, name, shown);
  }
}

function offerAgain(blob, name, shown) {
  const again = element("button", "btn btn-outline-primary btn-sm", words.wordsRetry);
  again.type = "button";
  again.setAttribute("aria-label", `${words.wordsRetry} ${name}`);
  shown.item.append(again);
  again.addEventListener("click", async () => {
    if (full()) return;
    again.remove();
    delete shown.item.dataset.refused;
    shown.item.dataset.busy = "yes";
    changed();
    await send(blob, name, shown);
    delete shown.item.dataset.busy;
    changed();
  });
}

function full() {
  const taken = list.querySelectorAll("li:not([data-refused])").length;
  if (taken >= MOST) box.querySelector("[data-error]").textContent = words.wordsMany;
  return taken >= MOST;
}

// The same file chosen twice is one; one that was refused may be chosen again, and its row goes.
function known(file) {
  const mark = [file.name, file.size, file.lastModified].join(":");
  const before = [...list.children].find((item) => item.dataset.mark === mark);
  if (before && before.dataset.refused) before.remove();
  return { mark, twice: Boolean(before && !before.dataset.refused) };
}

async function add(file) {
  const { mark, twice } = known(file);
  if (twice || full()) return;
  const shown = row(file.name, file.size);
  shown.item.dataset.mark = mark;
  shown.item.dataset.busy = "yes";
  changed();
  const bitmap = await picture(file);
  let blob = file;
  let name = file.name;
  if (bitmap) {
    thumbnail(shown.canvas, bitmap);
    if (file.size > LARGEST || bitmap.width * bitmap.height > mostPixels(bitmap.width, bitmap.height)) shown.state.textContent = words.wordsShrinking;
    blob = await smaller(bitmap, file);
    if (blob !== file) {
      name = `${name.replace(/\.[^.]*$/, "")}.jpg`;
      shown.item.dataset.shrunk = "yes";
    }
    shown.item.dataset.size = blob.size;
    bitmap.close();
  }
  if (shown.item.isConnected) await send(blob, name, shown);
  delete shown.item.dataset.busy;
  changed();
}

for (const source of [input, camera]) {
  source.addEventListener("change", () => {
    box.querySelector("[data-error]").textContent = "";
    [...source.files].forEach(add);
    source.value = "";
  });
}

form.addEventListener("report:restored", ({ detail }) => {
  for (const file of detail) received(row(file.name, file.size), file.token, file.at);
});

// What the server listed with a check box gets the same button as the others.
for (const item of [...list.querySelectorAll("li")]) {
  const token = item.querySelector("[name=staged]").value;
  const shown = row(item.dataset.name, item.dataset.size || 0);
  item.replaceWith(shown.item);
  received(shown, token, Date.now());
}
