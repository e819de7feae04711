// The workbench: sums follow the ticks, Enter accepts, E goes to the amounts.
const figure = (text) => Number((text || "").replace(/[^0-9.\-]/g, "")) || 0;

function sum(form) {
  let cleared = 0;
  form.querySelectorAll("input[name=invoice]").forEach((box) => {
    const row = box.closest("tr");
    row.classList.toggle("off", !box.checked);
    if (box.checked) cleared += figure(row.querySelector("input[inputmode]").value);
  });
  const left = figure(form.dataset.received) - cleared;
  const say = (value) => Math.abs(value).toLocaleString("en", { maximumFractionDigits: 2 });
  form.querySelector("[data-cleared]").textContent = say(cleared);
  const difference = form.querySelector("[data-difference]");
  difference.textContent = (left < 0 ? "\u2212" : "") + say(left);
  difference.classList.toggle("neg", left < 0);
  const named = left < 0 && form.querySelector("[name=difference]").value;
  form.querySelector("[data-left-none]").hidden = !(left === 0 || named);
  form.querySelector("[data-left-over]").hidden = left <= 0;
  form.querySelector("[data-left-under]").hidden = !(left < 0 && !named);
  form.querySelector("[data-left-figure]").textContent = say(left);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-match]");
  if (form) sum(form);
});

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  const form = document.querySelector("[data-match]");
  if (!form || document.querySelector("dialog[open]")) return;
  const busy = event.target.closest("input, select, textarea, button, a:not(.banklines a)");
  if (busy) return;
  if (event.key === "Enter") {
    const accept = form.querySelector("[data-accept]");
    if (accept) { event.preventDefault(); accept.click(); }
  }
});

document.addEventListener("click", (event) => {
  const first = event.target.closest("[data-edit-amounts]")?.form.querySelector("input[inputmode]");
  if (first) { first.focus(); first.select(); }
});
