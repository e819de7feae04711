// A toast leaves after eight seconds, unless somebody is at it.
function wait(toast) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) wait(toast);
    else toast.remove();
  }, 8000);
}
const watch = (root) => root.querySelectorAll(".toast").forEach(wait);
watch(document);
document.addEventListener("htmx:afterSettle", (event) => watch(event.target));
