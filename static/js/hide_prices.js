// 下代を隠す: rates and own prices vanish while a guest stands by.
const hidden = () => sessionStorage.getItem("hide-prices") === "1";
function show() {
  document.body.classList.toggle("hide-prices", hidden());
  document.querySelectorAll("[data-hide-prices]").forEach((box) => { box.checked = hidden(); });
}
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-hide-prices]")) return;
  sessionStorage.setItem("hide-prices", event.target.checked ? "1" : "0");
  show();
});
show();
