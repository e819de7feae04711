// Files that are dropped on a form with data-drop go into its file field and are sent at once.
document.addEventListener("dragover", (event) => {
  const form = event.target.closest?.("form[data-drop]");
  if (!form) return;
  event.preventDefault();
  form.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  const form = event.target.closest?.("form[data-drop]");
  if (form && !form.contains(event.relatedTarget)) form.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  const form = event.target.closest?.("form[data-drop]");
  if (!form || !event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  form.querySelector("input[type=file]").files = event.dataTransfer.files;
  form.requestSubmit();
});
