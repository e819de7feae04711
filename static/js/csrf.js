// Every htmx request carries the session's token, and for whom the page was made.
document.addEventListener("htmx:configRequest", (event) => {
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (meta) event.detail.headers["X-CSRF-Token"] = meta.content;
  const customer = document.querySelector('meta[name="acting-for"]');
  if (customer) event.detail.headers["X-Acting-For"] = customer.content;
});
