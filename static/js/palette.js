// Ctrl K opens the palette; arrows walk its hits, Enter opens one; empty, it shows what was last open.
const palette = document.getElementById("palette");
const RECORD = /^\/office\/(orders|customers|stock|invoices|shipments)\/[^/]+$/;
const recent = () => JSON.parse(localStorage.getItem("recent") || "[]");

if (palette && RECORD.test(location.pathname) && !location.pathname.endsWith("/new")) {
  const word = document.querySelector("h1")?.textContent.trim();
  const others = recent().filter(([path]) => path !== location.pathname);
  if (word) localStorage.setItem("recent", JSON.stringify([[location.pathname, word], ...others].slice(0, 5)));
}

function showRecent() {
  const list = document.createElement("ul");
  list.className = "others";
  recent().forEach(([path, word]) => {
    const link = document.createElement("a");
    link.href = path;
    link.textContent = word;
    list.appendChild(document.createElement("li")).appendChild(link);
  });
  document.getElementById("palette-results").replaceChildren(list);
}

function openPalette() {
  palette.showModal();
  const field = palette.querySelector("input");
  field.select();
  if (!field.value && location.pathname.startsWith("/office")) showRecent();
}

document.addEventListener("keydown", (event) => {
  if (!palette) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (!palette.open || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const hits = [palette.querySelector("input"), ...palette.querySelectorAll("#palette-results a")];
  const at = hits.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (at === 0 && hits[1] && hits[0].value) { event.preventDefault(); hits[1].click(); }
    return;
  }
  event.preventDefault();
  hits[Math.min(hits.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
});

document.addEventListener("click", (event) => {
  if (palette && event.target.closest("[data-open-palette]")) { event.preventDefault(); openPalette(); }
  if (event.target.matches("dialog.palette")) event.target.close();
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
});
