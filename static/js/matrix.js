// In the colour × size grid Enter goes down, arrows go anywhere, and a block from a sheet can be pasted.
const cellsOf = (grid) => [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input[inputmode]")]);

function placeOf(cells, field) {
  const y = cells.findIndex((row) => row.includes(field));
  return [y, y < 0 ? -1 : cells[y].indexOf(field)];
}

document.addEventListener("keydown", (event) => {
  const grid = event.target.closest("[data-matrix]");
  if (!grid || !event.target.matches("input[inputmode]")) return;
  const steps = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const step = steps[event.key];
  if (!step || event.ctrlKey) return;
  const cells = cellsOf(grid);
  const [y, x] = placeOf(cells, event.target);
  const next = cells[y + step[0]]?.[x + step[1]];
  if (next) { event.preventDefault(); next.focus(); next.select(); }
});

document.addEventListener("paste", (event) => {
  const grid = event.target.closest("[data-matrix]");
  if (!grid) return;
  const block = event.clipboardData.getData("text").trimEnd().split(/\r?\n/).map((row) => row.split("\t"));
  if (block.length === 1 && block[0].length === 1) return;
  event.preventDefault();
  const cells = cellsOf(grid);
  const [y, x] = placeOf(cells, event.target);
  block.forEach((row, dy) => row.forEach((value, dx) => {
    const field = cells[y + dy]?.[x + dx];
    if (field && !field.disabled) field.value = value.trim();
  }));
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

// Row, column and overall sums follow what is typed.
const piecesIn = (field) => Math.max(0, Math.trunc(Number(field.value.normalize("NFKC").replace(/[,\s]/g, ""))) || 0);
const sumOf = (fields) => fields.reduce((sum, field) => sum + piecesIn(field), 0);
const say = (cell, sum) => { if (cell) cell.textContent = sum ? sum.toLocaleString("en") : "\u2013"; };

function addUp(grid) {
  const rows = [...grid.querySelectorAll("tbody tr")];
  const fieldsAt = (row, x) => [...(row.children[x]?.querySelectorAll("input[inputmode]") ?? [])];
  rows.forEach((row) => say(row.querySelector("[data-row-sum]"), sumOf([...row.querySelectorAll("input[inputmode]")])));
  grid.querySelectorAll("[data-column-sum]").forEach((cell, x) => say(cell, sumOf(rows.flatMap((row) => fieldsAt(row, x + 1)))));
  say(grid.querySelector("[data-all-sum]"), sumOf([...grid.querySelectorAll("tbody input[inputmode]")]));
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const grid = event.target.closest("[data-matrix]");
    if (grid) addUp(grid);
  });
}
