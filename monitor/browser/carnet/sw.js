/** Keeps the diary's own files, so that it opens without network. It asks for nothing else, and never for another host. */

const KEPT = "carnet-{{version}}";
const OWN = ["./", "manifest.webmanifest", "icon.svg"];

self.addEventListener("install", (event) => event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(OWN))));

self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("carnet-") && name !== KEPT).map((name) => caches.delete(name)))),
));

self.addEventListener("fetch", (event) => event.respondWith(
  caches.match(event.request, { ignoreSearch: true }).then((found) => found ?? new Response("", { status: 404 })),
));
