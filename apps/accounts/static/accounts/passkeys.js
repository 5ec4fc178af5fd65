// Asks the browser for a passkey and sends its answer with the form. The server's question is in data-passkey of the
// form, its kind in data-kind: "make" or "give".
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function ask(kind, question) {
    const publicKey = { ...question, challenge: bytes(question.challenge) };
    if (kind === "make") {
      publicKey.user = { ...question.user, id: bytes(question.user.id) };
      publicKey.excludeCredentials = known(question.excludeCredentials);
      return navigator.credentials.create({ publicKey });
    }
    publicKey.allowCredentials = known(question.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }

  function written(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[role=status]");
    if (!window.PublicKeyCredential) {
      said.textContent = "This browser has no passkeys.";
      continue;
    }
    form.querySelector("button").disabled = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.passkey.value) return;
      event.preventDefault();
      said.textContent = "Follow what your browser or key asks you to do.";
      try {
        form.elements.passkey.value = written(await ask(form.dataset.kind, JSON.parse(form.dataset.passkey)));
        form.submit();
      } catch (error) {
        said.textContent =
          error.name === "InvalidStateError"
            ? "This one is added already."
            : "That did not work: it was called off, or took too long. Try again.";
      }
    });
  }
})();
