// Ctrl Enter sends the form one is in, by its first button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-send-by-keys]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[type=submit]"));
});
// After a scan the field of the scanner is ready for the next one.
document.addEventListener("htmx:afterSwap", (event) => {
  const sent = event.detail.requestConfig?.parameters;
  if (sent && typeof sent.get === "function" && sent.get("scan")) document.getElementById("scan")?.focus();
});
// A quantity of a form that is read as a whole sends it shortly after the last change.
let sending = 0;
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-send-on-change]")) return;
  clearTimeout(sending);
  const form = event.target.form;
  sending = setTimeout(() => { if (form.isConnected) form.requestSubmit(); }, 200);
});
