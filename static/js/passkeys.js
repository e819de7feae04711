// Passkeys: the browser signs the question the server asks; the form carries the answer.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

function readable(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) told[part] = text(response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: {}, response: told });
}

async function answer(form) {
  const token = form.querySelector("[name=csrf_token]").value;
  const reply = await fetch(form.dataset.question, { method: "POST", headers: { "X-CSRF-Token": token } });
  if (!reply.ok || !reply.headers.get("Content-Type").startsWith("application/json")) throw new Error("no question");
  const asked = await reply.json();
  asked.challenge = bytes(asked.challenge);
  if (form.dataset.passkey === "get") {
    asked.allowCredentials = named(asked.allowCredentials);
    return readable(await navigator.credentials.get({ publicKey: asked }));
  }
  asked.user.id = bytes(asked.user.id);
  asked.excludeCredentials = named(asked.excludeCredentials);
  return readable(await navigator.credentials.create({ publicKey: asked }));
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const trouble = form.querySelector("[data-passkey-trouble]");
      trouble.hidden = true;
      answer(form).then(
        (signed) => { form.elements.answer.value = signed; HTMLFormElement.prototype.submit.call(form); },
        () => { trouble.hidden = false; },
      );
    });
  });
}
