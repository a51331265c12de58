{% load static %}// Keeps the form within reach while there is no line: its page with its files, and what another app shares with it.
// Nothing else goes through here, and while there is a line everything works without it.
const FORM = "{{ form }}";
const SHARE = "{{ share }}";
const FILES = [{% for file in files %}
  "{% static file %}",{% endfor %}
];
const PAGE = "aduan.form.{{ version }}";
const SHARED = "aduan.shared";

async function keepForm() {
  const cache = await caches.open(PAGE);
  await cache.addAll([FORM, ...FILES]);
  await self.skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => ![PAGE, SHARED].includes(name)).map((name) => caches.delete(name)));
}

// The kept page with a key of its own: the key of a complaint that was sent would lead back to that one's receipt.
async function keptForm() {
  const kept = await caches.match(FORM, { cacheName: PAGE, ignoreVary: true });
  if (!kept) return Response.error();
  const page = (await kept.text()).replace(/(name="key" value=")[^"]*/, `$1${crypto.randomUUID()}`);
  const headers = new Headers(kept.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(page, { headers });
}

async function formPage(request) {
  try {
    const response = await fetch(request);
    if (response.ok && request.url.endsWith(FORM)) {
      const cache = await caches.open(PAGE);
      await cache.put(FORM, response.clone());
    }
    return response;
  } catch {
    return keptForm();
  }
}

// Without a line the form opens with what was shared: offline.js takes it from here.
async function keepShared(data) {
  const cache = await caches.open(SHARED);
  const text = ["title", "text", "url"].map((name) => data.get(name)).filter((one) => typeof one === "string" && one.trim());
  if (text.length) await cache.put(`${SHARE}text`, new Response([...new Set(text)].join("\n"), { headers: { "X-At": String(Date.now()) } }));
  const files = data.getAll("evidence").filter((one) => one instanceof File && one.size);
  await Promise.all(files.map((file, at) => cache.put(`${SHARE}${Date.now()}-${at}`, new Response(file, {
    headers: { "Content-Type": file.type, "X-Name": encodeURIComponent(file.name), "X-At": String(Date.now()) },
  }))));
}

async function share(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    await keepShared(await copy.formData());
    return Response.redirect(FORM, 303);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keepForm()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === SHARE) event.respondWith(share(request));
  else if (request.method === "GET" && request.mode === "navigate" && pathname === FORM) event.respondWith(formPage(request));
  else if (request.method === "GET" && FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});
