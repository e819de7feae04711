// The portal can be installed. Quantities typed while the network is away wait in this browser under
// the person's id and are sent when it is back; signing out wipes them. Never a price among them.
const PREFIX = "typed-";
const person = document.body.dataset.person;
const place = document.getElementById("waiting");
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const key = `${PREFIX}${person}-${meta("acting-for")}`;
const read = () => JSON.parse(localStorage.getItem(key) ?? "{}");
let sends = false;

function keep(waiting) {
  const names = Object.keys(waiting);
  if (names.length) localStorage.setItem(key, JSON.stringify(waiting));
  else localStorage.removeItem(key);
  place.hidden = names.length === 0;
}

async function send() {
  if (sends || !navigator.onLine) return;
  sends = true;
  try {
    for (const [name, value] of Object.entries(read())) {
      const answer = await fetch(place.dataset.send, {
        method: "POST",
        headers: { "HX-Request": "true", "X-CSRF-Token": meta("csrf-token"), "X-Acting-For": meta("acting-for") },
        body: new URLSearchParams({ csrf_token: meta("csrf-token"), [name]: value }),
      });
      if (!answer.ok && answer.status !== 422) break; // signed out meanwhile: it goes on waiting
      const waiting = read();
      delete waiting[name];
      keep(waiting);
    }
  } catch { place.hidden = false; } finally { sends = false; }
}

if (person && place) {
  document.addEventListener("htmx:sendError", (event) => {
    const field = event.detail.elt.closest("form.stepper")?.querySelector("input[inputmode]");
    if (field) keep({ ...read(), [field.name]: field.value || "0" });
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-signs-out]")) return;
    Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => localStorage.removeItem(name));
  });
  window.addEventListener("online", send);
  keep(read());
  send();
}
if (place && "serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
