// The box in a table's head picks every row of the page; "submit on change" forms need no button.
document.addEventListener("change", (event) => {
  const head = event.target.closest("[data-check-all]");
  if (head) {
    head.closest("table").querySelectorAll("tbody [type=checkbox]").forEach((box) => { box.checked = head.checked; });
  }
  const form = event.target.closest("form[data-auto]");
  if (form && !event.target.closest("[data-check-all]")) form.requestSubmit();
});
