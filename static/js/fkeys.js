// Function keys: F8 and Shift F8 walk the rows with a fault; F2, F4, F9 are the floor's. They act in fields too.
function walkFaults(back) {
  const rows = [...document.querySelectorAll("tr.bad")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[(at + (back ? -1 : 1) + rows.length) % rows.length];
  rows.forEach((row) => row.classList.toggle("here", row === next));
  next.scrollIntoView({ block: "center" });
  (next.querySelector("input, a") || next).focus();
}

function nextOf(selector) {
  const fields = [...document.querySelectorAll(selector)];
  const at = fields.findIndex((field) => field.contains(document.activeElement));
  const next = fields[(at + 1) % fields.length];
  next?.querySelector("input")?.focus();
  next?.querySelector("input")?.select();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "F8" && document.querySelector("tr.bad")) {
    event.preventDefault();
    walkFaults(event.shiftKey);
    return;
  }
  if (event.key === "F4" && document.querySelector(".carton input")) {
    event.preventDefault();
    nextOf(".carton");
    return;
  }
  const button = document.querySelector(`[data-fkey="${event.key}"]`);
  if (button) { event.preventDefault(); button.matches("input") ? button.select() : button.click(); }
});
