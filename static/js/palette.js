// In the palette the arrows walk through what was found; Enter in the field opens the first of it.
document.addEventListener("keydown", (event) => {
  const palette = event.target.closest("dialog.palette");
  if (!palette) return;
  const links = [...palette.querySelectorAll("#palette-results a")];
  if (event.key === "Enter" && event.target.matches("input") && links.length) {
    event.preventDefault();
    links[0].click();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !links.length) return;
  event.preventDefault();
  const next = links.indexOf(document.activeElement) + step;
  if (next < 0) palette.querySelector("input").focus();
  else links[Math.min(next, links.length - 1)].focus();
});

// A click beside the palette closes it.
document.addEventListener("click", (event) => {
  if (event.target.matches("dialog.palette")) event.target.close();
});
