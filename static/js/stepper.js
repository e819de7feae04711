// − and + beside a quantity step by the pack size; without script they are submit buttons.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".qty button[data-step]");
  if (!button) return;
  event.preventDefault();
  const field = button.parentElement.querySelector("input[inputmode]");
  const step = Number(button.dataset.step);
  const next = Math.max(0, (Number(field.value) || 0) + step);
  field.value = next === 0 ? "" : String(next);
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
// The field says it all then: the button that was pressed must not step it once more.
document.addEventListener("htmx:configRequest", (event) => { delete event.detail.parameters.step; });
