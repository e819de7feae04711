// Entering lines by keyboard: Enter goes on to the pieces and the next line, a new one comes at the end.
const cells = (table) => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);

function addRow(table) {
  const rows = table.querySelectorAll("tbody tr");
  const fresh = rows[rows.length - 1].cloneNode(true);
  fresh.classList.remove("bad");
  fresh.querySelectorAll(".sub, .choices").forEach((node) => node.remove());
  fresh.querySelectorAll("input").forEach((field) => { field.value = ""; field.removeAttribute("aria-invalid"); });
  table.querySelector("tbody").appendChild(fresh);
}

function go(table, y, x) {
  if (y >= cells(table).length) addRow(table);
  const field = cells(table)[y]?.[x];
  if (field) { field.focus(); field.select(); }
}

document.addEventListener("keydown", (event) => {
  const table = event.target.closest("[data-entry]");
  if (!table || !event.target.matches("input")) return;
  const all = cells(table);
  const y = all.findIndex((row) => row.includes(event.target));
  const x = all[y].indexOf(event.target);
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); event.target.form.requestSubmit(); }
  else if (event.key === "Enter") { event.preventDefault(); if (x === 0) go(table, y, 1); else go(table, y + 1, 0); }
  else if (event.key === "ArrowDown") { event.preventDefault(); go(table, Math.min(y + 1, all.length), x); }
  else if (event.key === "ArrowUp" && y > 0) { event.preventDefault(); go(table, y - 1, x); }
  else if (event.key.toLowerCase() === "d" && event.ctrlKey && y > 0) { event.preventDefault(); event.target.value = all[y - 1][x].value; }
});

document.addEventListener("paste", (event) => {
  const table = event.target.closest("[data-entry]");
  if (!table || !event.target.matches("input")) return;
  const block = event.clipboardData.getData("text").trimEnd().split(/\r?\n/).map((row) => row.split(/\t|,/));
  if (block.length === 1 && block[0].length === 1) return;
  event.preventDefault();
  const y = cells(table).findIndex((row) => row.includes(event.target));
  block.forEach((row, dy) => {
    if (y + dy >= cells(table).length) addRow(table);
    row.slice(0, 2).forEach((text, x) => { cells(table)[y + dy][x].value = text.trim(); });
  });
});

document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-fill]");
  if (!choice) return;
  const field = choice.closest("tr").querySelector("input");
  field.value = choice.dataset.fill;
  field.form.requestSubmit();
});
