// Passkeys: joins the sign-in library's own functions to our forms. A button appears only where the browser knows passkeys.
const PARTS = {
  add: { name: "addForm", button: "add" },
  authenticate: { name: "authenticateForm", button: "authenticate" },
  login: { name: "loginForm", button: "login" },
};

function begin() {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || !window.allauth) return;
  for (const form of forms) {
    const part = PARTS[form.dataset.passkey];
    const button = form.querySelector("button[data-passkey-start]");
    const passwordless = form.querySelector('input[name="passwordless"]');
    const ids = { [part.button]: button.id, credential: form.querySelector('input[name="credential"]').id };
    if (document.getElementById("passkey-data")) ids.data = "passkey-data";
    if (passwordless) ids.passwordless = passwordless.id;
    window.allauth.webauthn.forms[part.name]({ ids });
    button.closest("[data-passkey-only]").hidden = false;
  }
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
}

// Whoever closes the browser's question, or has no passkey there, is told what else they can do.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.querySelector("[data-passkey-failed]");
  if (!said) return;
  said.hidden = false;
  said.focus();
});

begin();
