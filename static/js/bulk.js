// A list with boxes: the bar says how many are ticked and what they come to; X ticks, Shift X a range.
const boxesOf = (form) => [...form.querySelectorAll("tbody [type=checkbox]")];
let last = null;

function tell(form) {
  const ticked = boxesOf(form).filter((box) => box.checked).map((box) => box.closest("[data-row]"));
  const sums = new Map();
  ticked.forEach(({ dataset }) => sums.set(dataset.currency, (sums.get(dataset.currency) || 0) + Number(dataset.amount)));
  const count = form.querySelector("[data-bulk-count]");
  if (!count) return;
  count.textContent = ticked.length || "";
  form.querySelector("[data-bulk-sums]").textContent = [...sums]
    .map(([currency, sum]) => `${currency} ${sum.toLocaleString("en", { maximumFractionDigits: 2 })}`).join(" · ");
}

function tick(form, box, range) {
  const boxes = boxesOf(form);
  if (range && last && boxes.includes(last)) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    boxes.slice(from, to + 1).forEach((one) => { one.checked = last.checked; });
  }
  last = box;
  tell(form);
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (form && event.target.matches("tbody [type=checkbox]")) tick(form, event.target, event.shiftKey);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (form) setTimeout(() => tell(form));
});

document.addEventListener("reset", (event) => {
  if (event.target.matches("[data-bulk]")) setTimeout(() => tell(event.target));
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "x" || document.body.dataset.keys === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const form = document.querySelector("[data-bulk]");
  const box = form?.querySelector(".here [type=checkbox]");
  if (!box) return;
  box.checked = event.shiftKey && last ? last.checked : !box.checked;
  tick(form, box, event.shiftKey);
});
