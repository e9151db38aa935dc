// Adds a passkey, and enters with one. A passkey opens this screen; it signs nothing on the record.
"use strict";

const said = document.getElementById("passkey-said");
const NAMED = { not_identified: "refused", not_allowed: "refused", check_failed: "refused", limit_exceeded: "limit" };

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function say(key) {
  said.textContent = said.dataset[key];
}

async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: body === undefined ? "" : JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw new Error(NAMED[found.error.code] ?? "failed");
  return found;
}

function readable(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const key of ["excludeCredentials", "allowCredentials"])
    for (const known of options[key] ?? []) known.id = bytes(known.id);
  return options;
}

// As PublicKeyCredential.toJSON, which not every browser has.
function written(credential) {
  const response = {};
  for (const key of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[key]) response[key] = text(credential.response[key]);
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function enter() {
  const options = readable(await ask("/passkeys/challenge"));
  const credential = await navigator.credentials.get({ publicKey: options });
  await ask("/passkeys/enter", written(credential));
  location.reload();
}

async function add() {
  const field = document.getElementById("passkey-label");
  if (field.value.trim() === "") {
    field.focus();
    return;
  }
  const options = readable(await ask("/passkeys/new"));
  const credential = await navigator.credentials.create({ publicKey: options });
  await ask("/passkeys/add", { label: field.value, credential: written(credential) });
  location.reload();
}

async function attempt(doing) {
  say("asking");
  try {
    await doing();
    said.textContent = "";
  } catch (error) {
    // The browser's own names for: nobody touched it, it is known already.
    if (error.name === "NotAllowedError" || error.name === "AbortError") say("cancelled");
    else if (error.name === "InvalidStateError") say("refused");
    else say(said.dataset[error.message] === undefined ? "failed" : error.message);
  }
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (window.PublicKeyCredential === undefined) {
    say("unsupported");
  } else {
    button.hidden = false;
    button.addEventListener("click", () => attempt(button.dataset.passkey === "add" ? add : enter));
  }
}
