// Single keys act only outside fields; G then a letter goes somewhere, J and K walk a list.
const inField = (node) => node.closest("input, textarea, select, [contenteditable]");
let going = false;

function walk(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
  rows.forEach((row) => row.classList.toggle("here", row === next));
  next.scrollIntoView({ block: "nearest" });
  const link = next.matches("a") ? next : next.querySelector("a");
  if (link) link.focus();
  if (next.dataset.follow !== undefined && link) link.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.form && event.target.closest("[data-matrix]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (inField(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (going) {
    going = false;
    const target = document.querySelector(`[data-go="${key}"]`);
    if (target) target.click();
    return;
  }
  if (key === "g") { going = true; setTimeout(() => { going = false; }, 1500); return; }
  if (key === "/") {
    const search = document.querySelector("main [type=search]");
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  if (key === "?") { document.getElementById("keys")?.togglePopover(); event.preventDefault(); return; }
  const here = document.querySelector("[data-list] .here");
  if (key === " " && here && !event.target.closest("button, summary")) {
    const look = here.querySelector("[data-preview]");
    if (look) { event.preventDefault(); look.click(); return; }
  }
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  const button = document.querySelector(`[data-key="${key}"]`);
  if (button && button.getClientRects().length) { event.preventDefault(); button.click(); }
});
