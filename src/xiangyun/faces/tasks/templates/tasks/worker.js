{% load static %}// The service worker of the tasks. It reaches no further than /tasks/, keeps the pages of tasks that
// were opened and what they are made of, and nothing of anybody else: see views/offline.py.
"use strict";
const MADE_OF = ["{% static 'look/look.css' %}", "{% static 'tasks/tasks.css' %}", "{% static 'tasks/drafts.js' %}",
  "{% static 'look/keys.js' %}", "{% static 'look/mark.svg' %}", "{% static 'django_htmx/htmx-2.min.js' %}", "{% static 'portal/suggest.js' %}"];
const STATIC = "tasks-static", PAGES = "tasks-pages", HOME = "{% url 'tasks:mine' %}", WHOSE = HOME + "whose";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.delete(STATIC).then(() => caches.open(STATIC)).then((cache) => cache.addAll(MADE_OF)));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
// A page tells that it was opened: the first ones were before this worker was there to see it.
self.addEventListener("message", (event) => event.waitUntil(opened([HOME, event.data])));
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (MADE_OF.includes(pathname)) event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  else if (request.mode === "navigate" && pathname.startsWith(HOME)) event.respondWith(page(request));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    await keep(request, answer);
    return answer;
  } catch {
    const cache = await caches.open(PAGES);
    return (await cache.match(request, { ignoreVary: true })) || (await cache.match(HOME, { ignoreVary: true })) || Response.error();
  }
}

async function opened(paths) {
  for (const path of paths) {
    const request = new Request(path);
    if (!(await caches.match(request, { ignoreVary: true }))) await fetch(request).then((answer) => keep(request, answer), () => {});
  }
}

async function keep(request, answer) {
  const whose = answer.headers.get("Xiangyun-Keep");
  let cache = await caches.open(PAGES);
  if (!answer.ok || !whose) return void (await cache.delete(request, { ignoreVary: true }));
  const before = await cache.match(WHOSE);
  if (before && (await before.text()) !== whose) { await caches.delete(PAGES); cache = await caches.open(PAGES); }
  await cache.put(WHOSE, new Response(whose));
  await cache.put(request, answer.clone());
}
