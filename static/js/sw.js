// Without a network a page says so. Nothing else is kept: no page of a person, nothing with a price.
const KEPT = "no-network-1";
const PAGE = "/offline";

async function keep() {
  const cache = await caches.open(KEPT);
  const page = await fetch(PAGE, { credentials: "omit", cache: "no-store" });
  if (!page.ok) return;
  const styles = [...(await page.clone().text()).matchAll(/<link rel="stylesheet" href="([^"]+)"/g)];
  await cache.put(PAGE, page);
  await cache.addAll(styles.map((found) => found[1]));
}

self.addEventListener("install", (event) => { event.waitUntil(keep().then(() => self.skipWaiting())); });
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(PAGE)));
  else if (event.request.destination === "style") {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request).then((found) => found || Response.error())));
  }
});
