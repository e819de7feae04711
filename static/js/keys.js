// Single keys act only outside fields; G then a letter goes somewhere, J and K walk a list.
const inField = (node) => node.closest("input, textarea, select, [contenteditable]");
let going = false;

function openPalette() {
  const palette = document.getElementById("palette");
  if (!palette) return;
  palette.showModal();
  palette.querySelector("input").focus();
}

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
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
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
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  const button = document.querySelector(`[data-key="${key}"]`);
  if (button) { event.preventDefault(); button.click(); }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-palette]");
  if (opener && document.getElementById("palette")) { event.preventDefault(); openPalette(); }
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
});
